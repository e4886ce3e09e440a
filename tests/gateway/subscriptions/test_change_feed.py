"""The change feed: when it compares, for whom, and how much work it makes of it."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import orjson
import pytest
from structlog.testing import capture_logs

from gateway.served_index import ServedIndex
from gateway.subscriptions.change_feed import ChangeFeed, Event, TooMuchFollowed
from indexer.errors import Overloaded
from indexer.search.changes import Change, Snapshot
from indexer.search.requests import SearchRequest
from schema.execution.executor import Executor
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.engine_place import PlainPlace, write
from tests.gateway.bare_server import PATIENCE
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.engines import CountingEngine
from tests.seal import CURSOR_KEY

KEYS = "subscription ($t: String) { articleChanges(topic: $t) { change key } }"


class Follower:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ids: list[str] = []

    def take(self, event: Event) -> None:
        self.events.append(event)

    def pass_by(self, event_id: str) -> None:
        self.ids.append(event_id)

    @property
    def told(self) -> list[object]:
        return [_gist(orjson.loads(event.body)) for event in self.events]


def _gist(answer: dict[str, object]) -> object:
    match answer:
        case {"data": {"articleChanges": {"change": str(kind), "key": str(key)}}}:
            return kind, key
        case {"errors": [{"extensions": {"code": code}}]}:
            return code
    return answer


class Faulty(ServedIndex):
    """An index that cannot tell of changes while it `is_faulty`, nor compare anything while it `is_busy`."""

    is_faulty = False
    is_busy = False

    def changes(
        self, searches: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Awaitable[Sequence[Sequence[Change]] | None]:
        if self.is_busy:
            raise Overloaded
        return super().changes(searches, since=since, until=until)

    async def tell(self, request: GraphQLRequest, change: Change, *, generation: int) -> Answer:
        if self.is_faulty:
            raise ZeroDivisionError
        return await super().tell(request, change, generation=generation)


class Desk:
    """A feed over an index in memory, with a clock of its own, that counts what its engine is asked."""

    def __init__(self, *, seconds: float = 5, max_bytes: int = 10**6) -> None:
        self.now = NOW
        self.place = PlainPlace()
        write(self.place, [plain("a")])
        self.engine: CountingEngine
        executor = partial(Executor, schema=build_schema(), limits=Limits(), asset_base_url=None, clock=self.clock)
        self.index = Faulty(self.open_engine, executor, cursor_key=lambda: CURSOR_KEY, clock=self.clock)
        self.feed = ChangeFeed(self.index, clock=self.clock, seconds=seconds, max_bytes=max_bytes)

    def clock(self) -> datetime:
        return self.now

    async def open_engine(self) -> CountingEngine:
        engine = await self.place.open_engine()
        assert isinstance(engine, PlainEngine)
        self.engine = CountingEngine(engine)
        return self.engine

    async def follow(self, topic: str | None = None, *, since: str = "") -> Follower:
        follower = Follower()
        request = GraphQLRequest(query=KEYS, variables={"t": topic})
        search = await self.index.subscribe(request)
        assert isinstance(search, SearchRequest)
        await self.feed.follow(request, search, follower, since=since)
        return follower

    async def publish(self, *keys: str, without: tuple[str, ...] = ()) -> None:
        write(self.place, map(plain, keys), without=without)
        await self.index.refresh()


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.index.refresh()
    return made


async def test_each_turn_tells_what_is_new(desk: Desk):
    follower = await desk.follow()
    await desk.feed.turn()
    assert follower.told == []
    await desk.publish("b")
    await desk.feed.turn()
    await desk.publish("c", without=("a",))
    await desk.feed.turn()
    assert follower.told == [("ENTERED", "b"), ("LEFT", "a"), ("ENTERED", "c")]


async def test_one_comparison_and_one_execution_serve_all(desk: Desk):
    """1,000 subscribers of ten searches cost one comparison, and each event one execution for each search."""
    followers = [await desk.follow(f"t{number % 10}") for number in range(1000)]
    everything = [await desk.follow() for _ in range(100)]
    desk.engine.calls.clear()
    await desk.publish("b", "c")
    await desk.feed.turn()
    assert desk.engine.calls.count("changes") == 1
    assert desk.feed.told == 2
    assert {tuple(follower.told) for follower in everything} == {(("ENTERED", "b"), ("ENTERED", "c"))}
    assert [follower.told for follower in followers] == [[]] * 1000
    bodies = {id(event.body) for follower in everything for event in follower.events}
    assert len(bodies) == 2


async def test_within_a_moment_nothing_is_compared(desk: Desk):
    for _ in range(20):
        await desk.follow()
        desk.now += timedelta(minutes=1)
        await desk.feed.turn()
    assert "changes" not in desk.engine.calls


async def test_followers_are_told_nothing_from_before(desk: Desk):
    first = await desk.follow()
    await desk.publish("b")
    second = await desk.follow()  # before the feed has taken its turn
    await desk.feed.turn()
    assert (first.told, second.told) == ([("ENTERED", "b")], [])


async def test_a_scheduled_article_wakes_the_feed(desk: Desk):
    write(desk.place, [replace(plain("later"), published_date_time=NOW + DAY)])
    await desk.index.refresh()
    follower = await desk.follow()
    desk.now = NOW + DAY - timedelta(milliseconds=50)
    running = asyncio.create_task(desk.feed.run())
    await asyncio.sleep(0)
    await desk.feed.turn()
    desk.now = NOW + DAY
    async with asyncio.timeout(PATIENCE):
        while not follower.told:  # noqa: ASYNC110 - followers have no event
            await asyncio.sleep(0.01)
    assert follower.told == [("ENTERED", "later")]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_turn_that_fails_is_logged_and_the_next_one_is_taken(desk: Desk):
    follower = await desk.follow()
    desk.index.is_faulty = True
    running = asyncio.create_task(desk.feed.run())
    with capture_logs() as lines:
        await desk.publish("b")
        while not any(line["event"] == "changes could not be told" for line in lines):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    desk.index.is_faulty = False
    await desk.publish("c")
    async with asyncio.timeout(PATIENCE):
        while ("ENTERED", "c") not in follower.told:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    running.cancel()


async def test_a_comparison_that_is_stopped_is_made_again(desk: Desk):
    follower = await desk.follow()
    await desk.publish("b")
    desk.index.is_busy = True
    with pytest.raises(Overloaded):
        await desk.feed.turn()
    desk.index.is_busy = False
    await desk.feed.turn()
    assert follower.told == [("ENTERED", "b")]


async def test_generations_are_kept_while_somebody_follows_and_some_turns_longer(desk: Desk):
    follower = await desk.follow()
    await desk.publish("b")
    await desk.feed.turn()
    last = follower.ids[-1]
    request = GraphQLRequest(query=KEYS, variables={"t": None})
    desk.feed.leave(request, follower)
    assert desk.feed.subscriptions == 0
    await desk.publish("c")
    await desk.feed.turn()
    assert (await desk.follow(since=last)).told == [("ENTERED", "c")]


async def test_where_nobody_follows_no_generation_is_kept(desk: Desk):
    follower = await desk.follow()
    desk.feed.leave(GraphQLRequest(query=KEYS, variables={"t": None}), follower)
    for number in range(10):
        await desk.publish(f"{number}")
        await desk.feed.turn()
    assert (await desk.follow(since=follower.ids[-1])).told == ["CHANGES_MISSED"]
    assert "changes" not in desk.engine.calls[:-1]


async def test_telling_that_takes_too_long_ends_with_an_error():
    desk = Desk(seconds=-1)
    await desk.index.refresh()
    follower = await desk.follow()
    await desk.publish("b", "c")
    await desk.feed.turn()
    assert follower.told == ["CHANGES_MISSED"]


async def test_operations_that_are_followed_are_bounded_together():
    desk = Desk(max_bytes=200)
    await desk.index.refresh()
    first = await desk.follow("a")
    await desk.follow("a")
    with pytest.raises(TooMuchFollowed):
        await desk.follow("b" * 400)
    desk.feed.leave(GraphQLRequest(query=KEYS, variables={"t": "a"}), first)
    with pytest.raises(TooMuchFollowed):
        await desk.follow("b" * 100)
