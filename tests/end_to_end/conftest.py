"""The sample content, indexed once, and served as a client would see it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.content.build import build
from indexer.engines import open_engine, open_writer
from schema.execution.executor import Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.silence import Silence

Ask = Callable[[str], Awaitable[Any]]


@pytest.fixture(scope="session")
def content() -> Path:
    """The folder of sample articles."""
    return Path(__file__).parents[2] / "content"


@pytest.fixture(scope="session")
def index(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample articles."""
    folder = tmp_path_factory.mktemp("index")
    with open_writer(str(folder)) as writer:
        build(content, writer, progress=Silence())
    return folder


@pytest.fixture
async def ask(index: Path) -> AsyncIterator[Ask]:
    """Sends a query; the whole answer."""
    engine = await open_engine(str(index))
    executor = Executor(engine, schema=build_schema(), limits=Limits(), asset_base_url="https://static.example")

    async def answer(query: str) -> Any:
        return json.loads((await executor.execute(GraphQLRequest(query=query))).body)

    yield answer
    await engine.close()
