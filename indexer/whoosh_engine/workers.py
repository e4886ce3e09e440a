"""Threads for long work, in which clients take turns."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from indexer import work
from indexer.errors import Overloaded
from indexer.work import deadline_exceeded

_MOST_WAITING = 64
"""Calls of one client that wait for their turn. Each takes some milliseconds or more."""
_Answer = TypeVar("_Answer")


class _Job:
    """A call, the part that it is of a client's work, and its end."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.part = work.current().part()
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._call = call
        self._context = copy_context()

    def run(self) -> None:
        """Call, in a thread."""
        self._context.run(self._run)

    def _run(self) -> None:
        work.begin(self.part)
        self._call()


class Workers:
    """A pool of threads. Calls come from one event loop.

    The next call is the oldest one of the client whose turn was the longest ago. A client never has all threads, unless
    there is only one, so that another's call begins at once.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._most = max(1, threads - 1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="search")
        self._waiting: dict[str, deque[_Job]] = {}  # by client, in the order of their turns
        self._running: dict[_Job, asyncio.Future[None]] = {}

    async def run(self, call: Callable[[], _Answer]) -> _Answer:
        """The answer of a call, which begins in a thread when it is its client's turn.

        Raises `DeadlineExceeded` at the deadline of the current work; the call stops at its next checkpoint then, and
        so it does when the task that waits is cancelled. It always begins, if only to stop at once. Raises `Overloaded`
        where many calls of the same client wait already.
        """
        answers: list[_Answer] = []
        job = _Job(lambda: answers.append(call()))
        waiting = self._waiting.setdefault(job.part.client, deque())
        if len(waiting) >= _MOST_WAITING:
            raise Overloaded("There are more long searches than this server can answer")
        waiting.append(job)
        self._begin()
        seconds = job.part.seconds_left
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await job.end
        except TimeoutError:
            raise deadline_exceeded() from None
        finally:
            job.part.give_up()
        return answers[0]

    async def close(self) -> None:
        """Stop all calls at their next checkpoints, and wait until they have."""
        for job in (*self._running, *(job for jobs in self._waiting.values() for job in jobs)):
            job.part.give_up()
        while self._running:
            await asyncio.wait(self._running.values())
        self._pool.shutdown()

    def _begin(self) -> None:
        """Begin the calls whose turn it is."""
        while len(self._running) < self._threads and (job := self._next()):
            self._running[job] = asyncio.get_running_loop().run_in_executor(self._pool, job.run)
            self._running[job].add_done_callback(partial(self._end, job))

    def _next(self) -> _Job | None:
        """Take the call whose turn it is."""
        busy = Counter(job.part.client for job in self._running)
        client = next((client for client in self._waiting if busy[client] < self._most), None)
        if client is None:
            return None
        jobs = self._waiting.pop(client)
        job = jobs.popleft()
        if jobs:
            self._waiting[client] = jobs  # behind the others
        return job

    def _end(self, job: _Job, done: asyncio.Future[None]) -> None:
        del self._running[job]
        end, error = job.end, done.exception()
        del job.end  # an error refers to the job by its traceback, and would be a circle with it
        if not end.done():
            if error is None:
                end.set_result(None)
            else:
                end.set_exception(error)
        self._begin()
