"""Questions of an orchestrator to a process: is it up, can it answer, and how much does it keep."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.served import Served
from indexer.errors import SearchIndexError
from indexer.memory import Memory

_VERSION = version("newsstand")  # read from a file
SERVER = "newsstand.server"
"""The key of a scope under which our server puts its `Connections`."""


class Metered(Protocol):
    """A part of a process that counts and measures."""

    def meters(self) -> Sequence[str]:
        """Lines of the metrics."""


class Connections(Metered, Protocol):
    """The connections of a process, as probes see them."""

    @property
    def is_draining(self) -> bool:
        """True once the process is about to end."""


class Health:
    """The probes over `index`, and the meters of `memory` and of other parts."""

    def __init__(self, index: Served, memory: Memory, *parts: Metered | None) -> None:
        self._index = index
        self._memory = memory
        self._parts = parts

    async def alive(self, _request: Request) -> Response:
        """200 while the process answers at all."""
        return _report(200, status="ok", version=_VERSION)

    async def ready(self, request: Request) -> Response:
        """200 with the generation being served and its number of visible articles.

        503 with the reason without one, and while the process is about to end.
        """
        connections = _connections(request)
        if connections is not None and connections.is_draining:
            return _report(503, status="draining", reason="The process is about to end")
        try:
            index = await self._index.status()
        except SearchIndexError as error:
            return _report(503, status="unavailable", reason=str(error))
        return _report(200, status="ready", generation=index.generation, articles=index.article_count)

    async def metrics(self, request: Request) -> Response:
        """The gauges and counters of this process, as Prometheus reads them (text format 0.0.4)."""
        sizes = sorted(self._memory.bytes_by_shelf().items())
        lines = [
            "# HELP newsstand_memory_bytes Estimated bytes of what is kept, by kind.",
            "# TYPE newsstand_memory_bytes gauge",
            *(f'newsstand_memory_bytes{{shelf="{name}"}} {size}' for name, size in sizes),
            "# HELP newsstand_memory_limit_bytes The most that is kept, NEWSSTAND_MEMORY_BYTES.",
            "# TYPE newsstand_memory_limit_bytes gauge",
            f"newsstand_memory_limit_bytes {self._memory.max_bytes}",
        ]
        for part in (*self._parts, _connections(request)):
            if part is not None:
                lines += part.meters()
        headers = {"Cache-Control": "no-store", "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return Response("\n".join(lines) + "\n", headers=headers)


def _connections(request: Request) -> Connections | None:
    connections: Connections | None = request.scope.get(SERVER)
    return connections


def _report(status_code: int, **report: str | int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(report), status_code, headers=headers, media_type="application/json")
