"""Completions, and the better ones of them at one moment."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.completing.popularity import Popularity

DAY = 24 * 3600 * 1_000_000


def standing(counts: list[int], days: list[int]) -> Popularity:
    """Completions with these counts, whose newest articles are of these days."""
    published_at = np.where(np.array(counts) > 0, np.array(days, dtype=np.float64) * DAY, -np.inf)
    return Popularity.of(np.array(counts, dtype=np.int64), published_at, ())


def test_twice_as_many_articles_outweigh_a_month():
    assert standing([1, 2, 2, 0], [129, 100, 98, 999]).in_order.tolist() == [1, 0, 2]


def test_equals_stand_in_the_order_of_their_numbers():
    assert standing([1] * 5, [7] * 5).in_order.tolist() == [0, 1, 2, 3, 4]


@given(
    completions=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 300)), min_size=1, max_size=30),
    data=st.data(),
    size=st.integers(0, 40),
)
def test_the_best_of_any_are_visible_in_order_and_each_comes_once(
    completions: list[tuple[int, int]], data: st.DataObject, size: int
):
    found = standing([count for count, _ in completions], [day for _, day in completions])
    places = st.integers(0, len(completions) - 1)
    numbers = data.draw(st.lists(places, max_size=20) | st.lists(places, min_size=65, max_size=100))
    expected = [number for number in found.in_order.tolist() if number in numbers][:size]
    assert all(completions[number][0] > 0 for number in expected)
    assert found.best(np.array(numbers, dtype=np.int32), size) == expected
