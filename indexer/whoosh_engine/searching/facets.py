"""The values of fields among the articles found, counted on arrays."""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from indexer.errors import RequestError
from indexer.memory import Memory, Shelf, array_bytes, remembered
from indexer.search.facets import (
    Calendar,
    Facet,
    FacetField,
    FacetOrder,
    FacetRequest,
    FacetValue,
    Spread,
    SpreadRequest,
)
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Position
from indexer.whoosh_engine.ranking.ranked import checked, largest
from indexer.whoosh_engine.searching.facet_values import ValueNames
from indexer.whoosh_engine.segment.arrays import Integers, Mask
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.numbers import MISSING
from indexer.whoosh_engine.segment.segment import SegmentArrays

_KEPT_BYTES = 16_000_000
_KEPT = (TermField.TOPIC, TermField.PROVIDER, TermField.CATEGORY, TermField.TYPE)  # related URLs may be very many
_MONTHS_BYTES = 10_000


class _Counted:
    """Counts and spreads of the same documents, by field, as far as they were asked for."""

    def __init__(self, nbytes: int) -> None:
        """Take the memory that this may come to hold."""
        self.nbytes = nbytes
        self.counts: dict[FacetField, Integers] = {}
        self.spreads: dict[NumberField, Spread | None] = {}


class Findings(NamedTuple):
    """The matches of each segment, with what has been counted of them."""

    segments: Sequence[DocSet]
    counted: _Counted


class FacetCounter:
    """Counts what was found in the segments of one generation. What it derives of them is kept as long as it is.

    Counts are kept too, within bounds: the next page of a list has the facets of the first.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        """Take all segments."""
        self._segments = segments
        self._kept: Shelf[Hashable, _Counted] = Memory(_KEPT_BYTES).shelf(array_bytes)
        self._bytes = 8 * sum(len(one.values[field].values) for one in segments for field in _KEPT) + _MONTHS_BYTES

    def findings(self, key: Hashable | None, matches: Sequence[DocSet]) -> Findings:
        """The matches, to be counted. Equal keys stand for the same documents in every segment; None is never kept."""
        if key is None:
            return Findings(matches, _Counted(self._bytes))
        return Findings(matches, self._kept.entry(key, lambda: _Counted(self._bytes)))

    def facet(self, request: FacetRequest, found: Findings) -> Facet:
        """The values of what was found. Raises RequestError for a request without sense."""
        if request.size < 0:
            raise RequestError(f"a facet cannot have {request.size} values; ask for 0 or more")
        names = self._names(request.field)
        counts = self._counts(request.field, found)
        chosen = counts.nonzero()[0]
        if request.prefix.strip():
            chosen = chosen[names.beginning(request.prefix)[chosen]]
        return _Listing(request, names, counts, chosen).facet()

    def spread(self, request: SpreadRequest, found: Findings) -> Spread | None:
        """Between which numbers what was found lies; None where nothing has a number."""
        spreads = found.counted.spreads
        if request.field not in spreads:
            parts = zip(self._segments, found.segments, strict=True)
            spreads[request.field] = _spread([some.of(segment.number(request.field)) for segment, some in parts])
        return spreads[request.field]

    @remembered(None)
    def _names(self, field: FacetField) -> ValueNames:
        return ValueNames([one.column(field).names for one in self._segments])

    def _counts(self, field: FacetField, found: Findings) -> Integers:
        if field in found.counted.counts:
            return found.counted.counts[field]
        parts = zip(self._segments, found.segments, strict=True)
        counts = self._names(field).sum([segment.column(field).counts(some) for segment, some in parts])
        if field in (*_KEPT, Calendar.MONTH):
            found.counted.counts[field] = counts
        return counts


class _Listing:
    """The values that were counted, in the order that was asked for, of which only what is wanted is sorted.

    `chosen` are numbers of values, ascending, which is their order as far as `_sorted_by` does not decide.
    """

    def __init__(self, request: FacetRequest, names: ValueNames, counts: Integers, chosen: Integers) -> None:
        self._request = request
        self._names = names
        self._counts = counts
        self._chosen = chosen
        self._sorted_by = self._numbers()

    def facet(self) -> Facet:
        request, rest = self._request, self._rest()
        return Facet(
            field=request.field,
            values=self._values(self._first(rest)),
            has_next=len(rest) > request.size,
            total=len(self._chosen),
        )

    def _numbers(self) -> Integers | None:
        """The numbers that values are sorted by before their names, largest first; None for names alone."""
        if self._request.order is FacetOrder.COUNT:
            return self._counts
        return self._names.months if self._request.field is Calendar.MONTH else None

    def _rest(self) -> Integers:
        """The values that stand after the position given."""
        if (after := self._request.after) is None:
            return self._chosen
        values = checked(after, values=0 if self._sorted_by is None else 1).values
        is_later = self._chosen >= bisect_right(self._names.names, after.key)
        if self._sorted_by is None:
            return self._chosen[is_later]
        numbers = self._sorted_by[self._chosen]
        is_after: Mask = (numbers < values[0]) | ((numbers == values[0]) & is_later)
        return self._chosen[is_after]

    def _first(self, rest: Integers) -> Integers:
        """The first values of the rest, as many as were asked for."""
        if self._sorted_by is None:
            return rest[: self._request.size]
        numbers = self._sorted_by[rest]
        best = largest(numbers, self._request.size)
        return rest[best[(-numbers[best]).argsort(kind="stable")[: self._request.size]]]

    def _values(self, listed: Integers) -> tuple[FacetValue, ...]:
        names = map(self._names.names.__getitem__, listed.tolist())
        counts = self._counts[listed].tolist()
        numbers = [()] * len(counts) if self._sorted_by is None else [(float(one),) for one in self._sorted_by[listed]]
        return tuple(
            FacetValue(value=name, count=count, position=Position(number, name))
            for name, count, number in zip(names, counts, numbers, strict=True)
        )


def _spread(columns: Sequence[Integers]) -> Spread | None:
    numbers = [known for column in columns if len(known := _known(column))]
    if not numbers:
        return None
    count = sum(map(len, numbers))
    return Spread(
        minimum=min(int(some.min()) for some in numbers),
        maximum=max(int(some.max()) for some in numbers),
        mean=sum(int(some.sum(dtype=np.int64)) for some in numbers) / count,
        count=count,
    )


def _known(numbers: Integers) -> Integers:
    """The numbers without those that stand for none."""
    return numbers[numbers != MISSING] if len(numbers) and numbers.min() == MISSING else numbers
