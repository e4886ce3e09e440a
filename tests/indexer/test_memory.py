"""Memory is bounded, keeps the latest used values, and frees the others at once."""

import pickle
import tracemalloc
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TypeVar
from weakref import ref

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.memory import OVERHEAD, Memory, Shelf, array_bytes, plain_bytes
from tests.circle import Circle

_Value = TypeVar("_Value")
Bytes = NDArray[np.uint8]


def unexpected() -> Bytes:
    raise AssertionError("made although it was there")


def array(size: int) -> Bytes:
    return np.zeros(size, dtype=np.uint8)


def text_bytes(_key: object, text: str) -> int:
    return len(text)


def entry(shelf: Shelf[Hashable, _Value], key: Hashable, make: Callable[[], _Value]) -> _Value:
    """The value of a key; made, and put, where there is none."""
    value = shelf.find(key)
    return shelf.put(key, make()) if value is None else value


def shelf_of(entries: int, size: int = 10) -> Shelf[Hashable, Bytes]:
    """A shelf whose half is full with so many arrays."""
    return Memory(2 * entries * (size + OVERHEAD)).shelf("arrays", array_bytes)


def test_an_entry_is_made_once() -> None:
    shelf = shelf_of(1)
    made = entry(shelf, "a", lambda: array(10))
    assert entry(shelf, "a", unexpected) is made


def test_what_was_not_used_for_longest_goes_first() -> None:
    shelf = shelf_of(2)
    for key in "abcad":
        entry(shelf, key, lambda: array(10))
    for key in "da":
        entry(shelf, key, unexpected)
    entry(shelf, "e", lambda: array(10))
    assert shelf.find("b") is None


def test_a_value_larger_than_the_memory_is_not_kept_and_drives_nothing_out() -> None:
    shelf = shelf_of(1)
    entry(shelf, "small", lambda: array(10))
    for _ in range(2):
        assert entry(shelf, "large", lambda: array(2_000)).nbytes == 2_000
    assert shelf.find("large") is None
    entry(shelf, "small", unexpected)


def test_a_value_that_fills_the_memory_is_kept_until_another_needs_its_room() -> None:
    memory = Memory(10)
    shelf = memory.shelf("texts", text_bytes)
    for text in ("a" * 10, "b", "c" * 9, "d"):
        shelf.put(text[0], text)
        assert shelf.find(text[0]) == text
        assert memory.bytes == sum(map(len, held(shelf).values())) <= 10
    assert set(held(shelf)) == {"c", "d"}


def test_without_bytes_nothing_is_kept() -> None:
    shelf = Memory(0).shelf("texts", text_bytes)
    assert shelf.put("a", "text") == "text"
    assert shelf.find("a") is None


def test_making_an_entry_may_take_another_from_the_same_memory() -> None:
    shelf = shelf_of(2)
    outer = entry(shelf, "outer", lambda: entry(shelf, "inner", lambda: array(3)) + 1)
    assert outer.tolist() == [1, 1, 1]
    assert entry(shelf, "inner", unexpected).tolist() == [0, 0, 0]


def test_what_another_thread_made_meanwhile_counts_once() -> None:
    # Long searches run in a thread beside the event loop, and both use the memory of one segment.
    shelf = shelf_of(3)
    others: list[Bytes] = []

    def overtaken() -> Bytes:
        others.append(entry(shelf, "a", lambda: array(10)))
        return array(10)

    assert entry(shelf, "a", overtaken) is others[0]
    for key in "bc":
        entry(shelf, key, lambda: array(10))
    for key in "abc":
        entry(shelf, key, unexpected)


def test_threads_that_share_a_memory_leave_its_count_right() -> None:
    memory = Memory(20_000)
    shelves: list[Shelf[Hashable, str]] = [memory.shelf("texts", text_bytes) for _ in range(2)]

    def use(seed: int) -> None:
        for step in range(5_000):
            key = (step * seed) % 37
            assert entry(shelves[step % 2], key, lambda: "x" * (400 + key)) == "x" * (400 + key)  # noqa: B023 - used at once

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, (3, 5, 7, 11)))
    assert memory.bytes == sum(size for shelf in shelves for size in map(len, held(shelf).values())) <= 20_000


def test_entries_without_arrays_are_bounded_too() -> None:
    # Words that no article has are looked up like others, and clients can think of many.
    shelf = shelf_of(2, size=0)
    for key in range(8):
        entry(shelf, key, lambda: array(0))
    for key in (6, 7):
        entry(shelf, key, unexpected)
    assert shelf.find(0) is None


USES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 400)), max_size=60)


def held(shelf: Shelf[Hashable, _Value]) -> dict[Hashable, _Value]:
    return {**shelf._old, **shelf}  # noqa: SLF001 - to look without using


@given(USES, st.integers(0, 1000))
def test_what_was_used_last_is_there_and_all_of_it_is_bounded(uses: list[tuple[int, int, int]], most: int) -> None:
    memory = Memory(most)
    shelves = [memory.shelf("sizes", lambda _key, size: size) for _ in range(2)]
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
    first = ref(entry(shelf, "a", lambda: array(10)))
    for key in "bc":
        entry(shelf, key, lambda: array(10))
    assert first() is None


@pytest.mark.usefixtures("no_collector")
def test_a_shelf_that_nobody_uses_any_more_takes_no_memory() -> None:
    memory = Memory(1000)
    memory.shelf("texts", text_bytes).put("a", "text")
    assert memory.bytes == 0


def test_a_value_that_is_old_is_young_again_once_it_is_used() -> None:
    shelf = Memory(10).shelf("texts", text_bytes)
    shelf.put("a", "aaaa")
    shelf.put("b", "bbbb")
    assert shelf.get("a") is None
    assert shelf.find("a") == "aaaa"
    assert shelf.get("a") == "aaaa"


class Squares:
    """Squares numbers, and remembers which it had to think about."""

    def __init__(self, memory: Memory) -> None:
        self.of = memory.kept("squares", lambda _number, _square: 100, self._of)
        self.thought: list[int] = []

    def _of(self, number: int) -> int:
        self.thought.append(number)
        if number == 13:
            raise LookupError
        return number * number


@given(st.lists(st.integers(0, 5)), st.sampled_from([0, 200, 10_000]))
def test_kept_answers_are_the_method_s_own(asked: list[int], max_bytes: int) -> None:
    squares = Squares(Memory(max_bytes))
    for number in asked:
        assert squares.of(number) == number * number


def test_the_last_answers_are_kept() -> None:
    squares = Squares(Memory(400))
    for number in (1, 2, 1, 3, 1, 2, 4, 1):
        squares.of(number)
    assert squares.thought == [1, 2, 3, 4]


def test_what_fails_fails_each_time() -> None:
    squares = Squares(Memory())
    for _ in range(2):
        with pytest.raises(LookupError):
            squares.of(13)
    assert squares.thought == [13, 13]


def test_each_object_keeps_its_own_answers() -> None:
    memory = Memory()
    first, second = Squares(memory), Squares(memory)
    first.of(2)
    second.of(3)
    assert (first.thought, second.thought) == ([2], [3])


@pytest.mark.usefixtures("no_collector")
def test_what_keeps_answers_goes_as_soon_as_nobody_needs_it() -> None:
    memory = Memory()
    squares = Squares(memory)
    squares.of(3)
    gone = ref(squares)
    del squares
    assert (gone(), memory.bytes) == (None, 0)


def test_a_shelf_without_a_method_makes_nothing() -> None:
    with pytest.raises(KeyError):
        Memory().shelf("a", text_bytes)["a"]


def test_bytes_are_told_by_the_names_of_shelves() -> None:
    memory, shelves = Memory(1000), []
    for name in ("a", "b", "a"):
        shelf = memory.shelf(name, text_bytes)
        shelf.put("key", "12345")
        shelves.append(shelf)
    assert memory.bytes_by_shelf() == {"a": 10, "b": 5}


PLAIN = st.recursive(
    st.none() | st.integers(min_value=300) | st.text(min_size=2) | st.binary(min_size=2) | st.floats(),
    lambda inner: st.tuples(inner, inner) | st.lists(inner) | st.dictionaries(st.text(min_size=2), inner),
)


def written_apart(value: object) -> bytes:
    """A pickle of which a value that lies in another twice is read as two."""
    written = BytesIO()
    pickler = pickle.Pickler(written)
    pickler.fast = True
    pickler.dump(value)
    return written.getvalue()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PLAIN, min_size=1, max_size=20))
def test_the_size_of_plain_values_is_what_python_takes_for_them(values: list[object]) -> None:
    written = written_apart(values)
    pickle.loads(written)  # noqa: S301 - just written
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        copy = pickle.loads(written)  # noqa: S301
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 2 - 1000 <= plain_bytes(copy) <= 3 * (after - before) + 1000


def given_up(count: int) -> tuple[Shelf[int, NDArray[np.int64]], Shelf[int, NDArray[np.int64]], list[object]]:
    """A shelf of which the memory has given so many values up, another shelf, and references to the values."""
    memory = Memory(2_100_000)  # beside the values, room for some small ones
    shelf, other = (memory.shelf(name, lambda _key, value: value.nbytes) for name in ("one", "other"))
    values = [shelf.put(key, np.zeros(1_000_000 // count // 8, np.int64)) for key in range(count)]
    references = [ref(value) for value in values]
    del values
    other.put(-1, np.zeros(50_001 // 8, np.int64))  # so that the next one does not fit beside them
    for key in range(2):  # each fills the young half, and lets the memory age
        other.put(key, np.zeros(1_000_000 // 8, np.int64))
    return shelf, other, [*references]


def alive(references: list[object]) -> int:
    return sum(each() is not None for each in references)  # type: ignore[operator] # they are weak references


def test_what_is_given_up_goes_bit_by_bit_with_what_comes() -> None:
    shelf, other, references = given_up(100)
    before = alive(references)
    other.put(5, np.zeros(1, np.int64))
    assert before - 10 < alive(references) < before
    for key in range(6, 40):
        other.put(key, np.zeros(1, np.int64))
    assert alive(references) == 0
    assert not shelf


def test_what_is_given_up_goes_at_the_latest_when_more_is() -> None:
    _shelf, other, references = given_up(1_000)
    assert alive(references) > 900
    other.put(5, np.zeros(1_000_000 // 8, np.int64))
    assert alive(references) == 0


def test_what_is_given_up_goes_with_its_shelf() -> None:
    shelf, _other, references = given_up(1_000)
    assert alive(references) > 900
    del shelf
    assert alive(references) == 0


@pytest.mark.usefixtures("no_collector")
def test_new_garbage_is_looked_for_while_values_are_given_up() -> None:
    """The collector itself does not look for it as long as more objects are freed than made."""
    memory = Memory(100_000)
    shelf = memory.shelf("values", lambda _key, _value: 100)
    garbage = ref(Circle())
    for number in range(500):  # the memory is not full yet
        shelf.put(number, object())
    assert garbage() is not None
    for number in range(500, 3_000):
        shelf.put(number, object())
    assert garbage() is None
