"""A run: the values that it waits for, and the tasks that it leaves behind when something fails."""

import asyncio

from graphql.execution.values import VariableValues

from schema.compiler.plan import Plan
from schema.compiler.run import Hole, Run


def a_run() -> Run:
    return Run(None, VariableValues({}, {}))


async def value(one: object, ticks: int = 0) -> object:
    for _ in range(ticks):
        await asyncio.sleep(0)
    if isinstance(one, Exception):
        raise one
    return one


async def test_holes_are_waited_for_at_once_and_filled_in_place():
    run, answer = a_run(), {"a": None, "b": None}
    barrier = asyncio.Barrier(2)

    async def meets() -> str:
        await barrier.wait()
        return "met"

    run.holes += [Hole(meets(), answer, key, lambda found, _path, _run: found, None) for key in "ba"]
    await asyncio.wait_for(run.fill(), 5)
    assert list(answer.items()) == [("a", "met"), ("b", "met")]


async def test_holes_behind_holes_are_filled_too():
    def deeper(found: object, _path: object, run: Run) -> dict[str, object]:
        inner: dict[str, object] = {"deep": None}
        run.holes.append(Hole(value(found), inner, "deep", lambda one, _path, _run: one, None))
        return inner

    run, answer = a_run(), dict.fromkeys("ab")
    run.holes += [Hole(value(key, ticks=n), answer, key, deeper, None) for n, key in enumerate("ab")]
    await run.fill()
    assert answer == {"a": {"deep": "a"}, "b": {"deep": "b"}}


async def test_a_failure_ends_the_run_once_everything_that_was_begun_has_ended():
    ended: list[str] = []

    async def slow() -> None:
        await value(None, ticks=5)
        ended.append("slow")

    def root(_source: object, _path: object, run: Run) -> dict[str, object]:
        answer: dict[str, object] = {}
        for awaited in (value(ValueError("broken")), slow()):
            run.holes.append(Hole(awaited, answer, "key", lambda one, _path, _run: one, None))
        return answer

    assert await Plan(root, 0).answer(None, VariableValues({}, {})) is None
    assert ended == ["slow"]


async def test_a_failure_before_anything_is_waited_for_leaves_nothing_unawaited():
    """Python warns of coroutines that nobody has awaited, and warnings are errors in tests."""

    def root(_source: object, _path: object, run: Run) -> object:
        run.holes.append(Hole(value(ValueError("unseen")), {}, "key", lambda one, _path, _run: one, None))
        raise TypeError

    assert await Plan(root, 0).answer(None, VariableValues({}, {})) is None
