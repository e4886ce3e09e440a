"""The event loops that a server may have."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import uvloop

from tests.gateway.bare_server import Run


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run[Any]]:
    """Runs a coroutine in a loop of one kind or the other. What goes wrong in a callback fails the test."""
    problems: list[object] = []
    with asyncio.Runner(loop_factory=request.param) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, problem: problems.append(problem))
        yield runner.run
        runner.run(asyncio.sleep(0))
    assert problems == []
