"""Memory is bounded, keeps the latest used values, and frees the others at once."""

from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from weakref import ref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.memory import OVERHEAD, Memory, Shelf, array_bytes, remembered

_Value = TypeVar("_Value")
Bytes = NDArray[np.uint8]


def unexpected() -> Bytes:
    raise AssertionError("made although it was there")


def array(size: int) -> Bytes:
    return np.zeros(size, dtype=np.uint8)


def shelf_of(entries: int, size: int = 10) -> Shelf[Hashable, Bytes]:
    """A shelf whose half is full with so many arrays."""
    return Memory(2 * entries * (size + OVERHEAD)).shelf(array_bytes)


def test_an_entry_is_made_once() -> None:
    shelf = shelf_of(1)
    made = shelf.entry("a", lambda: array(10))
    assert shelf.entry("a", unexpected) is made


def test_what_was_not_used_for_longest_goes_first() -> None:
    shelf = shelf_of(2)
    for key in "abcad":
        shelf.entry(key, lambda: array(10))
    for key in "da":
        shelf.entry(key, unexpected)
    shelf.entry("e", lambda: array(10))
    assert shelf.find("b") is None


def test_a_value_larger_than_the_memory_is_not_kept_and_drives_nothing_out() -> None:
    shelf = shelf_of(1)
    shelf.entry("small", lambda: array(10))
    for _ in range(2):
        assert shelf.entry("large", lambda: array(2_000)).nbytes == 2_000
    assert shelf.find("large") is None
    shelf.entry("small", unexpected)


def test_a_value_that_fills_the_memory_is_kept_until_another_needs_its_room() -> None:
    memory = Memory(10)
    shelf = memory.shelf(len)
    for text in ("a" * 10, "b", "c" * 9, "d"):
        shelf.put(text[0], text)
        assert shelf.find(text[0]) == text
        assert memory.bytes == sum(map(len, held(shelf).values())) <= 10
    assert set(held(shelf)) == {"c", "d"}


def test_without_bytes_nothing_is_kept() -> None:
    shelf = Memory(0).shelf(len)
    assert shelf.put("a", "text") == "text"
    assert shelf.find("a") is None


def test_making_an_entry_may_take_another_from_the_same_memory() -> None:
    shelf = shelf_of(2)
    outer = shelf.entry("outer", lambda: shelf.entry("inner", lambda: array(3)) + 1)
    assert outer.tolist() == [1, 1, 1]
    assert shelf.entry("inner", unexpected).tolist() == [0, 0, 0]


def test_what_another_thread_made_meanwhile_counts_once() -> None:
    # Long searches run in a thread beside the event loop, and both use the memory of one segment.
    shelf = shelf_of(3)
    others: list[Bytes] = []

    def overtaken() -> Bytes:
        others.append(shelf.entry("a", lambda: array(10)))
        return array(10)

    assert shelf.entry("a", overtaken) is others[0]
    for key in "bc":
        shelf.entry(key, lambda: array(10))
    for key in "abc":
        shelf.entry(key, unexpected)


def test_threads_that_share_a_memory_leave_its_count_right() -> None:
    memory = Memory(20_000)
    shelves: list[Shelf[Hashable, str]] = [memory.shelf(len) for _ in range(2)]

    def use(seed: int) -> None:
        for step in range(5_000):
            key = (step * seed) % 37
            assert shelves[step % 2].entry(key, lambda: "x" * (400 + key)) == "x" * (400 + key)  # noqa: B023 - used at once

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, (3, 5, 7, 11)))
    assert memory.bytes == sum(size for shelf in shelves for size in map(len, held(shelf).values())) <= 20_000


def test_entries_without_arrays_are_bounded_too() -> None:
    # Words that no article has are looked up like others, and clients can think of many.
    shelf = shelf_of(2, size=0)
    for key in range(8):
        shelf.entry(key, lambda: array(0))
    for key in (6, 7):
        shelf.entry(key, unexpected)
    assert shelf.find(0) is None


USES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 400)), max_size=60)


def held(shelf: Shelf[Hashable, _Value]) -> dict[Hashable, _Value]:
    return {**shelf._old, **shelf._young}  # noqa: SLF001 - to look without using


@given(USES, st.integers(0, 1000))
def test_what_was_used_last_is_there_and_all_of_it_is_bounded(uses: list[tuple[int, int, int]], most: int) -> None:
    memory = Memory(most)
    shelves = [memory.shelf(lambda size: size) for _ in range(2)]
    recent: dict[tuple[int, int], int] = {}  # sizes, in the order of use
    for number, key, size in uses:
        shelf = shelves[number]
        value = shelf.find(key)
        assert value in {None, recent.get((number, key))}
        latest = shelf.put(key, size) if value is None else value
        recent.pop((number, key), None)
        recent[number, key] = latest
        assert memory.bytes == sum(sum(held(shelf).values()) for shelf in shelves) <= most
    used = 0
    for (number, key), size in reversed(recent.items()):
        used += size
        if used > most // 2:
            break
        assert held(shelves[number])[key] == size


@pytest.mark.usefixtures("no_collector")
def test_what_is_driven_out_is_freed_at_once() -> None:
    shelf = shelf_of(1)
    first = ref(shelf.entry("a", lambda: array(10)))
    for key in "bc":
        shelf.entry(key, lambda: array(10))
    assert first() is None


@pytest.mark.usefixtures("no_collector")
def test_a_shelf_that_nobody_uses_any_more_takes_no_memory() -> None:
    memory = Memory(1000)
    memory.shelf(len).put("a", "text")
    assert memory.bytes == 0


def test_forgetting_gives_everything_up_and_takes_anew() -> None:
    memory = Memory(1000)
    shelf = memory.shelf(len)
    shelf.put("a", "text")
    memory.forget()
    assert (shelf.find("a"), shelf.young("a")) == (None, None)
    shelf.put("a", "other")
    assert (shelf.find("a"), shelf.young("a")) == ("other", "other")


def test_a_value_that_is_old_is_young_again_once_it_is_used() -> None:
    shelf = Memory(10).shelf(len)
    shelf.put("a", "aaaa")
    shelf.put("b", "bbbb")
    assert shelf.young("a") is None
    assert shelf.find("a") == "aaaa"
    assert shelf.young("a") == "aaaa"


class Squares:
    """Squares numbers, and remembers which it had to think about."""

    def __init__(self) -> None:
        self.thought: list[int] = []

    def _of(self, number: int, *, is_negative: bool = False) -> int:
        self.thought.append(number)
        if number == 13:
            raise LookupError
        return -number * number if is_negative else number * number

    of = remembered(None)(_of)
    last_two = remembered(2)(_of)
    none = remembered(0)(_of)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans())), st.sampled_from(["none", "last_two", "of"]))
def test_answers_are_the_same_as_without(asked: list[tuple[int, bool]], size: str) -> None:
    squares = Squares()
    for number, is_negative in asked:
        assert getattr(squares, size)(number, is_negative=is_negative) == number * number * (-1 if is_negative else 1)


def test_the_last_answers_are_remembered() -> None:
    squares = Squares()
    for number in (1, 2, 1, 3, 1, 2, 2):
        squares.last_two(number)
    assert squares.thought == [1, 2, 3, 2]


def test_what_fails_fails_each_time() -> None:
    squares = Squares()
    for _ in range(2):
        with pytest.raises(LookupError):
            squares.of(13)
    assert squares.thought == [13, 13]


def test_each_object_remembers_its_own_answers() -> None:
    first, second = Squares(), Squares()
    first.of(2)
    second.of(3)
    assert (first.thought, second.thought) == ([2], [3])


@pytest.mark.usefixtures("no_collector")
def test_what_remembers_goes_as_soon_as_nobody_needs_it() -> None:
    squares = Squares()
    squares.of(3)
    gone = ref(squares)
    del squares
    assert gone() is None
