"""The facets of a list of articles, with the attributes that the types in `schema/types/facets.py` declare."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphql.pyutils import AwaitableOrValue
from msgspec import structs

from indexer.search.facets import Facet, FacetField, FacetRequest, Spread, SpreadRequest, without
from indexer.search.filters import EVERYTHING, AllOf, Filter, NumberField, TermField
from indexer.search.requests import SearchRequest
from schema.loading.loaders import then

if TYPE_CHECKING:
    from schema.loading.context import RequestContext


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCounts:
    """Counts the articles that `request` matches, on request. Facets that are requested together are one search.

    `scope` is the condition that defines the list, such as the articles of one provider: it narrows every facet. Each
    other condition of the request's filter narrows every facet but that of its own field.
    """

    request: SearchRequest
    scope: Filter
    context: "RequestContext"

    def facet(self, request: FacetRequest) -> Awaitable["CountedValues"]:
        """The values of a field."""
        facet = replace(request, filter=self._condition(request.field))
        result = self.context.searches.load(structs.replace(self.request, facets=(facet,)))
        return then(result, lambda result: self._counted(result.facets[0]))

    def spread(self, field: NumberField) -> Awaitable[Spread | None]:
        """The numbers of a field; None where no article has one."""
        spread = SpreadRequest(field=field, filter=self._condition(field))
        result = self.context.searches.load(structs.replace(self.request, spreads=(spread,)))
        return then(result, lambda result: result.spreads[0])

    def name(self, field: FacetField, value: str) -> AwaitableOrValue[str]:
        """A value in the spelling of the newest article that has it, in the whole index."""
        spelling = self.context.newest.spelling(field, value) if isinstance(field, TermField) else None
        if isinstance(spelling, Awaitable):
            return then(spelling, lambda spelling: spelling or value)
        return spelling or value

    def _counted(self, facet: Facet) -> "CountedValues":
        values = [
            CountedValue(field=facet.field, value=each.value, count=each.count, counts=self) for each in facet.values
        ]
        return CountedValues(values=values, total_count=facet.total)

    def _condition(self, field: FacetField | NumberField) -> Filter | None:
        """The condition on the articles that a facet counts; None for the request's own."""
        condition = self.request.filter
        parts = condition.filters if isinstance(condition, AllOf) else (condition,)
        kept = tuple(part if part == self.scope else without(part, field) for part in parts)
        return None if kept == parts else AllOf(tuple(part for part in kept if part != EVERYTHING))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedValue:
    """A value, and how many articles have it."""

    field: FacetField
    value: str
    count: int
    counts: FacetCounts

    @property
    def name(self) -> AwaitableOrValue[str]:
        """The value as articles have it."""
        return self.counts.name(self.field, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedValues:
    """The values of a facet, and the number of all its values."""

    values: list[CountedValue]
    total_count: int
