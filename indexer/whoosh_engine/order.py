"""Ranked order: what each ranking sorts by, and where a position falls among a segment's matches."""

import math

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RequestError
from indexer.search import Position, Ranking
from indexer.whoosh_engine.columns import Documents, Mask
from indexer.whoosh_engine.fields import MISSING
from indexer.whoosh_engine.segment import Segment

Values = NDArray[np.float64]

LAST = -float(2**40)  # comes after every quality, heat and trend
_DAY = 24 * 3600 * 1_000_000  # microseconds


class Ordered:
    """A segment's matches in ranked order. No two are equal: the key breaks every tie."""

    def __init__(self, segment: Segment, documents: Documents, values: tuple[Values, ...]) -> None:
        """Take documents in their order, with what they are ordered by, largest first."""
        self._segment = segment
        self.documents = documents
        self._values = values

    def where(self, chosen: Mask) -> "Ordered":
        """Some of the documents, in the same order."""
        return Ordered(self._segment, self.documents[chosen], tuple(column[chosen] for column in self._values))

    def position(self, place: int) -> Position:
        """The position of the document at `place`."""
        values = tuple(float(column[place]) for column in self._values)
        return Position(values, self._segment.keys[self.documents[place]])

    def place_of(self, position: Position) -> int:
        """How many documents come before `position`."""
        sought = sort_key(checked(position, len(self._values)))
        low, high = 0, len(self.documents)
        while low < high:
            middle = (low + high) // 2
            if sort_key(self.position(middle)) < sought:
                low = middle + 1
            else:
                high = middle
        return low

    def place_after(self, position: Position) -> int:
        """How many documents come before `position` or stand there."""
        place = self.place_of(position)
        return place + (place < len(self.documents) and self.position(place) == position)


def checked(position: Position, values: int) -> Position:
    """The position, if it has so many finite values. Raises RequestError otherwise."""
    if len(position.values) != values or not all(map(math.isfinite, position.values)):
        raise RequestError("that position is not one of this list; take it from a result of the same search")
    return position


def sort_key(position: Position) -> tuple[tuple[float, ...], str]:
    """What sorts positions, the best first."""
    return tuple(-value for value in position.values), position.key


def by_relevance(segment: Segment, documents: Documents, scores: Values) -> Ordered:
    """The documents by score."""
    order = np.lexsort((segment.key_rank[documents], -scores))
    return Ordered(segment, documents[order], (scores[order],))


class Rankings:
    """The orders of a segment that no query changes, each made when it is first asked for."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._orders: dict[Ranking, Ordered] = {}

    def among(self, mask: Mask, ranking: Ranking) -> Ordered:
        """The documents in `mask`, by a ranking other than RELEVANCE."""
        whole = self._whole(ranking)
        return whole.where(mask[whole.documents])

    def _whole(self, ranking: Ranking) -> Ordered:
        if ranking not in self._orders:
            values = sorted_by(self.segment, ranking)
            order = np.lexsort((self.segment.key_rank, *(-column for column in reversed(values))))
            columns = tuple(column[order] for column in values)
            self._orders[ranking] = Ordered(self.segment, order.astype(np.int32), columns)
        return self._orders[ranking]


def sorted_by(segment: Segment, ranking: Ranking) -> tuple[Values, ...]:
    """What a ranking other than RELEVANCE sorts a segment's documents by, largest first."""
    published = segment.published_at.astype(np.float64)
    match ranking:
        case Ranking.OLDEST:
            return (-published,)
        case Ranking.QUALITY:
            return (_or_last(segment.quality), published)
        case Ranking.HEAT:
            return (_or_last(segment.heat), published)
        case Ranking.TRENDING:
            return (trend(segment), published)
        case _:
            return (published,)


def trend(segment: Segment) -> Values:
    """Heat halved for every day of age, as its binary logarithm up to a constant: log2(heat) + days since 1970.

    In this form the clock does not matter to the order, and no age makes the value vanish.
    """
    logarithm = np.log2(np.maximum(segment.heat, 1))
    return np.where(segment.heat > 0, logarithm + segment.published_at / _DAY, LAST)


def _or_last(column: NDArray[np.int64]) -> Values:
    return np.where(column == MISSING, LAST, column.astype(np.float64))
