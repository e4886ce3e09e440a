"""A cache that is bounded by memory."""

import numpy as np
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


def test_an_entry_larger_than_the_cache_is_kept_until_the_next() -> None:
    cache = cache_of(30)
    cache.entry("large", lambda: array(1_000))
    cache.entry("large", unexpected)
    cache.entry("other", lambda: array(1_000))
    assert cache.entry("large", lambda: array(5)).nbytes == 5


def test_making_an_entry_may_take_another_from_the_cache() -> None:
    cache = cache_of(100, entries=4)
    outer = cache.entry("outer", lambda: cache.entry("inner", lambda: array(3)) + 1)
    assert outer.tolist() == [1, 1, 1]
    assert cache.entry("inner", unexpected).tolist() == [0, 0, 0]


def test_what_another_thread_made_meanwhile_counts_once() -> None:
    # Long searches run in a thread beside the event loop, and both use the cache of one segment.
    cache = cache_of(60, entries=6)
    others: list[Bytes] = []

    def overtaken() -> Bytes:
        others.append(cache.entry("a", lambda: array(10)))
        return array(10)

    assert cache.entry("a", overtaken) is others[0]
    for key in "bc":
        cache.entry(key, lambda: array(10))
    for key in "abc":
        cache.entry(key, unexpected)


def test_entries_without_arrays_are_bounded_too() -> None:
    # Words that no article has are looked up like others, and clients can think of many.
    cache = cache_of(0, entries=4)
    for key in range(6):
        cache.entry(key, lambda: array(0))
    for key in (4, 5):
        cache.entry(key, unexpected)
    assert not cache.entry(0, lambda: array(0)).size
