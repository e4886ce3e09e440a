"""The probes of an orchestrator: the process is up, and it can answer."""

from importlib.metadata import version

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.served import Served
from indexer.errors import SearchIndexError


class Health:
    """The probes over `index`."""

    def __init__(self, index: Served) -> None:
        self._index = index

    async def alive(self, _request: Request) -> Response:
        """200 while the process answers at all."""
        return _report(200, status="ok", version=version("newsstand"))

    async def ready(self, _request: Request) -> Response:
        """200 with the generation being served and its number of visible articles; 503 with the reason without one."""
        try:
            index = await self._index.status()
        except SearchIndexError as error:
            return _report(503, status="unavailable", reason=str(error))
        return _report(200, status="ready", generation=index.generation, articles=index.article_count)


def _report(status_code: int, **report: str | int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(report), status_code, headers=headers, media_type="application/json")
