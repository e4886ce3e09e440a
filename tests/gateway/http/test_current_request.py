"""Each task has the exchange that it is about, and no other."""

import asyncio
from contextvars import Context

from gateway.http import current_request
from gateway.http.current_request import CLIENT_WENT_AWAY


def told(**event: object) -> dict[str, object]:
    return dict(current_request.with_request_id(None, "info", dict(event)))


async def test_an_exchange_is_current_from_its_beginning_on():
    begun = current_request.begin("a")
    assert current_request.current() is begun
    assert current_request.begin("b") is current_request.current() is not begun


async def test_outside_of_any_what_is_told_is_told_to_nobody():
    async def outside() -> None:
        current_request.current().operation = "lost"
        assert current_request.current().operation is None
        assert told(event="x") == {"event": "x"}

    await asyncio.create_task(outside(), context=Context())


async def test_requests_that_are_answered_at_the_same_time_do_not_mix():
    barrier = asyncio.Barrier(20)

    async def request(name: str) -> tuple[str, object]:
        current_request.begin(name)
        await barrier.wait()
        current_request.current().operation = name
        await barrier.wait()
        await asyncio.gather(*(part(name) for _ in range(2)))
        return current_request.current().request_id, told()["request_id"]

    async def part(name: str) -> None:
        """Work of a request in tasks of its own belongs to it."""
        await asyncio.sleep(0)
        assert current_request.current().operation == name

    names = [f"{number}" for number in range(20)]
    assert await asyncio.gather(*map(request, names)) == [(name, name) for name in names]


async def test_an_exchange_is_answered_once_it_has_a_status():
    current = current_request.begin("a")
    assert (current.is_answered, current.status) == (False, CLIENT_WENT_AWAY)
    current.status = 200
    assert current.is_answered


async def test_a_line_that_names_a_request_keeps_its_name():
    current_request.begin("a")
    assert told(event="x") == {"event": "x", "request_id": "a"}
    assert told(event="x", request_id="b") == {"event": "x", "request_id": "b"}
