"""The values of fields among the articles found, counted on arrays."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

import numpy as np

from indexer.errors import RequestError
from indexer.facet import Calendar, FacetField, FacetOrder, Spread, SpreadRequest
from indexer.search import Facet, FacetRequest, FacetValue, Position
from indexer.whoosh_engine.fields import MISSING
from indexer.whoosh_engine.ranked import checked
from indexer.whoosh_engine.segment import Mask, Segment
from indexer.whoosh_engine.value_column import Found, Integers, Places
from indexer.whoosh_engine.value_names import ValueNames

# Sorting all is as fast as finding the largest first while they are so many times as many.
_SORTING_GAIN = 8


class Counter:
    """Counts what was found in the segments of one generation. What it derives of them is kept as long as it is."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Take all segments."""
        self._segments = segments
        self._names = cache(self._names_of)

    def facet(self, request: FacetRequest, found: Sequence[Found]) -> Facet:
        """The values of the documents found in each segment. Raises RequestError for a request without sense."""
        if request.size < 0:
            raise RequestError(f"a facet cannot have {request.size} values; ask for 0 or more")
        names = self._names(request.field)
        counts = names.sum([self._counts(place, request.field, some) for place, some in enumerate(found)])
        chosen = counts.nonzero()[0]
        if request.prefix.strip():
            chosen = chosen[names.beginning(request.prefix)[chosen]]
        return _Listing(request, names, counts, chosen).facet()

    def spread(self, request: SpreadRequest, found: Sequence[Found]) -> Spread | None:
        """Between which numbers the documents found lie; None where none has a number."""
        columns = [some.of(one.number(request.field)) for one, some in zip(self._segments, found, strict=True)]
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

    def _names_of(self, field: FacetField) -> ValueNames:
        return ValueNames([one.column(field).names for one in self._segments])

    def _counts(self, place: int, field: FacetField, found: Found) -> Integers:
        return self._segments[place].column(field).counts(found)


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
        wanted = slice(request.size) if self._sorted_by is None else _largest(self._sorted_by[rest], request.size)
        return Facet(
            field=request.field,
            values=tuple(map(self._value, rest[wanted].tolist())),
            has_next=len(rest) > request.size,
            total=len(self._chosen),
        )

    def _numbers(self) -> Integers | None:
        """What values are sorted by before their names, largest first."""
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

    def _value(self, number: int) -> FacetValue:
        name = self._names.names[number]
        values = () if self._sorted_by is None else (float(self._sorted_by[number]),)
        return FacetValue(value=name, count=int(self._counts[number]), position=Position(values, name))


def _known(numbers: Integers) -> Integers:
    """The numbers without those that stand for none."""
    return numbers[numbers != MISSING] if len(numbers) and numbers.min() == MISSING else numbers


def _largest(numbers: Integers, count: int) -> Places:
    """The places of the largest numbers, the largest first, and equal ones as they stand."""
    if not 0 < count * _SORTING_GAIN < len(numbers):
        return (-numbers).argsort(kind="stable")[:count]
    least = np.partition(numbers, -count)[-count]
    places = np.flatnonzero(numbers >= least)
    return places[(-numbers[places]).argsort(kind="stable")[:count]]
