"""A page of a facet: the counted values of a field, in order."""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RequestError
from indexer.listing.facet_values import Integers, ValueNames
from indexer.listing.largest import largest
from indexer.listing.positions import checked
from indexer.search.facets import Calendar, Facet, FacetOrder, FacetRequest, FacetValue
from indexer.search.ranking import Position


def facet_page(request: FacetRequest, names: ValueNames, counts: Integers) -> Facet:
    """The page of the values that a request asks for; `counts` has the number of matches that have each value.

    Raises RequestError for a negative size, and for a position of another list.
    """
    if request.size < 0:
        raise RequestError(f"a facet cannot have {request.size} values; ask for 0 or more")
    chosen = counts.nonzero()[0]
    if request.prefix.strip():
        chosen = chosen[names.beginning(request.prefix)[chosen]]
    sorted_by = names.months if request.field is Calendar.MONTH else None
    if request.order is FacetOrder.COUNT:
        sorted_by = counts
    return _Listing(request, names, counts, chosen, sorted_by).facet()


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
        is_after: NDArray[np.bool_] = (numbers < values[0]) | ((numbers == values[0]) & is_later)
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
