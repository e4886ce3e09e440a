"""Requests that wait for their turn."""

import asyncio
from collections.abc import Callable
from time import process_time, thread_time
from typing import NamedTuple

from indexer.backlog import Backlog
from indexer.turns import Turns

_TURN = 0.002  # seconds of work between two looks at the sockets, about
_MOST = 64  # requests begun at once, however short they are


class _Waiting(NamedTuple):
    client: str
    since: float
    begin: Callable[[], None]
    refuse: Callable[[], None]


class RequestQueue:
    """Begins requests, about as many at once as take two milliseconds. Clients take turns.

    Between two batches the event loop looks at its sockets. The `backlog`, which long calls in threads share, tells
    which requests are to be refused.
    """

    def __init__(
        self,
        backlog: Backlog,
        *,
        clock: Callable[[], float] = process_time,
        own_clock: Callable[[], float] = thread_time,
    ) -> None:
        """Read the seconds that requests wait for from `clock`, and those of the event loop from its `own_clock`."""
        self.waiting: Turns[_Waiting] = Turns()
        self._backlog = backlog
        self._clock = clock
        self._own_clock = own_clock
        self._room = 0
        self._batch = 0
        self._began: float | None = None  # when the batch began

    def take(
        self, client: str, begin: Callable[[], None], refuse: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        """Call `begin`, which makes a task, or `refuse`, now or later."""
        if self._began is None:
            self._backlog.pause()
            self._open(loop)
        if self._room and self._backlog.is_empty:
            self._begin(begin)
        else:
            self._admit(client, begin, refuse)

    def _admit(self, client: str, begin: Callable[[], None], refuse: Callable[[], None]) -> None:
        """Call one of them, or let the request wait: others wait already, or the batch is full."""
        now = self._clock()
        oldest = self.waiting.oldest(client)
        age = now - oldest.since if oldest else 0.0
        requests = self._backlog.requests
        requests.enter(client)
        if self._backlog.refuses(client, age, now):
            requests.leave(client)
            refuse()
        elif self._room:
            requests.leave(client)
            self._begin(begin)
        else:
            self.waiting.add(client, _Waiting(client, now, begin, refuse))

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make room for a batch, which ends when the loop has gone through the tasks that begin now."""
        self._began = self._own_clock()
        self._batch = 0
        self._room = max(1, min(_MOST, int(_TURN / self._backlog.requests.mean)))
        loop.call_soon(loop.call_soon, self._close, loop)  # twice: the tasks come behind the first call

    def _begin(self, begin: Callable[[], None]) -> None:
        self._room -= 1
        self._batch += 1
        begin()

    def _close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Measure the batch, and begin the next one."""
        if self._batch and self._began is not None:
            self._backlog.answered(self._batch, self._own_clock() - self._began)
        self._backlog.pause()
        self._began = None
        if not self.waiting:
            return
        self._open(loop)
        now = self._clock()
        while self._room and (first := self.waiting.next()):
            self._backlog.requests.leave(first.client)
            if self._backlog.refuses(first.client, now - first.since, now):
                first.refuse()
            else:
                self._begin(first.begin)
