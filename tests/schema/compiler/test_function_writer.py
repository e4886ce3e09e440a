"""Compiled operations answer what graphql-core answers, to the byte."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import NOW, full, plain
from tests.schema.compiler.both import LIMITS, Both
from tests.schema.compiler.operations import documents, values
from tests.schema.engines import CountingEngine

ARTICLES = (full("a"), *map(plain, "bcd"), replace(plain("e"), topics=("ai",), quality=50, excerpt="They ran"))
SPOILT: Mapping[str, object] = {
    "title": None,
    "quality": 2**31,
    "heat": 1.5,
    "published_date_time": "yesterday",
    "provider": None,
    "images": None,
    "related": ((),),
    "topics": ("AI", None),
    "category": RuntimeError("a value that is an error"),
    "web_url": 7,
    "excerpt": True,
}


class SpoilingEngine(CountingEngine):
    """Gives articles with one value that does not fit."""

    def __init__(self, engine: SearchEngine, attribute: str) -> None:
        super().__init__(engine)
        self._values: dict[str, Any] = {attribute: SPOILT[attribute]}

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        results = await super().search(requests)
        return [
            replace(
                result, hits=tuple(replace(hit, article=replace(hit.article, **self._values)) for hit in result.hits)
            )
            for result in results
        ]


class FailingEngine(CountingEngine):
    """Fails where it is asked for some things, and always in the same way."""

    def __init__(self, engine: SearchEngine, error: Exception) -> None:
        super().__init__(engine)
        self._error = error

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        if any(request.text or request.total for request in requests):
            raise self._error
        return await super().search(requests)

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        del urls, now
        raise self._error


ENGINES: Mapping[str, Callable[[SearchEngine], SearchEngine]] = {
    "well": lambda engine: engine,
    "failing": lambda engine: FailingEngine(engine, RuntimeError("the disk is on fire")),
    "refusing": lambda engine: FailingEngine(engine, RequestError("no")),
    **{f"spoilt {name}": (lambda engine, name=name: SpoilingEngine(engine, name)) for name in SPOILT},
}


@cache
def over(engine: str) -> Both:
    """Building a schema takes longer than most operations do."""
    return Both(ENGINES[engine](PlainEngine(ARTICLES)))


@pytest.fixture
def collected() -> Iterator[None]:
    """Tasks that are left behind show here, and not in whichever test comes later."""
    yield
    gc.collect()


# Where a field fails, graphql-core leaves coroutines of its own, for the fields beside it, that nobody awaits.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <coroutine object Executor.:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.usefixtures("collected")
@settings(settings.get_profile("operations"), suppress_health_check=list(HealthCheck))
@given(documents(), values, st.sampled_from(sorted(ENGINES)))
async def test_a_compiled_operation_answers_as_the_stock_executor_does(
    query: str, variables: dict[str, object], engine: str
) -> None:
    with capture_logs():  # tracebacks of failures that are wanted take longer to print than all the rest
        await over(engine).answer(query, **variables)


def test_most_operations_run_compiled() -> None:
    """Without this, the comparison could be of the stock executor with itself."""
    count = Counter[str]()

    @settings(max_examples=80, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(documents())
    def draw(query: str) -> None:
        count[asyncio.run(how_it_ran(query))] += 1

    draw()
    assert count["compiled"] > 30
    assert count["left"] == 0


async def how_it_ran(query: str) -> str:
    both = over("well")
    given: dict[str, object] = {"yes": True, "first": 1, "text": "ran", "key": "a"}
    stock = await both.answer(query, **given)
    if stock.error_codes:
        return "failed"
    answer = await both.compiled(query, **given)
    assert answer in (None, stock.body)
    return "left" if answer is None else "compiled"


async def test_the_engine_is_asked_as_often_as_by_the_stock_executor() -> None:
    """Fields that are asked for at once are one question to the engine, also behind some that had to be waited for."""
    query = """{
      articles(search: "ran") { totalCount facets { topics { values { name } } } edges { cursor explain { score } } }
      one: article(key: "a") { provider { articleCount } similar { key relatedBy { key } } related { article { key } } }
      two: article(key: "b") { provider { articleCount } similar { key relatedBy { key } } related { article { key } } }
      topics { nodes { name articleCount articles { totalCount nodes { key } } } }
    }"""
    calls = []
    for execution in Execution:
        engine = CountingEngine(PlainEngine(ARTICLES))
        executor = Executor(
            engine, schema=build_schema(), limits=LIMITS, asset_base_url=None, clock=lambda: NOW, execution=execution
        )
        assert (await executor.execute(GraphQLRequest(query=query))).error_codes == ()
        calls.append(Counter(engine.calls))
    assert calls[0] == calls[1]
