"""The order of positions in a ranked list."""

from math import isfinite

from indexer.errors import RequestError
from indexer.search.ranking import Position


def sort_key(position: Position) -> tuple[tuple[float, ...], str]:
    """The key that sorts positions, the best first."""
    return tuple(-value for value in position.values), position.key


def checked(position: Position, values: int) -> Position:
    """The position, if it has so many finite values, whole ones of 64 bits at most. Raises RequestError otherwise."""
    if len(position.values) != values or not all(map(_is_number, position.values)):
        raise RequestError("that position is not one of this list; take it from a result of the same search")
    return position


def _is_number(value: float) -> bool:
    return isfinite(value) if isinstance(value, float) else -(2**63) <= value < 2**63
