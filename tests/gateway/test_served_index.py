import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from structlog.testing import capture_logs

from gateway.served_index import ServedIndex
from indexer.errors import IndexMissing, SearchIndexError
from indexer.search import SearchEngine
from schema.executor import Executor, GraphQLRequest
from schema.limits import Limits
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex
from tests.samples import NOW, plain

TITLES = GraphQLRequest(query="{ articles { nodes { title } } }")


def clock() -> datetime:
    return NOW


def served(open_engine: Callable[[], SearchEngine]) -> ServedIndex:
    async def opening() -> SearchEngine:
        return open_engine()

    return ServedIndex(opening, partial(Executor, limits=Limits(), asset_base_url=None, clock=clock), clock=clock)


def missing() -> SearchEngine:
    raise IndexMissing("there is no index in attic; build it")


def appearing_later() -> Callable[[], SearchEngine]:
    """Opens an engine, but not at the first attempt."""
    attempts = iter((missing, lambda: PlainEngine([plain("a")])))

    def open_engine() -> SearchEngine:
        attempt = next(attempts)
        return attempt()

    return open_engine


async def becoming_ready(index: ServedIndex) -> None:
    """Returns as soon as `index` is open."""
    try:
        await index.status()
    except IndexMissing:
        await asyncio.sleep(0.001)
        await becoming_ready(index)


async def test_an_open_index_answers():
    index = served(lambda: PlainEngine([plain("a")]))
    await index.refresh()
    assert (await index.status()).article_count == 1
    assert b"Harvest begins" in (await index.execute(TITLES)).body


async def test_without_an_index_every_call_says_why():
    index = served(missing)
    await index.refresh()
    with pytest.raises(IndexMissing, match="attic"):
        await index.execute(TITLES)
    with pytest.raises(IndexMissing, match="attic"):
        await index.status()


async def test_an_index_that_appears_is_served():
    index = served(appearing_later())
    await index.refresh()
    await index.refresh()
    assert (await index.status()).article_count == 1


async def test_a_new_generation_is_served():
    shelf = PlainIndex()
    index = served(lambda: PlainEngine(index=shelf))
    await index.refresh()
    with shelf.open_writer() as writer:
        writer.add([plain("a")])
        writer.commit(b"")
    await index.refresh()
    assert (await index.status()).article_count == 1


class Faulty(PlainEngine):
    """An engine that cannot be refreshed."""

    trouble: Exception = SearchIndexError("the disk is gone")

    async def refresh(self) -> bool:
        raise self.trouble


@pytest.mark.parametrize("trouble", [SearchIndexError("the disk is gone"), OSError("input/output error")])
async def test_what_is_served_is_served_on_when_a_refresh_fails(trouble: Exception):
    engine = Faulty([plain("a")])
    engine.trouble = trouble
    index = served(lambda: engine)
    await index.refresh()
    await index.refresh()
    assert (await index.status()).article_count == 1


async def test_the_same_trouble_is_logged_once():
    """A refresh is tried every second: a missing index must not fill the log."""
    index = served(missing)
    with capture_logs() as lines:
        for _ in range(3):
            await index.refresh()
    assert [line["reason"] for line in lines] == ["there is no index in attic; build it"]


async def test_trouble_that_comes_back_is_logged_again():
    engine = Faulty([plain("a")])
    troubles = iter([SearchIndexError("x"), None, SearchIndexError("x")])

    class Flickering(PlainEngine):
        async def refresh(self) -> bool:
            if trouble := next(troubles):
                raise trouble
            return False

    index = served(lambda: Flickering(engine.articles.values()))
    await index.refresh()
    with capture_logs() as lines:
        for _ in range(3):
            await index.refresh()
    assert [line["reason"] for line in lines] == ["x", "x"]


async def test_an_index_is_kept_fresh_until_cancelled():
    index = served(appearing_later())
    await index.refresh()
    keeper = asyncio.create_task(index.keep_fresh(seconds=0.001))
    async with asyncio.timeout(10):
        await becoming_ready(index)
    keeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeper


async def test_a_closed_index_closes_its_engine_and_answers_no_more():
    engine = PlainEngine([plain("a")])
    index = served(lambda: engine)
    await index.refresh()
    await index.close()
    with pytest.raises(IndexMissing, match="stopping"):
        await index.execute(TITLES)
    with pytest.raises(SearchIndexError, match="closed"):
        await engine.status(now=NOW)
