import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.http.moment import Moment
from gateway.served_index import ServedIndex
from indexer.errors import ContentProblem, IndexMissing, SearchIndexError
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.engine import SearchEngine
from schema.execution.executor import Executor
from schema.execution.request import GraphQLRequest
from schema.inputs.cursor_seal import CursorSeal
from schema.limits.limits import Limits, Switch
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex
from tests.replacing import replace
from tests.samples import MOMENT, NOW, plain
from tests.schema.engines import CountingEngine
from tests.seal import CURSOR_KEY

TITLES = GraphQLRequest(query="{ articles { nodes { title } } }")


def clock() -> datetime:
    return NOW


def same_key() -> bytes:
    return CURSOR_KEY


def served(open_engine: Callable[[], SearchEngine], *, cursor_key: Callable[[], bytes] = same_key) -> ServedIndex:
    async def opening() -> SearchEngine:
        return open_engine()

    return ServedIndex(
        opening,
        partial(Executor, schema=build_schema(), limits=Limits(), asset_base_url=None, clock=clock),
        cursor_key=cursor_key,
        clock=clock,
    )


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


async def test_the_key_of_cursors_is_read_with_each_generation():
    """An index that was removed and rebuilt has another, and other workers take it up at the same time."""
    shelf, keys = PlainIndex(), iter([b"x" * 32, b"y" * 32])
    index = served(lambda: PlainEngine(index=shelf), cursor_key=lambda: next(keys))
    await index.refresh()
    before = (await index.moment()).seal
    assert index.context().seal.name == before == CursorSeal(b"x" * 32).name
    await index.refresh()  # no other generation: no key is read
    with shelf.open_writer() as writer:
        writer.add([plain("a")])
        writer.commit(b"")
    await index.refresh()
    assert index.context().seal.name == (await index.moment()).seal == CursorSeal(b"y" * 32).name != before


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


HOUR = timedelta(hours=1)
SCHEDULED = [
    replace(plain(f"{number}"), published_date_time=NOW + number * timedelta(minutes=25)) for number in range(-2, 5)
]


class Watch:
    """An index that is served by a clock of its own."""

    def __init__(self, engine: SearchEngine, *, development: Switch = Switch.OFF) -> None:
        self.now = NOW
        self.engine = CountingEngine(engine)
        make = partial(Executor, schema=build_schema(), limits=Limits(), asset_base_url=None, clock=self.clock)
        self.index = ServedIndex(
            self.open_engine, make, cursor_key=lambda: CURSOR_KEY, clock=self.clock, development=development
        )

    def clock(self) -> datetime:
        return self.now

    async def open_engine(self) -> SearchEngine:
        return self.engine

    async def anew(self) -> Moment:
        """The moment, found out without what is remembered of it."""
        seal = self.index.context().seal.name
        return Moment.of(await self.engine.status(now=self.now), now=self.now, seal=seal)


def whole(moment: Moment) -> tuple[object, ...]:
    return moment, moment.until, moment.next_change, moment.seconds_left


@given(
    st.lists(
        st.timedeltas(-2 * HOUR, 2 * HOUR) | st.sampled_from([MOMENT, -MOMENT, timedelta(minutes=25), HOUR, -HOUR]),
        max_size=20,
    )
)
async def test_the_moment_is_that_of_the_clock_wherever_it_goes(passing: list[timedelta]):
    watch = Watch(PlainEngine(SCHEDULED))
    await watch.index.refresh()
    for each in passing:
        watch.now += each
        assert whole(await watch.index.moment()) == whole(await watch.anew())


async def test_within_a_moment_the_index_is_asked_once():
    watch = Watch(PlainEngine([plain("a")]))
    await watch.index.refresh()
    watch.engine.calls.clear()
    for _ in range(60):
        await watch.index.moment()
        watch.now += timedelta(minutes=1)
    assert watch.engine.calls == ["status"]
    await watch.index.moment()
    assert watch.engine.calls == ["status"] * 2


async def test_another_generation_is_another_moment():
    engine = PlainEngine([plain("a")])
    watch = Watch(engine)
    await watch.index.refresh()
    before = await watch.index.moment()
    with engine.index.open_writer() as writer:
        writer.add([plain("b")])
        writer.commit(b"")
    assert await watch.index.moment() == before
    await watch.index.refresh()
    assert (await watch.index.moment()).generation == before.generation + 1


@pytest.mark.parametrize("development", Switch)
async def test_other_problems_are_another_moment_where_they_are_told(development: Switch):
    engine = PlainEngine([plain("a")])
    index = Watch(engine, development=development).index
    await index.refresh()
    before = await index.moment()
    problems = BuildProblems.of([ContentProblem(path="a.md", reason="is odd", remedy="mend it")])
    with engine.index.open_writer() as writer:
        writer.commit(b"", problems)
    await index.refresh()
    is_told = development is Switch.ON
    assert (await index.status()).problems == (problems if is_told else NO_PROBLEMS)
    after = await index.moment()
    assert (after != before, after.identity != before.identity) == (is_told, is_told)


class Turning(PlainEngine):
    """Serves its newest generation some time before its refresh is over, as one does that has files to close."""

    def __init__(self) -> None:
        super().__init__([plain("a")])
        self.is_turned, self.may_end = asyncio.Event(), asyncio.Event()

    async def refresh(self) -> bool:
        is_other = await super().refresh()
        self.is_turned.set()
        await self.may_end.wait()
        return is_other


async def test_a_generation_that_is_served_before_the_refresh_is_over_has_its_own_moment():
    """An answer of the new generation would be kept under the tag of the one before."""
    engine = Turning()
    watch = Watch(engine)
    await watch.index.refresh()
    before = await watch.index.moment()
    with engine.index.open_writer() as writer:
        writer.add([replace(plain("b"), title="Another")])
        writer.commit(b"")
    refreshing = asyncio.create_task(watch.index.refresh())
    await engine.is_turned.wait()
    during = await watch.index.moment()
    assert b"Another" in (await watch.index.execute(TITLES)).body
    engine.may_end.set()
    await refreshing
    after = await watch.index.moment()
    assert (before.generation + 1, during) == (during.generation, after)


async def test_after_a_refresh_that_failed_the_moment_is_still_that_of_what_is_served():
    watch = Watch(Faulty([plain("a")]))
    await watch.index.refresh()
    before = await watch.index.moment()
    await watch.index.refresh()
    assert await watch.index.moment() == before


async def test_without_an_index_there_is_no_moment():
    index = served(missing)
    await index.refresh()
    with pytest.raises(IndexMissing, match="attic"):
        await index.moment()
