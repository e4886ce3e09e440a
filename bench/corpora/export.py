"""The articles as GraphQL answers have them, a line of JSON each, for servers that hold them in memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import orjson

from indexer.engines import open_engine
from schema.execution.executor import Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import MAX_PAGE, Limits
from schema.schema import build_schema

_IMAGES = "images { url width height title }"
_PROVIDER = f"provider {{ name domain {_IMAGES} }}"
_PAGE = f"""query($after: String) {{ articles(first: {MAX_PAGE}, after: $after) {{ nodes {{
  id key title excerpt category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl topics
  {_PROVIDER} {_IMAGES}
  related {{ title excerpt publishedDateTime webUrl type quality {_PROVIDER} {_IMAGES} }}
}} pageInfo {{ endCursor }} }} }}"""


def export(index: Path, file: Path) -> None:
    """Write the visible articles, the newest first. Nobody finds the file before it is whole."""
    draft = file.with_suffix(".tmp")
    asyncio.run(_write(index, draft))
    draft.replace(file)


async def _write(index: Path, file: Path) -> None:
    engine = await open_engine(str(index))
    with file.open("wb") as stream:
        async for article in _articles(Executor(engine, schema=build_schema(), limits=Limits(), asset_base_url=None)):
            stream.write(orjson.dumps(article) + b"\n")
    await engine.close()


async def _articles(executor: Executor) -> AsyncIterator[dict[str, object]]:
    after = None
    while True:
        answer = await executor.execute(GraphQLRequest(query=_PAGE, variables={"after": after}))
        page = orjson.loads(answer.body)["data"]["articles"]
        for article in page["nodes"]:
            yield article
        after = page["pageInfo"]["endCursor"]
        if after is None:
            return
