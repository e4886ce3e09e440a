"""Threads for long work, in which clients take turns."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from time import thread_time
from typing import TypeVar

from indexer import work
from indexer.errors import Overloaded
from indexer.turns import Turns
from indexer.work import deadline_exceeded

_Answer = TypeVar("_Answer")


class _Job:
    """A call, the part that it is of a client's work, its end, and the `seconds` of the processor that it has taken."""

    def __init__(self, call: Callable[[], None], clock: Callable[[], float]) -> None:
        self.part = work.current().part()
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.seconds = 0.0
        self._call = call
        self._clock = clock
        self._context = copy_context()

    def run(self) -> None:
        """Call, in a thread."""
        self._context.run(self._run)

    def _run(self) -> None:
        work.begin(self.part)
        began = self._clock()
        try:
            self._call()
        finally:
            self.seconds = self._clock() - began


class Workers:
    """A pool of threads. Calls come from one event loop.

    A client never has all threads, unless there is only one, so that another's call begins at once. Calls that wait are
    counted in the backlog of their work.
    """

    def __init__(self, threads: int, *, pool: Executor | None = None, clock: Callable[[], float] = thread_time) -> None:
        """Run calls in `threads`, those of `pool` if there is one; `clock` tells the processor seconds of a thread."""
        self._threads = threads
        self._most = max(1, threads - 1)
        self._pool = pool or ThreadPoolExecutor(threads, thread_name_prefix="search")
        self._clock = clock
        self._waiting: Turns[_Job] = Turns()
        self._running: dict[_Job, asyncio.Future[None]] = {}

    async def run(self, call: Callable[[], _Answer]) -> _Answer:
        """The answer of a call, which begins in a thread when it is its client's turn.

        Raises `DeadlineExceeded` at the deadline of the current work; the call stops at its next checkpoint then, and
        so it does when the task that waits is cancelled. It always begins, if only to stop at once. Raises `Overloaded`
        at once where the calls of the same client that wait already take longer than that.
        """
        answers: list[_Answer] = []
        job = _Job(lambda: answers.append(call()), self._clock)
        client, calls, seconds = job.part.client, job.part.backlog.calls, job.part.seconds_left
        if calls.clients[client] * calls.mean > max(0.0, seconds):
            raise Overloaded("There are more long searches than this server can answer")
        calls.enter(client)
        self._waiting.add(client, job)
        self._begin()
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
        for job in (*self._running, *self._waiting):
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
        job = self._waiting.next(lambda client: busy[client] < self._most)
        if job:
            job.part.backlog.calls.leave(job.part.client)
        return job

    def _end(self, job: _Job, done: asyncio.Future[None]) -> None:
        del self._running[job]
        end, error = job.end, done.exception()
        del job.end  # an error refers to the job by its traceback, and would be a circle with it
        if not end.done():  # else somebody gave it up, and it says nothing of the others
            job.part.backlog.called(job.seconds)
            if error is None:
                end.set_result(None)
            else:
                end.set_exception(error)
        self._begin()
