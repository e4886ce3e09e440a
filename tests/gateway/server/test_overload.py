"""The queue of requests and the threads of the engine together, on one processor whose time is not that of a clock."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from random import Random
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.connection_limits import ConnectionLimits
from gateway.server.request_queue import RequestQueue
from indexer import work
from indexer.backlog import Backlog
from indexer.whoosh_engine.workers import Workers
from indexer.work import Work

LONG = 0.4
"""The share of requests that call a thread."""
SETTLING = 1.0
"""Seconds of a load in which a crowd may be let in."""
SHORT, CALL = 0.002, 0.008
"""Seconds of the processor, in the mean, of a request without a call, and of a call."""
MEAN = LONG * (SHORT / 4 + CALL) + (1 - LONG) * SHORT


class OneProcessor(Executor):
    """A pool of threads whose calls are carried out one by one, when the processor has time for them."""

    def __init__(self) -> None:
        self.calls: deque[Callable[[], None]] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002
        end: Future[Any] = Future()

        def call() -> None:
            end.set_running_or_notify_cancel()
            end.set_result(fn(*args))

        self.calls.append(call)
        return end


@dataclass(frozen=True)
class Ask:
    """A request: how long it is under way in the event loop, and in a thread if it calls one."""

    client: str
    since: float
    seconds: float
    call: float


@dataclass
class Answers:
    """The seconds that each answered request took, in the order of answers, and the number of the refused ones.

    `settled` are those of requests that came when a crowd had been let in, as it may be.
    """

    seconds: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def p99(self) -> float:
        return quantiles(self.settled, n=100)[98]


class Machine:
    """A queue and threads on one processor; `own` are the seconds of the event loop's thread alone.

    After so many `turns` of the loop, or when it has nothing to do, a thread has its turn. `waiting` are all
    backlogs that were seen.
    """

    def __init__(self, turns: int = 1) -> None:
        self.now = 1.0
        self.own = 1.0
        self.answers: dict[str, Answers] = {}
        self.waiting: list[float] = []
        self.backlog = Backlog(ConnectionLimits().queue_seconds)
        self._pool = OneProcessor()
        self._workers = Workers(2, pool=self._pool, clock=self._time)
        self._queue = RequestQueue(self.backlog, clock=self._time, own_clock=lambda: self.own)
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = turns
        self._settles = 0.0
        self._random = Random(5)  # noqa: S311 - a fixed draw, no secret

    def _time(self) -> float:
        return self.now

    async def load(self, of_capacity: Mapping[str, float], *, seconds: float) -> dict[str, Answers]:
        """Requests of clients, each of whom sends some multiple of what can be answered; their answers."""
        self.answers = {client: Answers() for client in of_capacity}
        self._settles = self.now + SETTLING
        end = self.now + seconds
        due = {client: self.now + self._random.expovariate(each / MEAN) for client, each in of_capacity.items()}
        turns = 0
        while self.now < end or self._tasks:
            turns += 1
            for client, share in of_capacity.items():
                while due[client] <= self.now < end:
                    self._ask(client)
                    due[client] += self._random.expovariate(share / MEAN)
            self.waiting.append(sum(kind.count * kind.mean for kind in (self.backlog.requests, self.backlog.calls)))
            before = self.now
            await asyncio.sleep(0)
            is_idle = self.now == before and not self._queue.waiting
            if self._pool.calls and (is_idle or turns % self._turns == 0):
                self._pool.calls.popleft()()
            if self.now == before:
                self.now += MEAN / 50  # nothing to do
        return self.answers

    def _ask(self, client: str) -> None:
        is_long = self._random.random() < LONG
        mean = SHORT / 4 if is_long else SHORT
        seconds, call = (self._random.expovariate(1 / each) for each in (mean, CALL))
        self.send(Ask(client, self.now, seconds, call if is_long else 0))

    def send(self, ask: Ask) -> None:
        """Let a request come."""
        begin, refuse = partial(self._begin, ask), partial(self._refuse, ask.client)
        self._queue.take(ask.client, begin, refuse, asyncio.get_running_loop())

    async def turn(self) -> None:
        """Let the loop and a thread go on."""
        await asyncio.sleep(0)
        if self._pool.calls:
            self._pool.calls.popleft()()

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks or self._queue.waiting)

    def _refuse(self, client: str) -> None:
        self.answers[client].refused += 1

    def _begin(self, ask: Ask) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(ask))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, ask: Ask) -> None:
        work.begin(Work(ask.client, backlog=self.backlog))
        self.own += ask.seconds
        self._pass(ask.seconds)
        if ask.call:
            await self._workers.run(partial(self._pass, ask.call))
        answers, seconds = self.answers[ask.client], self.now - ask.since
        answers.seconds.append(seconds)
        if ask.since >= self._settles:
            answers.settled.append(seconds)

    def _pass(self, seconds: float) -> None:
        self.now += seconds


async def test_at_half_of_the_capacity_nobody_is_refused():
    answers = (await Machine().load({"a": 0.5}, seconds=6))["a"]
    assert answers.refused <= len(answers.seconds) / 200


@pytest.mark.parametrize("turns", [1, 10])
@pytest.mark.parametrize("of_capacity", [1.5, 2.0, 4.0])
async def test_beyond_the_capacity_p99_is_at_most_three_times_that_at_half_of_it(of_capacity: float, turns: int):
    machine = Machine(turns)
    half = (await machine.load({"a": 0.5}, seconds=6))["a"].p99
    answers = (await machine.load({"a": of_capacity}, seconds=6))["a"]
    assert answers.p99 <= 3 * half
    assert len(answers.seconds) == pytest.approx(6 / MEAN, rel=0.15)  # as many as can be


@pytest.mark.parametrize("turns", [1, 10])
@pytest.mark.parametrize(("floods", "refused"), [(1, 0.05), (3, 0.15)])
async def test_a_client_that_asks_for_little_is_answered_in_a_flood_of_others(floods: int, refused: float, turns: int):
    machine = Machine(turns)
    half = (await machine.load({"a": 0.5}, seconds=6))["a"].p99
    answers = await machine.load(
        {**{f"flood {number}": 2.0 / floods for number in range(floods)}, "little": 0.05}, seconds=6
    )
    assert answers["little"].refused <= refused * len(answers["little"].seconds)
    assert answers["little"].p99 <= 3 * half
    assert all(each.refused > len(each.seconds) / 3 for client, each in answers.items() if client != "little")


@pytest.mark.parametrize("turns", [1, 10])
async def test_many_clients_together_do_not_wait_for_long_either(turns: int):
    """Each alone has less waiting than the others in the mean, again and again."""
    machine = Machine(turns)
    await machine.load({f"{number}": 0.02 for number in range(200)}, seconds=6)
    steady = machine.waiting[len(machine.waiting) // 2 :]
    assert max(steady) <= 0.25


asks = st.tuples(st.sampled_from("abc"), st.sampled_from([0.0001, 0.003, 0.2]), st.sampled_from([0, 0.002, 0.1]))


@settings(max_examples=60, deadline=None)
@given(st.lists(asks | st.none(), max_size=80))
async def test_each_request_is_answered_or_refused_once_and_nothing_is_left_waiting(
    steps: list[tuple[str, float, float] | None],
):
    """Requests of some clients, with turns of the loop in between."""
    machine = Machine()
    machine.answers = {client: Answers() for client in "abc"}
    for step in steps:
        if step:
            client, seconds, call = step
            machine.send(Ask(client, machine.now, seconds, call))
        else:
            await machine.turn()
    while machine.is_busy:
        await machine.turn()
    sent = Counter(step[0] for step in steps if step)
    assert Counter({name: len(each.seconds) + each.refused for name, each in machine.answers.items()}) == sent
    for kind in (machine.backlog.requests, machine.backlog.calls):
        assert (kind.count, kind.clients) == (0, {})
    if len(sent) == len([step for step in steps if step]):  # one of each: there is no crowd
        assert all(each.refused == 0 for each in machine.answers.values())
