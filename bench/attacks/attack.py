"""One attack: what is sent is counted, and so is what it makes the server do."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

import orjson
from load.operations import PATH
from load.request import Answer, Request
from prices.asking import UNIT, Asking
from prices.priced import Variables

from attacks.attacked import Attacked
from attacks.connection import Connection
from attacks.neighbour import RATE, Sample

PATIENCE = 120.0
"""Seconds for the answer to one request."""
_FLOOD_SECONDS = 120  # for one flood; what is not sent until then is left out
_CONNECTIONS = 4
_CHUNK = 200  # requests between two looks at the memory
_MOST_MEMORY = 4000  # MB, at which a flood is stopped
_PAUSE = 1.0  # seconds without requests before the memory is read
_WATCH = 0.1  # seconds between two looks at the memory, for its peak
_ENDS = 4096  # bytes of an answer that are searched for errors, at its beginning and its end


class Hostile(NamedTuple):
    """A request, and the GraphQL operation by which its price is declared, the same one where it is GraphQL itself."""

    request: Request
    document: str = ""
    variables: Variables = {}  # noqa: RUF012  # never changed


def post(document: str, **variables: object) -> Hostile:
    """A GraphQL request."""
    return Hostile(Request(PATH, orjson.dumps({"query": document, "variables": variables})), document, variables)


def get(path: str, document: str = "", /, variables: Variables | None = None, **parameters: str) -> Hostile:
    """A GET of a path, which costs as much as an operation."""
    address = f"{path}?{urlencode(parameters)}" if parameters else path
    return Hostile(Request(address), document, variables or {})


class Promise(NamedTuple):
    """A promise, the truth of it, and what was seen."""

    what: str
    is_kept: bool
    seen: str


@dataclass(slots=True)
class Tally:
    """Counts and measures of one attack. Times are in seconds, memory is in MB."""

    requests: int = 0
    bytes: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    cost: int | None = None
    cpu: float = 0
    worst: float | None = None
    started: float = 0
    ended: float = 0
    before: float = 0
    tenth: float | None = None
    peak: float = 0
    after: float = 0
    estimated: float | None = None
    ratio: float | None = None
    promises: list[Promise] = field(default_factory=list)


class Attack:
    """The means of an attack on a server. `scale` makes counts and sizes smaller."""

    def __init__(self, server: Attacked, asking: Asking, *, scale: float) -> None:
        self.server = server
        self.asking = asking
        self.tally = Tally()
        self._scale = scale

    @property
    def port(self) -> int:
        """The server's."""
        return self.server.port

    def count(self, number: int) -> int:
        """A number of requests or characters, on this scale."""
        return max(1, int(number * self._scale))

    async def run(self, play: Callable[["Attack"], Awaitable[None]]) -> None:
        """Play, and measure what it took beside what the well-behaved client takes."""
        tally = self.tally
        idle_cpu = await self._idle_cpu()
        tally.before, tally.started, cpu = self.server.megabytes(), time.monotonic(), self.server.cpu()
        watcher = asyncio.create_task(self._watch())
        try:
            await play(self)
        finally:
            watcher.cancel()
            tally.ended = time.monotonic()
            tally.cpu = max(0.0, self.server.cpu() - cpu - idle_cpu * (tally.ended - tally.started))
            tally.after = self.server.megabytes()
        await asyncio.sleep(2 * _PAUSE)
        tally.after = self.server.megabytes()

    async def alone(self, requests: Iterable[Hostile]) -> None:
        """Send one after another, each on a connection of its own, and measure each."""
        for hostile in requests:
            self._declare(hostile)
            _, took = await self.measured(hostile.request.written(self.port))
            if self.tally.cost:
                self.tally.ratio = max(self.tally.ratio or 0, 1e6 * took / (self.tally.cost * UNIT))
            if not self.server.is_alive():
                return

    async def measured(self, written: bytes, *, patience: float = PATIENCE) -> tuple[Answer | None, float]:
        """The answer to a request on a connection of its own, and the processor seconds that it took."""
        cpu, started = self.server.cpu(), time.monotonic()
        async with Connection(self.port) as connection:
            answer = await self.ask_raw(connection, written, patience=patience)
        took = self.server.cpu() - cpu - _neighbour_cpu(time.monotonic() - started)
        self.tally.worst = max(self.tally.worst or 0, took)
        return answer, took

    async def flood(self, requests: Iterator[Hostile], most: int) -> None:
        """Send many over a few connections, and read the memory after a tenth and at the end."""
        most = self.count(most)
        first = next(requests)
        self._declare(first)
        deadline = time.monotonic() + _FLOOD_SECONDS * self._scale**0.5
        cpu, sent = self.server.cpu(), self.tally.requests
        started = time.monotonic()
        async with Connection(self.port) as connection:
            await self.ask(connection, first)
        while self.tally.requests - sent < most and time.monotonic() < deadline and self.server.is_alive():
            await self._volley(islice(requests, min(_CHUNK, most - (self.tally.requests - sent))))
            if self.tally.tenth is None and self.tally.requests - sent >= most / 10:
                await asyncio.sleep(_PAUSE)
                self.tally.tenth = self.server.megabytes()
            if self.server.megabytes() > _MOST_MEMORY:
                self.promise("memory is bounded", is_kept=False, seen=f"stopped at {_MOST_MEMORY} MB")
                break
        done = self.tally.requests - sent
        if done < most:  # the goal for memory is then not told
            self.promise("all requests of the flood are sent in time", is_kept=False, seen=f"{done:,} of {most:,}")
        took = self.server.cpu() - cpu - _neighbour_cpu(time.monotonic() - started)
        if self.tally.cost:
            self.tally.ratio = 1e6 * took / (self.tally.requests - sent) / (self.tally.cost * UNIT)

    async def ask(self, connection: Connection, hostile: Hostile, *, patience: float = PATIENCE) -> Answer | None:
        """Send one request and count it, with its answer."""
        return await self.ask_raw(connection, hostile.request.written(self.port), patience=patience)

    async def ask_raw(self, connection: Connection, written: bytes, *, patience: float = PATIENCE) -> Answer | None:
        """The same for a request as it goes over the wire."""
        self.sent(written)
        answer = await connection.ask(written, patience=patience)
        self.tally.outcomes["lost" if answer is None else "refused" if _is_refusal(answer) else "answered"] += 1
        if answer is not None:
            self.tally.statuses[answer.status] += 1
        return answer

    def sent(self, data: bytes, *, requests: int = 1) -> None:
        """Count what was sent."""
        self.tally.requests += requests
        self.tally.bytes += len(data)

    def promise(self, what: str, *, is_kept: bool, seen: object) -> None:
        """Note whether a promise was kept."""
        self.tally.promises.append(Promise(what, is_kept, str(seen)))

    async def _volley(self, requests: Iterator[Hostile]) -> None:
        async def send() -> None:
            async with Connection(self.port) as connection:
                for hostile in requests:
                    await self.ask(connection, hostile)

        await asyncio.gather(*(send() for _ in range(_CONNECTIONS)))

    def _declare(self, hostile: Hostile) -> None:
        if hostile.document:
            self.tally.cost = max(self.tally.cost or 0, self.asking.cost(hostile.document, hostile.variables))

    async def _watch(self) -> None:
        while True:
            self.tally.peak = max(self.tally.peak, self.server.megabytes())
            await asyncio.sleep(_WATCH)

    async def _idle_cpu(self) -> float:
        """The processor seconds that the server takes in a second for its well-behaved client."""
        cpu, started = self.server.cpu(), time.monotonic()
        await asyncio.sleep(_PAUSE)
        return (self.server.cpu() - cpu) / (time.monotonic() - started)


_FEED_PAGE = 0.0005  # processor seconds for a feed page, about


def _neighbour_cpu(seconds: float) -> float:
    return seconds * RATE * _FEED_PAGE


def _is_refusal(answer: Answer) -> bool:
    is_error = b'"errors":' in answer.body[:_ENDS] or b'"errors":' in answer.body[-_ENDS:]
    return answer.status >= 400 or is_error  # noqa: PLR2004  # errors of HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of hostile requests, the promise that it puts to the test, and what the server is set to.

    A `flood` is many small requests, of which the well-behaved client may feel the load. `content` makes the
    files of an index of its own, on a scale.
    """

    name: str
    promise: str
    play: Callable[[Attack], Awaitable[None]]
    flood: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: int | None = None
    content: Callable[[float], Mapping[str, str]] | None = None


def p99_ms(samples: Iterable[Sample], begin: float, end: float) -> float | None:
    """The 99th percentile of the well-behaved client's requests that were due, or nearly so, between two times."""
    times = sorted(each.seconds for each in samples if begin - 1 / RATE <= each.due <= end)
    return 1000 * times[int(0.99 * len(times))] if times else None
