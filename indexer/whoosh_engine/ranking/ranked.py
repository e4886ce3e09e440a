"""A segment's matches in ranked order. No more of them are sorted than a page needs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.listing.largest import largest
from indexer.listing.positions import checked, sort_key
from indexer.search.ranking import Position, Ranking
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.arrays_file import Texts
from indexer.whoosh_engine.segment.segment import SegmentArrays

Turns = NDArray[np.int64]  # of documents, from 0

_BLOCK = 256


class RankedDocument(NamedTuple):
    """A document and its position."""

    document: int
    position: Position


class ByValues:
    """Matches by one or more columns of numbers, such as their scores, the largest first; ties by key."""

    def __init__(self, segment: SegmentArrays, documents: Documents, *columns: NDArray[np.number]) -> None:
        self._segment = segment
        self._documents = documents
        self._columns = columns

    def first(self, count: int, after: Position | None, before: Position | None) -> list[RankedDocument]:
        """The first so many matches between two positions, in order."""
        if after is None and before is None:
            return self._ranked(largest(self._columns[0], count), slice(count))
        chosen = self._between(after, before)
        best = chosen[largest(self._columns[0][chosen], count)]
        return self._ranked(best, slice(count))

    def last(self, count: int, after: Position | None, before: Position | None) -> list[RankedDocument]:
        """The last so many matches between two positions, in order."""
        chosen = self._between(after, before)
        worst = chosen[largest(-self._columns[0][chosen], count)]
        return self._ranked(worst, slice(max(0, len(worst) - count), None))

    def position(self, document: int) -> Position:
        """The position of a match."""
        [ranked] = self._ranked(np.searchsorted(self._documents, [document]), slice(1))
        return ranked.position

    def count_before(self, position: Position) -> int:
        """The number of matches before `position`."""
        return int(np.count_nonzero(self._is_before(position)))

    def any_until(self, position: Position) -> bool:
        """Tell whether there is a match at `position` or before it."""
        return not bool(self._is_after(position).all())

    def any_from(self, position: Position) -> bool:
        """Tell whether there is a match at `position` or after it."""
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

    def _ranked(self, chosen: NDArray[np.intp], wanted: slice) -> list[RankedDocument]:
        """A slice of the matches with these indices, in order, each with its position. Many may be tied."""
        documents = self._documents[chosen]
        columns = [column[chosen] for column in self._columns]
        order = np.lexsort((self._segment.key_rank[documents], *(-column for column in reversed(columns))))[wanted]
        return _with_positions(documents[order].tolist(), [column[order] for column in columns], self._segment.keys)


class ByOrder:
    """Matches, as a mask over the documents, by an order that no query changes."""

    def __init__(self, segment: SegmentArrays, ranking: Ranking, mask: Mask) -> None:
        self._segment = segment
        self._mask = mask
        self._matches = int(np.count_nonzero(mask))  # no more of them are looked for
        self._order = segment.order(ranking)
        self._columns = segment.sort_values[ranking]

    def first(self, count: int, after: Position | None, before: Position | None) -> list[RankedDocument]:
        """See `ByValues`."""
        low, high = self._bounds(after, before)
        documents: list[int] = []
        step, count = _BLOCK, min(count, self._matches)
        while low < high and len(documents) < count:
            stretch = self._order[low : min(high, low + step)]
            documents += stretch[self._mask[stretch]].tolist()
            low, step = low + step, step * 4
        return self._with_positions(documents[:count])

    def last(self, count: int, after: Position | None, before: Position | None) -> list[RankedDocument]:
        """See `ByValues`."""
        low, high = self._bounds(after, before)
        documents: list[int] = []
        step, count = _BLOCK, min(count, self._matches)
        while low < high and len(documents) < count:
            stretch = self._order[max(low, high - step) : high]
            documents = stretch[self._mask[stretch]].tolist() + documents
            high, step = high - step, step * 4
        return self._with_positions(documents[max(0, len(documents) - count) :])

    def position(self, document: int) -> Position:
        """See `ByValues`."""
        return self._ranked(document).position

    def count_before(self, position: Position) -> int:
        """See `ByValues`."""
        return int(np.count_nonzero(self._mask[self._order[: self._count_before(position)]]))

    def any_until(self, position: Position) -> bool:
        """See `ByValues`."""
        return bool(self._mask[self._order[: self._count_until(position)]].any())

    def any_from(self, position: Position) -> bool:
        """See `ByValues`."""
        return bool(self._mask[self._order[self._count_before(position) :]].any())

    def _bounds(self, after: Position | None, before: Position | None) -> tuple[int, int]:
        low = self._count_until(after) if after else 0
        return low, self._count_before(before) if before else len(self._order)

    def _ranked(self, document: int) -> RankedDocument:
        [ranked] = self._with_positions([document])
        return ranked

    def _with_positions(self, documents: list[int]) -> list[RankedDocument]:
        return _with_positions(documents, [column[documents] for column in self._columns], self._segment.keys)

    def _count_before(self, position: Position) -> int:
        """The number of documents before `position`, matches or not."""
        sought = sort_key(checked(position, len(self._columns)))
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            if sort_key(self._ranked(int(self._order[middle])).position) < sought:
                low = middle + 1
            else:
                high = middle
        return low

    def _count_until(self, position: Position) -> int:
        """The number of documents before `position` or at it."""
        count = self._count_before(position)
        is_there = count < len(self._order) and self._ranked(int(self._order[count])).position == position
        return count + is_there


def _with_positions(documents: list[int], columns: Sequence[NDArray[np.number]], keys: Texts) -> list[RankedDocument]:
    """Documents with their values and keys."""
    values = zip(*[column.astype(float).tolist() for column in columns], strict=True)
    return [*map(RankedDocument, documents, map(Position, values, keys.some(documents)))]


Ranked = ByValues | ByOrder
