"""Requests begin in order, and a queue that does not move takes no more."""

import asyncio
from collections.abc import Callable

import pytest

from gateway.server.request_queue import RequestQueue
from tests.gateway.bare_server import BareServer, asking, conversation, ours


class Desk:
    """A queue with a clock of its own, and requests that take their time of it."""

    def __init__(self, *, patience: float = 0.1) -> None:
        self.now = 1.0
        self.begun: list[int] = []
        self.ended: list[int] = []
        self._queue = RequestQueue(patience, clock=lambda: self.now)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, number: int, *, seconds: float) -> bool:
        return self._queue.take(self._beginning(number, seconds), asyncio.get_running_loop())

    def _beginning(self, number: int, seconds: float) -> Callable[[], None]:
        async def work() -> None:
            self.now += seconds
            self.ended.append(number)

        def begin() -> None:
            self.begun.append(number)
            task = asyncio.get_running_loop().create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return begin


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_request_begins_at_once_where_none_is_under_way():
    desk = Desk()
    for number in range(5):
        assert desk.take(number, seconds=10)
        assert desk.begun == [*range(number + 1)]
        await turns(4)


@pytest.mark.parametrize("seconds", [0.0, 0.0001, 0.001, 0.01, 1.0])
async def test_all_that_are_taken_begin_in_their_order(seconds: float):
    desk = Desk(patience=1000)
    assert all(desk.take(number, seconds=seconds) for number in range(100))
    await turns(400)
    assert desk.begun == desk.ended == [*range(100)]


async def test_between_long_requests_the_loop_turns_and_between_short_ones_it_need_not():
    counts = {}
    for seconds in (0.01, 0.00001):
        desk = Desk(patience=1000)
        for number in range(200):  # it learns how long they take
            desk.take(number, seconds=seconds)
        await turns(800)
        for number in range(200):
            desk.take(number, seconds=seconds)
        needed = 0
        while len(desk.ended) < 400:
            await turns(1)
            needed += 1
        counts[seconds] = needed
    assert counts[0.01] >= 200
    assert counts[0.00001] <= 20


async def test_of_many_at_once_only_those_are_taken_that_do_not_wait_for_long():
    desk = Desk(patience=0.1)
    for number in range(200):  # it learns that they take 10 ms
        desk.take(number, seconds=0.01)
    await turns(800)
    taken = [desk.take(number, seconds=0.01) for number in range(200)]
    assert 8 <= taken.count(True) <= 13
    assert taken == sorted(taken, reverse=True)


async def test_one_long_request_does_not_make_the_queue_short():
    desk = Desk(patience=0.1)
    for number in range(200):
        desk.take(number, seconds=0.0005)
    await turns(800)
    assert desk.take(0, seconds=5)
    await turns(8)
    assert all(desk.take(number, seconds=0.0005) for number in range(60))


async def test_while_the_first_has_waited_for_long_no_more_are_taken():
    desk = Desk(patience=0.1)
    assert [desk.take(number, seconds=0.06) for number in range(10)] == [True] * 10
    taken = {}
    for number in range(10, 40):
        await turns(1)
        taken[desk.now] = desk.take(number, seconds=0.06)
    waited = [now for now, is_taken in taken.items() if not is_taken]
    assert waited
    assert min(waited) > 1.1
    await turns(200)
    assert desk.begun == desk.ended
    assert desk.take(99, seconds=0)  # and when the queue is through, all is as before


async def test_a_request_that_waits_for_something_else_keeps_nobody_waiting():
    queue, begun, ready = RequestQueue(0.1), [], asyncio.Event()
    loop = asyncio.get_running_loop()
    tasks = []

    async def work() -> None:
        begun.append(1)
        await ready.wait()

    for _ in range(50):
        assert queue.take(lambda: tasks.append(loop.create_task(work())), loop)
    await turns(200)
    assert len(begun) == 50
    ready.set()
    await asyncio.gather(*tasks)


async def test_beyond_the_capacity_requests_are_refused_at_once_and_the_rest_is_answered():
    async def busy(_scope: object, _receive: object, send: Callable[[object], object]) -> None:
        clock[0] += 0.03  # the time that it takes
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[misc]

    clock = [1.0]
    protocol = ours()
    protocol.keywords["connections"].queue = RequestQueue(0.1, clock=lambda: clock[0])  # type: ignore[attr-defined]
    async with BareServer(protocol, busy) as server:
        request = asking("plain", "GET", "Connection: close")
        for _ in range(50):  # it learns how long they take
            assert (await conversation(server.port, request)).endswith(b"ok")
        answers = await asyncio.gather(*(conversation(server.port, request) for _ in range(60)))
        probe = await conversation(server.port, asking("healthz", "GET", "Connection: close"))
        later = await conversation(server.port, request)
    refused = [answer for answer in answers if not answer.endswith(b"ok")]
    assert 0 < len(refused) < 60
    for answer in refused:
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in answer
        assert b"x-content-type-options: nosniff\r\n" in answer
        assert b'"code":"OVERLOADED"' in answer
    assert probe.endswith(b"ok")
    assert later.endswith(b"ok")
