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


class _Waiting(NamedTuple):
    since: float
    begin: Callable[[], None]


class RequestQueue:
    """Begins requests in the order in which they came, about as many at once as take two milliseconds.

    Between two batches the event loop looks at its sockets, so that a request beyond the capacity is refused at once:
    none is taken that would wait for more than `patience` seconds, nor while the first in the queue has waited so long.

    Seconds are those of the processor, so that nobody is refused because the machine is busy with something else. What
    a request does in another thread is not waited for.
    """

    def __init__(self, patience: float, *, clock: Callable[[], float] = process_time) -> None:
        self._patience = patience
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._mean = _FIRST_MEAN
        self._room = 0
        self._batch = 0
        self._began = 0.0  # when the batch began; 0 while there is none

    def take(self, begin: Callable[[], None], loop: asyncio.AbstractEventLoop) -> bool:
        """Call `begin`, which makes a task, now or later. False where the queue takes no more."""
        if not self._began:
            self._open(loop)
        if self._room:
            self._begin(begin)
            return True
        now = self._clock()
        if self._waiting and max(now - self._waiting[0].since, len(self._waiting) * self._mean) > self._patience:
            return False
        self._waiting.append(_Waiting(now, begin))
        return True

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
        if self._batch:
            each = min((self._clock() - self._began) / self._batch, _OUTLIER * self._mean + _TURN)
            self._mean += _INERTIA * (each - self._mean)
        self._began = 0.0
        if self._waiting:
            self._open(loop)
            while self._waiting and self._room:
                self._begin(self._waiting.popleft().begin)
