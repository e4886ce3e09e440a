"""Objects that are there after the start are spared by the garbage collector; later ones are not."""

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
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_there_is_not_looked_at_again() -> None:
    before = gc.get_freeze_count()
    garbage.spare_what_is_there()
    assert gc.get_freeze_count() > before + 10_000
    assert len(gc.get_objects()) < 10_000


def test_garbage_is_not_hidden() -> None:
    before = ref(Circle())
    garbage.spare_what_is_there()
    assert before() is None
    circle = Circle()
    for _ in range(3):
        gc.collect()  # it survives, and is still looked at
    after = ref(circle)
    del circle
    gc.collect()
    assert after() is None
