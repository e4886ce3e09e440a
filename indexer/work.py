"""The work for one request: its client, its deadline, and its end where nobody waits for it any more."""

from collections.abc import Callable
from contextvars import ContextVar
from time import monotonic

from indexer.backlog import Backlog
from indexer.errors import ClientGone, DeadlineExceeded


class Work:
    """All that is done for one request of `client`, by whichever threads.

    It may take until the clock `now` says `deadline`, in seconds; the client has gone as soon as `is_gone` says so. Its
    calls that wait for a thread are counted in the `backlog`.
    """

    __slots__ = ("_is_given_up", "backlog", "client", "deadline", "is_gone", "now")

    def __init__(
        self,
        client: str = "",
        *,
        deadline: float = float("inf"),
        is_gone: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = monotonic,
        backlog: Backlog | None = None,
    ) -> None:
        self.client = client
        self.deadline = deadline
        self.is_gone = is_gone
        self.now = now
        self.backlog = backlog or Backlog()
        self._is_given_up = False

    def part(self) -> "Work":
        """Work within it, which can be given up by itself."""
        return Work(self.client, deadline=self.deadline, is_gone=self.is_gone, now=self.now, backlog=self.backlog)

    def give_up(self) -> None:
        """Let nobody wait for it any more."""
        self._is_given_up = True

    @property
    def seconds_left(self) -> float:
        """The time until the deadline; negative after it."""
        return self.deadline - self.now()

    def check(self) -> None:
        """Raise `DeadlineExceeded` after the deadline, and `ClientGone` where nobody waits."""
        if self._is_given_up or self.is_gone():
            raise ClientGone("The client has gone, and its work is given up")
        if self.now() > self.deadline:
            raise deadline_exceeded()


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)
_UNBOUNDED = Work()


def begin(work: Work) -> None:
    """Let all that this task does from now on, and what it calls in threads, be part of this work."""
    _WORK.set(work)


def current() -> Work:
    """The work that this task or thread does; outside of any, one without an end."""
    return _WORK.get() or _UNBOUNDED


def checkpoint() -> None:
    """Go on only while somebody waits for it: the steps of long work call this in between. Raises as `Work.check`."""
    work = _WORK.get()
    if work is not None:
        work.check()


def deadline_exceeded() -> DeadlineExceeded:
    """The error of work that takes too long."""
    return DeadlineExceeded("The request took too long and was given up; ask for less, or try again later")
