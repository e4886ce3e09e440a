"""The values of fields among the matches, counted on arrays."""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from indexer.columns.numbers import MISSING
from indexer.errors import RequestError
from indexer.memory import OVERHEAD, Memory, plain_bytes
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
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.work import checkpoint

# Those left out may be very many, and nobody asks for counts of them.
_KEPT = tuple(field for field in TermField if field not in (TermField.RELATED_URL, TermField.EXTRA))
_MONTHS_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts and spreads of the same documents, by field, as far as a request asked; at most `nbytes` of memory."""

    nbytes: int
    counts: dict[FacetField, Integers] = field(default_factory=dict)
    spreads: dict[NumberField, Spread | None] = field(default_factory=dict)


def _size(key: Hashable, counted: _Counted) -> int:
    return OVERHEAD + plain_bytes(key) + counted.nbytes


class Findings(NamedTuple):
    """The matches of each segment, with the counts made of them so far."""

    segments: Sequence[DocSet]
    counted: _Counted


class FacetCounter:
    """Counts matches in the segments of one generation.

    Counts are kept: the next page of a list has the facets of the first.
    """

    def __init__(self, segments: Sequence[SegmentArrays], memory: Memory) -> None:
        self._segments = segments
        self._names: dict[FacetField, ValueNames] = {}
        self._counted = memory.kept("facets", _size, self._uncounted)
        self._bytes = (
            8 * sum(len(segment.values[field].values) for segment in segments for field in _KEPT) + _MONTHS_BYTES
        )

    def findings(self, key: Hashable | None, matches: Sequence[DocSet]) -> Findings:
        """The matches, to be counted. Equal keys stand for the same documents in every segment; None is never kept."""
        return Findings(matches, self._uncounted(key) if key is None else self._counted(key))

    def _uncounted(self, _key: Hashable) -> _Counted:
        return _Counted(self._bytes)

    def facet(self, request: FacetRequest, findings: Findings) -> Facet:
        """The values of the matches. Raises RequestError for a request without sense."""
        if request.size < 0:
            raise RequestError(f"a facet cannot have {request.size} values; ask for 0 or more")
        names = self._names_of(request.field)
        counts = self._counts(request.field, findings)
        chosen = counts.nonzero()[0]
        if request.prefix.strip():
            chosen = chosen[names.beginning(request.prefix)[chosen]]
        sorted_by = names.months if request.field is Calendar.MONTH else None
        if request.order is FacetOrder.COUNT:
            sorted_by = counts
        return _Listing(request, names, counts, chosen, sorted_by).facet()

    def spread(self, request: SpreadRequest, findings: Findings) -> Spread | None:
        """The numbers of the matches; None where no match has one."""
        spreads = findings.counted.spreads
        if request.field not in spreads:
            checkpoint()
            rows = zip(self._segments, findings.segments, strict=True)
            spreads[request.field] = _spread([matches.of(segment.number(request.field)) for segment, matches in rows])
        return spreads[request.field]

    def _names_of(self, field: FacetField) -> ValueNames:
        if field not in self._names:
            self._names[field] = ValueNames([segment.column(field).names for segment in self._segments])
        return self._names[field]

    def _counts(self, field: FacetField, findings: Findings) -> Integers:
        if field in findings.counted.counts:
            return findings.counted.counts[field]
        checkpoint()
        rows = zip(self._segments, findings.segments, strict=True)
        counts = self._names_of(field).sum([segment.column(field).counts(matches) for segment, matches in rows])
        if field in (*_KEPT, Calendar.MONTH):
            findings.counted.counts[field] = counts
        return counts


class _Listing(NamedTuple):
    """Counted values in the order of the request. No more of them are sorted than it asks for.

    `sorted_by` are the numbers that decide before the names, largest first; None for names alone. `chosen` are numbers
    of values, ascending, as their names do.
    """

    request: FacetRequest
    names: ValueNames
    counts: Integers
    chosen: Integers
    sorted_by: Integers | None

    def facet(self) -> Facet:
        request, rest = self.request, self._rest()
        values = self._values(self._first(rest))
        return Facet(field=request.field, values=values, has_next=len(rest) > request.size, total=len(self.chosen))

    def _rest(self) -> Integers:
        """The values after the position of the request."""
        if (after := self.request.after) is None:
            return self.chosen
        values = checked(after, values=0 if self.sorted_by is None else 1).values
        is_later = self.chosen >= bisect_right(self.names.names, after.key)
        if self.sorted_by is None:
            return self.chosen[is_later]
        numbers = self.sorted_by[self.chosen]
        is_after: Mask = (numbers < values[0]) | ((numbers == values[0]) & is_later)
        return self.chosen[is_after]

    def _first(self, rest: Integers) -> Integers:
        """The first values of the rest, as many as the request asks for."""
        if self.sorted_by is None:
            return rest[: self.request.size]
        numbers = self.sorted_by[rest]
        best = largest(numbers, self.request.size)
        return rest[best[(-numbers[best]).argsort(kind="stable")[: self.request.size]]]

    def _values(self, listed: Integers) -> tuple[FacetValue, ...]:
        names = map(self.names.names.__getitem__, listed.tolist())
        counts = self.counts[listed].tolist()
        numbers = [()] * len(counts) if self.sorted_by is None else [(float(own),) for own in self.sorted_by[listed]]
        return tuple(
            FacetValue(value=name, count=count, position=Position(number, name))
            for name, count, number in zip(names, counts, numbers, strict=True)
        )


def _spread(columns: Sequence[Integers]) -> Spread | None:
    numbers = [present for column in columns if len(present := _present(column))]
    if not numbers:
        return None
    count = sum(map(len, numbers))
    return Spread(
        minimum=min(int(present.min()) for present in numbers),
        maximum=max(int(present.max()) for present in numbers),
        mean=sum(int(present.sum(dtype=np.int64)) for present in numbers) / count,
        count=count,
    )


def _present(numbers: Integers) -> Integers:
    """The numbers without those that stand for none."""
    return numbers[numbers != MISSING] if len(numbers) and numbers.min() == MISSING else numbers
