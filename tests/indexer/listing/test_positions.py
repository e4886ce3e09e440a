"""Positions: their order, and the shape that they must have."""

import math

import pytest

from indexer.columns.sort_values import LAST
from indexer.errors import RequestError
from indexer.listing.positions import checked, sort_key
from indexer.search.ranking import Position


@pytest.mark.parametrize("values", [(), (1.0, 2.0), (math.nan,), (math.inf,), (-math.inf,), (2**63,), (10**400,)])
def test_a_position_of_another_shape_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(RequestError, match="take it from a result of the same search"):
        checked(Position(values, "a"), 1)


def test_a_position_sorts_by_its_values_downwards_and_its_key_upwards() -> None:
    positions = [
        Position((1.0, 9.0), "a"),
        Position((2.0, LAST), "a"),
        Position((2.0, 1.0), "c"),
        Position((2.0, 1.0), "b"),
    ]
    assert sorted(positions, key=sort_key) == list(reversed(positions))
