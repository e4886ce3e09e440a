"""Objects that are kept are spared by the garbage collector, and garbage still goes in the end."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from gateway.server import garbage


class Circle:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """No other test should notice."""
    thresholds, callbacks = gc.get_threshold(), [*gc.callbacks]
    yield
    gc.callbacks[:] = callbacks
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_there_is_not_looked_at_again() -> None:
    before = gc.get_freeze_count()
    garbage.spare_survivors()
    assert gc.get_freeze_count() > before + 10_000
    assert len(gc.get_objects()) < 10_000


def test_what_outlives_a_full_collection_is_spared_from_then_on() -> None:
    garbage.spare_survivors()
    kept = Circle()
    assert any(one is kept for one in gc.get_objects())
    gc.collect()
    assert not any(one is kept for one in gc.get_objects())


@pytest.mark.parametrize("generation", [0, 1])
def test_younger_collections_spare_nothing(generation: int) -> None:
    garbage.spare_survivors()
    kept = Circle()
    gc.collect(generation)
    assert any(one is kept for one in gc.get_objects())


def test_what_becomes_garbage_before_it_is_spared_goes_at_once() -> None:
    garbage.spare_survivors()
    gone = ref(Circle())
    gc.collect()
    assert gone() is None


def test_what_was_spared_and_became_garbage_goes_in_the_end() -> None:
    garbage.spare_survivors()
    circle = Circle()
    gc.collect()
    gone = ref(circle)
    del circle
    times = 0
    while gone() is not None:
        gc.collect()
        times += 1
        assert times <= 16
    assert gc.get_freeze_count() > 10_000


def test_to_spare_twice_is_to_spare_once() -> None:
    garbage.spare_survivors()
    callbacks = [*gc.callbacks]
    garbage.spare_survivors()
    assert gc.callbacks == callbacks
