"""What is counted of a list of articles. It has the attributes that the types in `schema/types/facets.py` declare."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace

from indexer.article import Article
from indexer.search.facets import Facet, FacetField, FacetRequest, Spread, SpreadRequest, without
from indexer.search.filters import EVERYTHING, AllOf, Filter, NumberField, TermField
from indexer.search.requests import SearchRequest
from schema.loading.loaders import SearchLoader, newest_with, then


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCounts:
    """Counts the articles that `request` matches, when it is asked to. Whatever is asked at once is one search.

    `scope` is the part of the request's filter that makes the list what it is, as the articles of one provider are:
    it narrows every facet. The rest narrows every facet but that of the field it is about.
    """

    request: SearchRequest
    scope: Filter
    searches: SearchLoader

    def facet(self, wanted: FacetRequest) -> Awaitable["CountedValues"]:
        """The values of a field."""
        facet = replace(wanted, filter=self._condition(wanted.field))
        asked = self.searches.load(replace(self.request, facets=(facet,)))
        return then(asked, lambda result: CountedValues(facet=result.facets[0], counts=self))

    def spread(self, field: NumberField) -> Awaitable[Spread | None]:
        """The numbers of a field; None where no article has one."""
        spread = SpreadRequest(field=field, filter=self._condition(field))
        return then(self.searches.load(replace(self.request, spreads=(spread,))), lambda result: result.spreads[0])

    def name(self, field: FacetField, value: str) -> Awaitable[str]:
        """A value as the newest article has it that has it, in the whole index."""
        if not isinstance(field, TermField):
            return _at_once(value)
        newest = newest_with(field, value, now=self.request.now, searches=self.searches)
        return then(newest, lambda article: (_written(article, field, value) if article else None) or value)

    def _condition(self, field: FacetField | NumberField) -> Filter | None:
        """What a facet counts; None where that is what the request matches."""
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
    def name(self) -> Awaitable[str]:
        """The value as articles have it."""
        return self.counts.name(self.field, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedValues:
    """The values of a facet."""

    facet: Facet
    counts: FacetCounts

    @property
    def values(self) -> list[CountedValue]:
        """The values that were asked for, in order."""
        return [
            CountedValue(field=self.facet.field, value=each.value, count=each.count, counts=self.counts)
            for each in self.facet.values
        ]

    @property
    def total_count(self) -> int:
        """How many values there are."""
        return self.facet.total


def _written(article: Article, field: TermField, value: str) -> str | None:
    match field:
        case TermField.TOPIC:
            return article.topic_named(value)
        case TermField.PROVIDER:
            return article.provider.name or article.provider.domain
        case TermField.CATEGORY:
            return article.category
        case TermField.TYPE:
            return article.type
        case TermField.RELATED_URL:
            return None


async def _at_once(name: str) -> str:
    return name
