"""A cache that is bounded by memory."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.whoosh_engine.cache import OVERHEAD, Cache

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
