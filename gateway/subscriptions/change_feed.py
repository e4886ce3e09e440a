"""The changes of all saved searches, told to those who follow them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import NamedTuple, NoReturn, Protocol

import orjson
import structlog

from indexer import work
from indexer.errors import SearchIndexError, WorkStopped
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import IndexStatus
from indexer.search.requests import SearchRequest
from indexer.work import Work
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.error_codes import Code

_KEPT = 8  # generations before the one that is served, for clients that come back
_MOST_CHANGES = 1000  # of one search that are told one by one
_MOST_BYTES = 64 * 1024 * 1024  # of all operations that are followed
_RETRY = 1.0  # seconds after a comparison that was stopped for other work, or failed
_LONGEST_TURN = 30.0  # seconds in which all changes of a turn are told; clients that subscribe wait meanwhile
_LONGEST_WAIT = 60.0  # seconds until the clock is looked at again
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MISSED = orjson.dumps(
    {
        "errors": [
            {
                "message": "More has changed than can be told one by one; ask for the list anew",
                "extensions": {"code": Code.CHANGES_MISSED},
            }
        ]
    }
)


class Event(NamedTuple):
    """An answer to a subscription, and the id from which a client that comes back goes on."""

    id: str
    body: bytes


class Subscriber(Protocol):
    """One subscription of a client. Nothing that it does may wait."""

    def take(self, event: Event) -> None:
        """Send an event, soon."""

    def pass_by(self, event_id: str) -> None:
        """Learn that all events until this id have been told."""


class FollowedIndex(Protocol):
    """An index whose changes are followed; see `ServedIndex`."""

    turned: asyncio.Event

    def tell(self, request: GraphQLRequest, change: Change, *, generation: int) -> Awaitable[Answer]:
        """The answer to a subscription for one change."""

    def snapshot(self) -> Snapshot:
        """The generation that is served, as it is visible now."""

    def changes(
        self, searches: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Awaitable[Sequence[Sequence[Change]] | None]:
        """The changes of each search; None where a generation is no longer kept."""

    def keep(self, generations: int) -> None:
        """Keep so many generations before the one that is served."""

    async def status(self) -> IndexStatus:
        """The state of the generation that is served."""


class TooMuchFollowed(Exception):
    """The operations that are followed take all the memory there is for them."""


@dataclass(slots=True, eq=False)
class _Followed:
    """A subscription, as all clients send it that have the same, and those who follow it."""

    request: GraphQLRequest
    search: SearchRequest
    nbytes: int
    subscribers: set[Subscriber] = field(default_factory=set)


class _Turn(NamedTuple):
    """The telling of changes between two snapshots, which goes on until the clock says `over`."""

    since: Snapshot
    until: Snapshot
    over: float


_Key = tuple[str, str | None, bytes, str | None]


class ChangeFeed:
    """Compares the index with what it was when another generation comes, or the time of a scheduled article.

    One comparison serves all searches, and one execution of an event serves all who sent the same subscription. Events
    are told in the order of their generations; where too many come at once, or it takes longer than `seconds`, a
    subscription gets the error CHANGES_MISSED in the place of the rest.
    """

    def __init__(
        self, index: FollowedIndex, *, clock: Callable[[], datetime], seconds: float, max_bytes: int = _MOST_BYTES
    ) -> None:
        self._index = index
        self._clock = clock
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._followed: dict[_Key, _Followed] = {}
        self._nbytes = 0
        self._last: Snapshot | None = None
        self._next_change: datetime | None = None
        self._turns_alone = 0
        self._turning = asyncio.Lock()
        self._log = structlog.get_logger("newsstand.subscriptions")
        self.told = 0
        """Events that were told, to however many."""

    @property
    def subscriptions(self) -> int:
        """The number of subscriptions of all clients."""
        return sum(len(followed.subscribers) for followed in self._followed.values())

    async def follow(
        self, request: GraphQLRequest, search: SearchRequest, subscriber: Subscriber, *, since: str = ""
    ) -> None:
        """Tell a subscriber of all changes from now on, or from an event id on, in which case some may come twice.

        Raises `TooMuchFollowed`, and `SearchIndexError` while there is no index.
        """
        async with self._turning:
            last = await self._turn()
            followed = self._admit(request, search)
            try:
                if since:
                    await self._catch_up(followed, subscriber, since, last)
                followed.subscribers.add(subscriber)
            finally:
                self._discard(followed)
            subscriber.pass_by(_id(last))

    def leave(self, request: GraphQLRequest, subscriber: Subscriber) -> None:
        """Tell a subscriber nothing more."""
        followed = self._followed.get(_key(request))
        if followed is not None:
            followed.subscribers.discard(subscriber)
            self._discard(followed)

    async def run(self) -> NoReturn:
        """Take every turn, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_left()):
                    await self._index.turned.wait()
            self._index.turned.clear()
            try:
                await self.turn()
            except SearchIndexError:
                await asyncio.sleep(_RETRY)  # there is no index as yet
            except WorkStopped:
                await asyncio.sleep(_RETRY)
                self._index.turned.set()
            except Exception:  # noqa: BLE001 - whatever it is, the next turn is taken
                self._log.exception("changes could not be told")
                await asyncio.sleep(_RETRY)

    async def turn(self) -> None:
        """Tell what has changed since the last turn."""
        async with self._turning:
            await self._turn()

    def _seconds_left(self) -> float:
        if self._next_change is None:
            return _LONGEST_WAIT
        return min(max((self._next_change - self._clock()).total_seconds(), 0), _LONGEST_WAIT)

    async def _turn(self) -> Snapshot:
        """The snapshot up to which all has been told."""
        since, until = self._last, self._index.snapshot()
        if since is not None and _same(since, until) and not self._has_appeared(until.now):
            return since
        following = (await self._index.status()).next_change
        changes = await self._compared(since, until) if since is not None and self._followed else {}
        self._last, self._next_change = until, following  # where the comparison was stopped, it is made again
        if self._followed:
            await self._tell_all(changes, since or until, until)
        else:
            self._turns_alone += 1
            if self._turns_alone >= _KEPT:
                self._index.keep(0)
        return until

    def _has_appeared(self, now: datetime) -> bool:
        return self._next_change is not None and now >= self._next_change

    async def _compared(self, since: Snapshot, until: Snapshot) -> Mapping[SearchRequest, Sequence[Change]]:
        """The changes of each search that is followed; of none where a generation is no longer kept."""
        searches = [*{each.search: None for each in self._followed.values()}]
        work.begin(Work("subscriptions"))
        rows = await self._index.changes(searches, since=since, until=until)
        return dict(zip(searches, rows, strict=True)) if rows is not None else {}

    async def _tell_all(
        self, changes: Mapping[SearchRequest, Sequence[Change]], since: Snapshot, until: Snapshot
    ) -> None:
        turn = _Turn(since, until, monotonic() + _LONGEST_TURN)
        for each in [*self._followed.values()]:
            await self._tell(each, changes.get(each.search), each.subscribers, turn)
            for subscriber in each.subscribers:
                subscriber.pass_by(_id(until))

    async def _catch_up(self, followed: _Followed, subscriber: Subscriber, since: str, until: Snapshot) -> None:
        snapshot = _snapshot(since, now=self._clock())
        rows = await self._index.changes([followed.search], since=snapshot, until=until) if snapshot else None
        turn = _Turn(snapshot or until, until, inf)
        await self._tell(followed, rows[0] if rows else None, [subscriber], turn)

    async def _tell(
        self,
        followed: _Followed,
        changes: Sequence[Change] | None,
        subscribers: Collection[Subscriber],
        turn: _Turn,
    ) -> None:
        """Execute the changes. All events but the last have the id of `since`: who has not got all begins anew."""
        since, until = turn.since, turn.until
        if changes is None or len(changes) > _MOST_CHANGES:
            _take(subscribers, Event(_id(until), _MISSED))
            return
        over = min(turn.over, monotonic() + self._seconds)
        for number, change in enumerate(changes, start=1):
            if not subscribers:
                return
            if monotonic() > over:
                _take(subscribers, Event(_id(until), _MISSED))
                return
            work.begin(Work("subscriptions", deadline=over))
            answer = await self._index.tell(followed.request, change, generation=until.generation)
            self.told += 1
            _take(subscribers, Event(_id(until if number == len(changes) else since), answer.body))
            await asyncio.sleep(0)  # requests come in between

    def _admit(self, request: GraphQLRequest, search: SearchRequest) -> _Followed:
        key = _key(request)
        followed = self._followed.get(key)
        if followed is None:
            nbytes = len(request.query) + len(key[2])
            if self._nbytes + nbytes > self._max_bytes:
                raise TooMuchFollowed
            self._nbytes += nbytes
            followed = self._followed[key] = _Followed(request, search, nbytes)
            self._turns_alone = 0
            self._index.keep(_KEPT)
        return followed

    def _discard(self, followed: _Followed) -> None:
        """Forget a subscription that nobody follows."""
        if not followed.subscribers and _key(followed.request) in self._followed:
            del self._followed[_key(followed.request)]
            self._nbytes -= followed.nbytes


def _key(request: GraphQLRequest) -> _Key:
    variables = orjson.dumps(request.variables, option=orjson.OPT_SORT_KEYS) if request.variables else b""
    return request.query, request.operation_name, variables, request.server_url


def _take(subscribers: Collection[Subscriber], event: Event) -> None:
    for subscriber in tuple(subscribers):
        subscriber.take(event)


def _same(one: Snapshot, other: Snapshot) -> bool:
    return (one.generation, one.built_at) == (other.generation, other.built_at)


def _id(snapshot: Snapshot) -> str:
    """The id of all events until a snapshot, which every process writes alike."""
    built, now = ((time - _EPOCH) // _MICROSECOND for time in (snapshot.built_at, snapshot.now))
    return f"{snapshot.generation}.{built}.{now}"


def _snapshot(event_id: str, *, now: datetime) -> Snapshot | None:
    """The snapshot that an id names; None for any other text, or a time later than `now`."""
    parts = event_id.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and part.isascii() and len(part) < 18 for part in parts):  # noqa: PLR2004
        return None
    generation, built, seen = map(int, parts)
    try:
        built_at, seen_at = (_EPOCH + time * _MICROSECOND for time in (built, seen))
    except OverflowError:
        return None
    return Snapshot(generation=generation, built_at=built_at, now=seen_at) if seen_at <= now else None
