"""Requests that wait for their turn."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import process_time
from typing import NamedTuple

_TURN = 0.002  # seconds of work between two looks at the sockets, about
_MOST = 64  # requests begun at once, however short they are
_FIRST_MEAN = 0.0005  # seconds
_INERTIA = 0.1  # the weight of the latest batch in the mean
_OUTLIER = 4  # times the mean, about, that one long request counts for at most
_SHORTEST_WAIT = 0.01  # seconds that a request may wait under overload, or more:
_WAIT = 7  # times what a request takes in the mean
_CROWD = 40  # requests that may wait without a break at least


class _Waiting(NamedTuple):
    since: float
    begin: Callable[[], None]
    refuse: Callable[[], None]


class RequestQueue:
    """Begins requests in the order in which they came, about as many at once as take two milliseconds.

    Between two batches the event loop looks at its sockets. Requests that come in a crowd may wait, but once some have
    been waiting without a break for `patience` seconds, or for 40 requests, there are more than can be answered: those
    are refused that would wait for longer than a few others take (Nichols and Jacobson, Controlling Queue Delay, 2012).

    Seconds are those of the processor, so that nobody is refused because the machine is busy with something else. What
    a request does in another thread is not waited for.
    """

    def __init__(self, patience: float, *, clock: Callable[[], float] = process_time) -> None:
        self._patience = patience
        self._clock = clock
        self.waiting: deque[_Waiting] = deque()
        self._standing = 0.0  # seconds in which somebody has waited without a break
        self._calm_from = 0.0  # the time until which the last refusal tells of an overload
        self._mean = _FIRST_MEAN
        self._room = 0
        self._batch = 0
        self._began = 0.0  # when the batch began; 0 while there is none

    def take(self, begin: Callable[[], None], refuse: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
        """Call `begin`, which makes a task, or `refuse`, now or later."""
        if not self._began:
            self._open(loop)
        if self._room:
            self._begin(begin)
            return
        now = self._clock()
        if self.waiting and self._is_too_long(max(now - self.waiting[0].since, len(self.waiting) * self._mean), now):
            refuse()
        else:
            self.waiting.append(_Waiting(now, begin, refuse))

    def _is_too_long(self, wait: float, now: float) -> bool:
        patience = max(self._patience, _CROWD * self._mean)
        if self._standing <= patience and now >= self._calm_from:
            return False
        is_long = wait > max(_SHORTEST_WAIT, _WAIT * self._mean)
        if is_long:
            self._calm_from = now + patience
        return is_long

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make room for a batch, which ends when the loop has gone through the tasks that begin now."""
        self._began = self._clock()
        self._batch = 0
        self._room = max(1, min(_MOST, int(_TURN / self._mean)))
        loop.call_soon(loop.call_soon, self._close, loop)  # twice: the tasks come behind the first call

    def _begin(self, begin: Callable[[], None]) -> None:
        self._room -= 1
        self._batch += 1
        begin()

    def _close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Measure the batch, and begin the next one."""
        now = self._clock()
        if self._batch:
            each = min((now - self._began) / self._batch, _OUTLIER * self._mean + _TURN)
            self._mean += _INERTIA * (each - self._mean)
            self._standing += each * self._batch
        self._began = 0.0
        if not self.waiting:
            self._standing = 0.0
        else:
            self._open(loop)
            while self.waiting and self._room:
                first = self.waiting.popleft()
                if self._is_too_long(now - first.since, now):
                    first.refuse()
                else:
                    self._begin(first.begin)
