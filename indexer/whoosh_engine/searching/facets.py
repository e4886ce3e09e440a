"""The values of fields among the matches, counted on arrays."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from indexer.columns.numbers import MISSING
from indexer.listing.facet_page import facet_page
from indexer.listing.facet_values import ValueNames
from indexer.memory import OVERHEAD, Memory, plain_bytes
from indexer.search.facets import (
    Calendar,
    Facet,
    FacetField,
    FacetRequest,
    Spread,
    SpreadRequest,
)
from indexer.search.filters import NumberField, TermField
from indexer.whoosh_engine.segment.arrays import Integers
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
        return facet_page(request, self._names_of(request.field), self._counts(request.field, findings))

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
