"""Places of articles and values in lists, for tests."""

import math

from indexer.errors import RequestError
from indexer.search.ranking import Position


def order(place: Position) -> tuple[tuple[float, ...], str]:
    """Sorts as positions do: values descending, key ascending."""
    return tuple(-value for value in place.values), place.key


def check(place: Position | None, length: int, ranking: str) -> None:
    if place and (len(place.values) != length or not all(map(_is_number, place.values))):
        raise RequestError(f"{place} is no position in {ranking}; use one that this ranking gave")


def _is_number(value: float) -> bool:
    return math.isfinite(value) if isinstance(value, float) else -(2**63) <= value < 2**63
