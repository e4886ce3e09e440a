"""A segment's matches in ranked order, of which only what a page needs is ever sorted."""

from math import isfinite
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RequestError
from indexer.search.ranking import Position, Ranking
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.segment import SegmentArrays

Turns = NDArray[np.int64]  # of documents, from 0

_BLOCK = 256


class Placed(NamedTuple):
    """A document and its position."""

    document: int
    position: Position


class Ranked(Protocol):
    """Matches in a total order; the key breaks every tie."""

    def first(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """The first so many matches between two positions, in order."""

    def last(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """The last so many matches between two positions, in order."""

    def position(self, document: int) -> Position:
        """The position of a match."""

    def count_before(self, position: Position) -> int:
        """The number of matches before `position`."""

    def any_until(self, position: Position) -> bool:
        """Tell whether there is a match at `position` or before it."""

    def any_from(self, position: Position) -> bool:
        """Tell whether there is a match at `position` or after it."""


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


class ByScore:
    """Matches by their scores; where turns are given, all of an earlier turn come before those of a later one."""

    def __init__(
        self, segment: SegmentArrays, documents: Documents, scores: NDArray[np.number], turns: Turns | None = None
    ) -> None:
        self._segment = segment
        self._documents = documents
        self._columns: tuple[NDArray[np.number], ...] = (scores,) if turns is None else (-turns, scores)

    def first(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """See `Ranked`."""
        if after is None and before is None:
            return self._placed(largest(self._columns[0], count), slice(count))
        chosen = self._between(after, before)
        best = chosen[largest(self._columns[0][chosen], count)]
        return self._placed(best, slice(count))

    def last(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """See `Ranked`."""
        chosen = self._between(after, before)
        worst = chosen[largest(-self._columns[0][chosen], count)]
        return self._placed(worst, slice(max(0, len(worst) - count), None))

    def position(self, document: int) -> Position:
        """See `Ranked`."""
        [placed] = self._placed(np.searchsorted(self._documents, [document]), slice(1))
        return placed.position

    def count_before(self, position: Position) -> int:
        """See `Ranked`."""
        return int(np.count_nonzero(self._is_before(position)))

    def any_until(self, position: Position) -> bool:
        """See `Ranked`."""
        return not bool(self._is_after(position).all())

    def any_from(self, position: Position) -> bool:
        """See `Ranked`."""
        return not bool(self._is_before(position).all())

    def _between(self, after: Position | None, before: Position | None) -> NDArray[np.intp]:
        """The indices of the matches between two positions."""
        chosen = np.ones(len(self._documents), dtype=bool)
        if after:
            chosen &= self._is_after(after)
        if before:
            chosen &= self._is_before(before)
        return np.flatnonzero(chosen)

    def _is_after(self, position: Position) -> Mask:
        is_tied, is_better = self._compared(position)
        return ~is_better & ~(is_tied & (self._key_ranks() < self._segment.keys_until(position.key)))

    def _is_before(self, position: Position) -> Mask:
        is_tied, is_better = self._compared(position)
        return is_better | (is_tied & (self._key_ranks() < self._segment.keys_before(position.key)))

    def _compared(self, position: Position) -> tuple[Mask, Mask]:
        """Masks of the matches that have the values of the position, and of those that have better ones."""
        is_tied = np.ones(len(self._documents), dtype=bool)
        is_better = np.zeros(len(self._documents), dtype=bool)
        sought = map(np.float64, checked(position, len(self._columns)).values)  # no float32: it rounds, and overflows
        for column, value in zip(self._columns, sought, strict=True):
            is_better |= is_tied & (column > value)
            is_tied &= column == value
        return is_tied, is_better

    def _key_ranks(self) -> Documents:
        return self._segment.key_rank[self._documents]

    def _placed(self, chosen: NDArray[np.intp], wanted: slice) -> list[Placed]:
        """A slice of the matches with these indices, in order, each with its position. Many may be tied."""
        documents = self._documents[chosen]
        columns = [column[chosen] for column in self._columns]
        order = np.lexsort((self._segment.key_rank[documents], *(-column for column in reversed(columns))))[wanted]
        rows = zip(documents[order].tolist(), *(column[order].tolist() for column in columns), strict=True)
        keys = self._segment.keys
        return [Placed(document, Position(tuple(map(float, values)), keys[document])) for document, *values in rows]


def largest(values: NDArray[np.number], count: int) -> NDArray[np.intp]:
    """The indices of the `count` largest values, and of those equal to the smallest of them, ascending.

    Looks for a bound first: of the maxima of blocks, the `count`-th largest is one that so many values reach.
    """
    if not count:
        return np.empty(0, dtype=np.intp)
    if len(values) <= count:
        return np.arange(len(values))
    blocks = values[: len(values) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).max(axis=1)
    if len(blocks) > count:
        bound = np.partition(blocks, -count)[-count]
        candidates = np.flatnonzero(values >= bound)
    else:
        candidates = np.arange(len(values))
    remaining = values[candidates]
    if len(remaining) <= count:
        return candidates
    reaching: NDArray[np.intp] = candidates[remaining >= np.partition(remaining, -count)[-count]]
    return reaching


class ByOrder:
    """Matches by an order that does not depend on the query, given as a mask over the documents."""

    def __init__(self, segment: SegmentArrays, ranking: Ranking, mask: Mask) -> None:
        self._segment = segment
        self._mask = mask
        self._order = segment.order(ranking)
        self._columns = segment.sort_values[ranking]

    def first(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """See `Ranked`."""
        low, high = self._bounds(after, before)
        found: list[int] = []
        step = _BLOCK
        while low < high and len(found) < count:
            stretch = self._order[low : min(high, low + step)]
            found += stretch[self._mask[stretch]].tolist()
            low, step = low + step, step * 4
        return self._all_placed(found[:count])

    def last(self, count: int, after: Position | None, before: Position | None) -> list[Placed]:
        """See `Ranked`."""
        low, high = self._bounds(after, before)
        found: list[int] = []
        step = _BLOCK
        while low < high and len(found) < count:
            stretch = self._order[max(low, high - step) : high]
            found = stretch[self._mask[stretch]].tolist() + found
            high, step = high - step, step * 4
        return self._all_placed(found[max(0, len(found) - count) :])

    def position(self, document: int) -> Position:
        """See `Ranked`."""
        return self._placed(document).position

    def count_before(self, position: Position) -> int:
        """See `Ranked`."""
        return int(np.count_nonzero(self._mask[self._order[: self._count_before(position)]]))

    def any_until(self, position: Position) -> bool:
        """See `Ranked`."""
        return bool(self._mask[self._order[: self._count_until(position)]].any())

    def any_from(self, position: Position) -> bool:
        """See `Ranked`."""
        return bool(self._mask[self._order[self._count_before(position) :]].any())

    def _bounds(self, after: Position | None, before: Position | None) -> tuple[int, int]:
        low = self._count_until(after) if after else 0
        return low, self._count_before(before) if before else len(self._order)

    def _placed(self, document: int) -> Placed:
        [placed] = self._all_placed([document])
        return placed

    def _all_placed(self, documents: list[int]) -> list[Placed]:
        keys = self._segment.keys
        rows = zip(*(column[documents].astype(float).tolist() for column in self._columns), strict=True)
        return [
            Placed(document, Position(values, keys[document])) for document, values in zip(documents, rows, strict=True)
        ]

    def _count_before(self, position: Position) -> int:
        """The number of documents before `position`, matches or not."""
        sought = sort_key(checked(position, len(self._columns)))
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            if sort_key(self._placed(int(self._order[middle])).position) < sought:
                low = middle + 1
            else:
                high = middle
        return low

    def _count_until(self, position: Position) -> int:
        """The number of documents before `position` or at it."""
        count = self._count_before(position)
        is_there = count < len(self._order) and self._placed(int(self._order[count])).position == position
        return count + is_there
