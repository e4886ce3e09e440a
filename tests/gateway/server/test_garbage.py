"""Objects that are there after the start are spared by the garbage collector; later ones are not."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from gateway.server.garbage import Collector
from tests.circle import Circle


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """No other test should notice."""
    thresholds, callbacks = gc.get_threshold(), gc.callbacks[:]
    yield
    gc.unfreeze()
    gc.callbacks[:] = callbacks
    gc.set_threshold(*thresholds)


def test_what_is_there_is_not_looked_at_again() -> None:
    before = gc.get_freeze_count()
    Collector().spare_what_is_there()
    assert gc.get_freeze_count() > before + 10_000
    assert len(gc.get_objects()) < 10_000


def test_garbage_is_not_hidden() -> None:
    before = ref(Circle())
    Collector().spare_what_is_there()
    assert before() is None
    circle = Circle()
    for _ in range(3):
        gc.collect()  # it survives, and is still looked at
    after = ref(circle)
    del circle
    gc.collect()
    assert after() is None


def test_pauses_are_counted_and_measured() -> None:
    collector = Collector()
    collector.spare_what_is_there()
    collector.spare_what_is_there()  # begins nothing anew
    before = _values(collector)
    for _ in range(3):
        gc.collect()
    after = _values(collector)
    assert after["newsstand_collector_pauses_total"] == before["newsstand_collector_pauses_total"] + 3
    longest = after["newsstand_collector_longest_pause_seconds"]
    assert 0 < longest <= after["newsstand_collector_pause_seconds_total"]


def _values(collector: Collector) -> dict[str, float]:
    return {name: float(value) for name, value in (line.split() for line in collector.meters() if line[0] != "#")}
