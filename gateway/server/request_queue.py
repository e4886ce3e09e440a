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

    Between two batches the event loop looks at its sockets, again and again while clients connect: uvloop accepts one
    connection in each of its turns, so that more of them may be behind it, whose requests neither count nor could be
    refused. The `backlog`, which long calls in threads share, tells which requests are to be refused.
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
        self._began = 0.0  # when the batch, or the look at the sockets, began
        self._now = 0.0  # by the clock, when the last batch ended: to read it for each request takes too long
        self._has_connected = False  # a client, since the loop looked last
        self.is_at_rest = True
        """True where no batch is under way and nothing waits."""

    def connected(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note that a client has connected, behind which others may be waiting to be accepted."""
        self._has_connected = True
        if self.is_at_rest:
            self._leave_rest()
            self._began = self._own_clock()
            self._look(loop)

    def take(
        self, client: str, begin: Callable[[], None], refuse: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        """Call `begin`, which makes a task, or `refuse`, now or later."""
        if self.is_at_rest:
            self._leave_rest()
            self._open(loop)
        if self._room and self._backlog.is_empty:
            self._begin(begin)
        else:
            self._admit(client, begin, refuse)

    def _admit(self, client: str, begin: Callable[[], None], refuse: Callable[[], None]) -> None:
        """Call one of them, or let the request wait: others wait already, or there is no room."""
        now = self._now
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

    def _leave_rest(self) -> None:
        self._backlog.pause()
        self._now = self._clock()
        self.is_at_rest = False

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
        """Measure the batch."""
        self._now = self._clock()
        now = self._own_clock()
        if self._batch:
            self._backlog.answered(self._batch, now - self._began)
        self._backlog.pause()
        self._began, self._room = now, 0
        self._look(loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop look at its sockets while clients connect, then begin the next batch."""
        if self._has_connected and self._own_clock() - self._began < _TURN:
            self._has_connected = False
            loop.call_soon(self._look, loop)
        elif self.waiting:
            self._open(loop)
            self._begin_waiting()
        else:
            self.is_at_rest = True

    def _begin_waiting(self) -> None:
        now = self._now
        while self._room and (first := self.waiting.next()):
            self._backlog.requests.leave(first.client)
            if self._backlog.refuses(first.client, now - first.since, now):
                first.refuse()
            else:
                self._begin(first.begin)
