"""Questions that are asked at the same time are put together, however they are waited for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from graphql.execution.values import VariableValues
from hypothesis import given
from hypothesis import strategies as st

from schema.compiler.plan import Plan
from schema.compiler.run import Hole, Run
from schema.loading.loader import Loader, Loading, Shaped


class Desk:
    """Answers 10 * n to n, unless it is told to answer otherwise, and remembers what it was asked together."""

    def __init__(self, *, ticks: int = 1, answer: Callable[[int], object] = lambda key: 10 * key) -> None:
        self.asked: list[list[int]] = []
        self.loader = Loader(self._answers)
        self._ticks = ticks
        self._answer = answer

    async def _answers(self, keys: list[int]) -> Sequence[object]:
        self.asked.append(list(keys))
        for _ in range(self._ticks):
            await asyncio.sleep(0)
        return [self._answer(key) for key in keys]


async def waited_for_side_by_side(awaited: Sequence[Awaitable[object]]) -> list[object]:
    return list(await asyncio.gather(*awaited))


async def run_by_the_compiler(awaited: Sequence[Awaitable[object]]) -> list[object]:
    """As holes of one level are waited for."""
    run, answer = Run(None, VariableValues({}, {})), {}
    run.holes += [Hole(one, answer, str(place), lambda x, _path, _run: x, None) for place, one in enumerate(awaited)]
    await run.fill()
    return [answer[str(place)] for place in range(len(awaited))]


WAYS = pytest.mark.parametrize("wait", [waited_for_side_by_side, run_by_the_compiler])
Wait = Callable[[Sequence[Awaitable[object]]], Awaitable[list[object]]]


@WAYS
@given(keys=st.lists(st.integers(0, 5), min_size=1, max_size=12))
async def test_what_is_asked_at_once_is_one_batch_with_each_key_once(wait: Wait, keys: list[int]) -> None:
    desk = Desk()
    assert await wait([desk.loader.load(key) for key in keys]) == [10 * key for key in keys]
    assert desk.asked == [list(dict.fromkeys(keys))]


async def test_nothing_is_asked_before_somebody_waits() -> None:
    desk = Desk()
    desk.loader.load(1)
    await asyncio.sleep(0)
    assert desk.asked == []


async def test_tasks_that_load_when_they_run_share_a_batch() -> None:
    desk = Desk()

    async def one(key: int) -> object:
        return await desk.loader.load(key)

    assert await asyncio.gather(*map(one, (3, 1, 3, 2))) == [30, 10, 30, 20]
    assert desk.asked == [[3, 1, 2]]


async def test_what_is_loaded_while_a_batch_is_under_way_is_the_next_batch() -> None:
    desk = Desk(ticks=5)
    first = asyncio.ensure_future(desk.loader.load(1))
    for _ in range(3):
        await asyncio.sleep(0)
    assert desk.asked == [[1]]
    assert await asyncio.gather(desk.loader.load(2), desk.loader.load(1), desk.loader.load(3)) == [20, 10, 30]
    assert await first == 10
    assert desk.asked == [[1], [2, 3]]


@WAYS
async def test_what_was_loaded_once_is_there_for_good(wait: Wait) -> None:
    desk = Desk()
    loading = desk.loader.load(1)
    assert await wait([loading, loading]) == [10, 10]
    assert (await loading, loading.result()) == (10, 10)
    assert desk.loader.load(1) is loading
    assert await wait([desk.loader.load(1), desk.loader.load(2)]) == [10, 20]
    assert desk.asked == [[1], [2]]


@WAYS
async def test_a_shape_is_of_what_was_loaded_and_belongs_to_the_same_batch(wait: Wait) -> None:
    desk = Desk()
    loading, other = desk.loader.load(1), desk.loader.load(2)
    shaped = Shaped(Shaped(loading, str), lambda text: f"<{text}>")
    assert shaped.batch is loading.batch
    assert await wait([shaped, other, shaped]) == ["<10>", 20, "<10>"]
    assert desk.asked == [[1, 2]]


@WAYS
async def test_shapes_of_different_loaders_are_waited_for_together(wait: Wait) -> None:
    desks = [Desk(), Desk(ticks=3)]
    awaited = [Shaped(desk.loader.load(key), str) for key in (1, 2) for desk in desks]
    assert await wait(awaited) == ["10", "10", "20", "20"]
    assert [desk.asked for desk in desks] == [[[1, 2]]] * 2


def failing_for_odd_ones(key: int) -> object:
    return KeyError(key) if key % 2 else key


async def test_an_error_among_the_answers_is_raised_to_who_asked_for_it() -> None:
    desk = Desk(answer=failing_for_odd_ones)
    found = await asyncio.gather(*map(desk.loader.load, range(4)), return_exceptions=True)
    assert [repr(each) for each in found] == ["0", "KeyError(1)", "2", "KeyError(3)"]
    with pytest.raises(KeyError):
        await Shaped(desk.loader.load(1), str)
    assert len(desk.asked) == 1


def impossible(key: int) -> object:
    raise ZeroDivisionError(key)


@pytest.mark.parametrize("is_compiled", [False, True])
async def test_what_the_answering_raises_is_raised_to_all_who_asked(is_compiled: bool) -> None:  # noqa: FBT001
    desk = Desk(answer=impossible)
    loadings = [desk.loader.load(key) for key in (1, 2)]
    if is_compiled:
        with pytest.raises(ZeroDivisionError):
            await run_by_the_compiler(loadings)
    found = await asyncio.gather(*loadings, return_exceptions=True)
    assert list(map(type, found)) == [ZeroDivisionError] * 2
    assert desk.asked == [[1, 2]]


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_more_or_fewer_answers_than_questions_are_an_error_of_all(count: int) -> None:
    times = 0

    async def answers(_keys: list[int]) -> Sequence[int]:
        nonlocal times
        times += 1
        return [1] * count

    loader = Loader(answers)
    loadings = [loader.load(key) for key in (1, 2)]
    found = await asyncio.gather(*loadings, return_exceptions=True)
    assert [type(each) for each in found] == [ValueError] * 2
    with pytest.raises(ValueError, match="argument 2"):
        await loadings[0]
    assert times == 1


async def test_a_failed_run_of_the_compiler_asks_nothing_twice() -> None:
    desk = Desk(answer=failing_for_odd_ones)

    def root(_source: object, _path: object, run: Run) -> dict[str, object]:
        answer: dict[str, object] = {}
        for key in (1, 2):
            run.holes.append(Hole(desk.loader.load(key), answer, str(key), lambda x, _path, _run: x, None))
        return answer

    assert await Plan(root, 0).answer(None, VariableValues({}, {})) is None
    assert desk.asked == [[1, 2]]


@pytest.mark.parametrize("ticks", range(6))
async def test_who_waits_no_longer_does_no_harm_to_others(ticks: int) -> None:
    desk = Desk(ticks=3)
    tasks = [asyncio.ensure_future(_waited(desk.loader.load(key))) for key in (1, 2, 1)]
    for _ in range(ticks):
        await asyncio.sleep(0)
    was_there = tasks[0].done()
    tasks[0].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert found[1:] == [20, 10]
    assert was_there or isinstance(found[0], asyncio.CancelledError)
    assert (await desk.loader.load(1), desk.asked) == (10, [[1, 2]])


async def test_where_nobody_waits_any_longer_the_answers_are_there_for_later() -> None:
    desk = Desk(ticks=3)
    task = asyncio.ensure_future(_waited(desk.loader.load(1)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await desk.loader.load(1), desk.asked) == (10, [[1]])


async def _waited(loading: Loading[int, object]) -> object:
    return await loading


@given(st.data())
async def test_however_tasks_load_wait_and_give_up_each_gets_its_own_answer(data: st.DataObject) -> None:
    desk = Desk(ticks=data.draw(st.integers(0, 4)), answer=failing_for_odd_ones)

    async def client(keys: list[int], before: int) -> list[object]:
        for _ in range(before):
            await asyncio.sleep(0)
        return await asyncio.gather(*map(desk.loader.load, keys), return_exceptions=True)

    plans = data.draw(
        st.lists(st.tuples(st.lists(st.integers(0, 6), max_size=4), st.integers(0, 6)), min_size=1, max_size=6)
    )
    tasks = [asyncio.ensure_future(client(*plan)) for plan in plans]
    gone = data.draw(st.sets(st.integers(0, len(tasks) - 1), max_size=2))
    for _ in range(data.draw(st.integers(0, 6))):
        await asyncio.sleep(0)
    for place in gone:
        tasks[place].cancel()
    await asyncio.wait(tasks)
    for place, (keys, _) in enumerate(plans):
        if place not in gone:
            assert list(map(repr, tasks[place].result())) == [repr(failing_for_odd_ones(key)) for key in keys]
    asked = [key for batch in desk.asked for key in batch]
    assert len(asked) == len(set(asked))
