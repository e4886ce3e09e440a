"""A breaker of circuits: while nothing answers, calls fail at once instead of waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from indexer.errors import IndexUnreachable


class Breaker:
    """Lets calls through until one fails to reach anything; then only one call each `seconds`, as a trial."""

    def __init__(self, *, seconds: float = 1.0, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._error: IndexUnreachable | None = None
        self._next_trial = 0.0

    @property
    def is_open(self) -> bool:
        """True while calls fail at once."""
        return self._error is not None and self._clock() < self._next_trial

    def check(self) -> None:
        """Raise the error of the last call, if it could not reach anything."""
        if self._error is not None:
            raise IndexUnreachable(str(self._error)) from self._error

    def trip(self, error: IndexUnreachable) -> None:
        """Let calls fail with this error from now on, until a trial succeeds."""
        self._error, self._next_trial = error, self._clock() + self._seconds

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Watch a call. Raises `IndexUnreachable` at once while the last calls could not reach anything."""
        if self._error is not None:
            if self._clock() < self._next_trial:
                self.check()
            self._next_trial = self._clock() + self._seconds  # all others wait for the end of this trial
        try:
            yield
        except IndexUnreachable as error:
            self.trip(error)
            raise
        else:
            self._error = None
