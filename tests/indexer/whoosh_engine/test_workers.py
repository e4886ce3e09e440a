"""Clients take turns at the threads, and calls stop when nobody waits for them. Nothing here looks at a real clock."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from indexer import work
from indexer.backlog import Backlog
from indexer.errors import ClientGone, DeadlineExceeded, Overloaded
from indexer.whoosh_engine.workers import Workers
from indexer.work import Work, checkpoint

PATIENCE = 30
DEADLINE = 64.0


class Calls:
    """Calls that note their names, and those that are told to, wait until they are let go."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.backlog = Backlog()
        self.begun: list[str] = []
        self.go = Event()

    def call(self, client: str, name: str, *, waits: bool = False) -> "asyncio.Task[str]":
        """A call of a client, which has begun or waits for its turn by the next turn of the loop."""

        def noted() -> str:
            self.begun.append(name)
            if waits:
                assert self.go.wait(PATIENCE)
            return name

        async def asked() -> str:
            work.begin(Work(client, deadline=DEADLINE, now=lambda: 0.0, backlog=self.backlog))
            return await self.workers.run(noted)

        return asyncio.create_task(asked())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - threads have no event of the loop's
            await asyncio.sleep(0)


async def test_clients_take_turns_however_many_calls_one_of_them_has():
    calls = Calls(Workers(1))
    first = calls.call("a", "a0", waits=True)
    await until(lambda: calls.begun == ["a0"])
    others = [calls.call(name[0], name) for name in ("a1", "a2", "a3", "b1", "b2", "c1")]
    await asyncio.sleep(0)
    calls.go.set()
    assert await asyncio.gather(first, *others) == ["a0", "a1", "a2", "a3", "b1", "b2", "c1"]
    assert calls.begun == ["a0", "a1", "b1", "c1", "a2", "b2", "a3"]
    await calls.workers.close()


@pytest.mark.parametrize("threads", [2, 3, 4])
async def test_no_client_has_all_threads(threads: int):
    calls = Calls(Workers(threads))
    long = [calls.call("a", f"a{number}", waits=True) for number in range(10)]
    await until(lambda: len(calls.begun) == threads - 1)
    assert await calls.call("b", "b") == "b"
    assert calls.begun == [*(f"a{number}" for number in range(threads - 1)), "b"]
    calls.go.set()
    await asyncio.gather(*long)
    await calls.workers.close()


async def test_errors_come_back():
    workers = Workers(2)

    def fails() -> None:
        raise KeyError("a")

    with pytest.raises(KeyError):
        await workers.run(fails)
    assert await workers.run(lambda: 1) == 1
    await workers.close()


class Steps:
    """A long call: it counts its steps, and looks at its work between them."""

    def __init__(self) -> None:
        self.count = 0
        self.error: Exception | None = None
        self.has_begun, self.go, self.has_ended = Event(), Event(), Event()

    def __call__(self) -> None:
        try:
            while True:
                checkpoint()
                self.count += 1
                self.has_begun.set()
                assert self.go.wait(PATIENCE)
        except Exception as error:
            self.error = error
            raise
        finally:
            self.has_ended.set()


async def begun(workers: Workers, steps: Steps, own: Work) -> "asyncio.Task[None]":
    """The task that waits for the steps, the first of which is being taken."""

    async def asked() -> None:
        work.begin(own)
        await workers.run(steps)

    task = asyncio.create_task(asked())
    await until(steps.has_begun.is_set)
    return task


async def test_a_call_whose_task_is_cancelled_takes_no_other_step():
    workers, steps = Workers(2), Steps()
    task = await begun(workers, steps, Work("a"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    steps.go.set()
    await until(steps.has_ended.is_set)
    assert (steps.count, type(steps.error)) == (1, ClientGone)
    await workers.close()


async def test_a_call_whose_client_goes_takes_no_other_step():
    workers, steps = Workers(2), Steps()
    gone = Event()
    task = await begun(workers, steps, Work("a", is_gone=gone.is_set))
    gone.set()
    steps.go.set()
    with pytest.raises(ClientGone):
        await task
    assert steps.count == 1
    await workers.close()


async def test_at_the_deadline_nobody_waits_any_longer_and_the_call_takes_no_other_step():
    """The clock stands still until the first step, so the time that is left is none."""
    workers, steps = Workers(2), Steps()
    task = await begun(workers, steps, Work("a", deadline=0.0, now=lambda: 0.0))
    with pytest.raises(DeadlineExceeded):
        await task
    steps.go.set()
    await until(steps.has_ended.is_set)
    assert steps.count == 1
    await workers.close()


async def test_a_call_that_waits_for_its_turn_at_the_deadline_never_takes_a_step():
    workers, steps = Workers(1), Steps()
    calls = Calls(workers)
    first = calls.call("a", "a", waits=True)
    await until(lambda: calls.begun == ["a"])
    work.begin(Work("b", deadline=0.0, now=lambda: 0.0))
    with pytest.raises(DeadlineExceeded):
        await workers.run(steps)
    calls.go.set()
    await first
    await workers.close()
    assert steps.count == 0


async def test_closing_stops_all_calls():
    workers, running, waiting = Workers(1), Steps(), Steps()
    task = await begun(workers, running, Work("a"))
    other = asyncio.create_task(workers.run(waiting))
    await asyncio.sleep(0)
    closing = asyncio.create_task(workers.close())
    await asyncio.sleep(0)
    running.go.set()
    await closing
    for each in (task, other):
        with pytest.raises(ClientGone):
            await each
    assert (running.count, waiting.count) == (1, 0)


async def test_calls_that_would_wait_beyond_their_deadline_are_refused_at_once_and_those_of_other_clients_are_not():
    calls = Calls(Workers(1))
    calls.backlog.calls.mean = 1.0
    first = calls.call("a", "first", waits=True)
    await until(lambda: calls.begun == ["first"])
    waiting = [calls.call("a", f"{number}") for number in range(65)]
    await asyncio.sleep(0)
    assert calls.backlog.calls.count == 65
    with pytest.raises(Overloaded, match="There are more long searches than this server can answer"):
        await calls.call("a", "refused")
    other = calls.call("b", "other")
    await asyncio.sleep(0)
    calls.go.set()
    await asyncio.gather(first, *waiting, other)
    assert "refused" not in calls.begun
    assert calls.begun.index("other") < 4
    assert await calls.call("a", "again") == "again"
    assert (calls.backlog.calls.count, calls.backlog.calls.clients) == (0, {})
    await calls.workers.close()


async def test_the_mean_follows_what_calls_take_of_the_processor_but_those_that_were_given_up():
    times = iter((0.0, 0.01, 1.0, 1.02))
    calls = Calls(Workers(2, clock=times.__next__))
    assert calls.backlog.calls.mean == pytest.approx(0.005)
    assert await calls.call("a", "a") == "a"
    assert calls.backlog.calls.mean == pytest.approx(0.9 * 0.005 + 0.1 * 0.01)
    given_up = calls.call("a", "b", waits=True)
    await until(lambda: calls.begun == ["a", "b"])
    given_up.cancel()
    calls.go.set()
    await calls.workers.close()
    assert calls.backlog.calls.mean == pytest.approx(0.9 * 0.005 + 0.1 * 0.01)
