"""A cache that is bounded by memory."""

from weakref import ref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.memory import OVERHEAD, Cache, Memory, Shelf, remembering

Bytes = NDArray[np.uint8]


def unexpected() -> Bytes:
    raise AssertionError("made although it was there")


def array(size: int) -> Bytes:
    return np.zeros(size, dtype=np.uint8)


def cache_of(size: int, entries: int = 0) -> Cache:
    """A cache for entries with so many bytes of arrays in all."""
    return Cache(size + entries * OVERHEAD)


def test_an_entry_is_made_once() -> None:
    cache = cache_of(100)
    made = cache.entry("a", lambda: array(10))
    assert cache.entry("a", unexpected) is made


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = cache_of(30, entries=3)
    for key in "abc":
        cache.entry(key, lambda: array(10))
    cache.entry("a", unexpected)
    cache.entry("d", lambda: array(10))
    for key in "acd":
        cache.entry(key, unexpected)
    assert cache.entry("b", lambda: array(10)).nbytes == 10


def test_an_entry_larger_than_the_cache_is_kept_alone_until_the_next() -> None:
    cache = cache_of(30)
    cache.entry("small", lambda: array(10))
    cache.entry("large", lambda: array(1_000))
    cache.entry("large", unexpected)
    cache.entry("small", lambda: array(20))
    cache.entry("small", unexpected)
    assert cache.entry("large", lambda: array(5)).nbytes == 5


def test_making_an_entry_may_take_another_from_the_cache() -> None:
    cache = cache_of(100, entries=2)
    outer = cache.entry("outer", lambda: cache.entry("inner", lambda: array(3)) + 1)
    assert outer.tolist() == [1, 1, 1]
    assert cache.entry("inner", unexpected).tolist() == [0, 0, 0]


def test_what_another_thread_made_meanwhile_counts_once() -> None:
    # Long searches run in a thread beside the event loop, and both use the cache of one segment.
    cache = cache_of(30, entries=3)
    others: list[Bytes] = []

    def overtaken() -> Bytes:
        others.append(cache.entry("a", lambda: array(10)))
        return array(10)

    assert cache.entry("a", overtaken) is others[0]
    for key in "bc":
        cache.entry(key, lambda: array(10))
    for key in "abc":
        cache.entry(key, unexpected)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40_000)), max_size=40), st.integers(0, 100_000))
def test_the_cache_holds_what_was_used_last_of_what_fits(used: list[tuple[int, int]], most: int) -> None:
    cache = cache_of(most)
    kept: dict[int, int] = {}  # sizes, in the order of use
    for key, size in used:
        made: list[int] = []

        def make(size: int = size, made: list[int] = made) -> Bytes:
            made.append(size)
            return array(size)

        cache.entry(key, make)
        assert bool(made) == (key not in kept)
        kept[key] = kept.pop(key, size)
        while sum(size + OVERHEAD for size in kept.values()) > most and len(kept) > 1:
            del kept[next(iter(kept))]


def test_entries_without_arrays_are_bounded_too() -> None:
    # Words that no article has are looked up like others, and clients can think of many.
    cache = cache_of(0, entries=2)
    for key in range(4):
        cache.entry(key, lambda: array(0))
    for key in (2, 3):
        cache.entry(key, unexpected)
    assert not cache.entry(0, lambda: array(0)).size


USES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 400)), max_size=60)


def held(shelf: Shelf[object, int]) -> dict[object, int]:
    return {**shelf._old, **shelf._young}  # noqa: SLF001 - to look without using


@given(USES, st.integers(0, 1000))
def test_what_was_used_last_is_there_and_all_of_it_is_bounded(uses: list[tuple[int, int, int]], most: int) -> None:
    memory = Memory(most)
    shelves = [memory.shelf(lambda size: size) for _ in range(2)]
    recent: dict[tuple[int, int], int] = {}  # in the order of use
    for place, key, size in uses:
        shelf, known = shelves[place], (place, key)
        found = shelf.find(key)
        assert found in (None, recent.get(known))
        if found is None:
            shelf.put(key, size)
        recent[known] = recent.pop(known, size) if found is not None else size
        recent[known] = recent.pop(known)
    assert sum(sum(held(shelf).values()) for shelf in shelves) <= most + 2 * 400
    used = 0
    for (place, key), size in reversed(recent.items()):
        used += size
        if used > most // 2:
            break
        assert shelves[place].find(key) == size


def test_a_shelf_that_nobody_uses_any_more_takes_no_memory() -> None:
    memory = Memory(1000)
    memory.shelf(len).put("a", "text")
    assert not list(memory._shelves)  # noqa: SLF001 - as above


def test_forgetting_gives_everything_up_and_takes_anew() -> None:
    memory = Memory(1000)
    shelf = memory.shelf(len)
    shelf.put("a", "text")
    memory.forget()
    assert (shelf.find("a"), shelf.young("a")) == (None, None)
    shelf.put("a", "other")
    assert (shelf.find("a"), shelf.young("a")) == ("other", "other")


def test_a_value_that_is_old_is_young_again_once_it_is_used() -> None:
    memory = Memory(8)
    shelf = memory.shelf(len)
    shelf.put("a", "aaaa")
    shelf.put("b", "bbbb")
    assert shelf.young("a") is None
    assert shelf.find("a") == "aaaa"
    assert shelf.young("a") == "aaaa"


class Squares:
    """Squares numbers, and remembers which it had to think about."""

    def __init__(self, size: int | None) -> None:
        self.thought: list[int] = []
        self.of = remembering(size, self._of)

    def _of(self, number: int, *, is_negative: bool = False) -> int:
        self.thought.append(number)
        if number == 13:
            raise LookupError
        return -number * number if is_negative else number * number


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans())), st.sampled_from([0, 1, 3, None]))
def test_answers_are_the_same_as_without(asked: list[tuple[int, bool]], size: int | None) -> None:
    squares = Squares(size)
    for number, is_negative in asked:
        assert squares.of(number, is_negative=is_negative) == number * number * (-1 if is_negative else 1)


def test_the_last_answers_are_remembered() -> None:
    squares = Squares(2)
    for number in (1, 2, 1, 3, 1, 2, 2):
        squares.of(number)
    assert squares.thought == [1, 2, 3, 2]


def test_what_fails_fails_each_time() -> None:
    squares = Squares(None)
    for _ in range(2):
        with pytest.raises(LookupError):
            squares.of(13)
    assert squares.thought == [13, 13]


@pytest.mark.usefixtures("no_collector")
def test_what_remembers_goes_as_soon_as_nobody_needs_it() -> None:
    squares = Squares(None)
    squares.of(3)
    gone = ref(squares)
    del squares
    assert gone() is None
