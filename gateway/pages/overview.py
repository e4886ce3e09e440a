"""The index at a glance, for the pages that show it."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.http.moment import Moment
from gateway.http.served import Served
from indexer.article import Article
from indexer.search.build_problems import BuildProblems
from indexer.search.facets import Calendar, FacetField, FacetOrder, FacetRequest
from indexer.search.filters import TermField
from schema.inputs.paging import Paging
from schema.loading.context import RequestContext
from schema.loading.loaders import awaited
from schema.results.article_list import article_list
from schema.results.article_page import ArticlePage
from schema.results.facet_counts import CountedValues

_NEWEST = 9
_MOST_VALUES = 8
_MONTHS = 24


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A value as filters take it, the name that people read, and the number of articles that have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class NamedCounts:
    """The most frequent values of a field, and the number of all of them."""

    values: tuple[NamedCount, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The index in one moment. `months` are two years without a gap, the newest last, each as `2020-02`."""

    generation: int
    built_at: datetime
    articles: int
    topics: NamedCounts
    providers: NamedCounts
    months: tuple[NamedCount, ...]
    newest: tuple[Article, ...]
    problems: BuildProblems

    @classmethod
    async def of(cls, moment: Moment, context: RequestContext) -> "Overview":
        """Count the articles of a moment."""
        paging = Paging(first=_NEWEST)
        page = article_list(text="", conditions=(), ranking=None, paging=paging, seal=context.seal).opened(context)
        articles, newest, topics, providers, months = await asyncio.gather(
            awaited(page.total_count),
            awaited(page.nodes),
            named_counts(page, TermField.TOPIC),
            named_counts(page, TermField.PROVIDER),
            named_counts(page, Calendar.MONTH, size=_MONTHS, order=FacetOrder.NAME),
        )
        return cls(
            generation=moment.generation,
            built_at=moment.built_at,
            articles=articles or 0,
            topics=topics,
            providers=providers,
            months=_without_gaps(months.values),
            newest=tuple(newest),
            problems=moment.problems,
        )


class Overviews:
    """The overview of the present. That of the latest moment is kept, and counted once for all who ask meanwhile."""

    def __init__(self, index: Served) -> None:
        self._index = index
        self._counting = asyncio.Lock()
        self._latest: tuple[Hashable, Overview] | None = None

    async def present(self) -> Overview:
        """The overview of this moment. Raises `SearchIndexError` while there is no index."""
        async with self._counting:
            moment = await self._index.moment()
            if self._latest is None or self._latest[0] != moment.identity:
                self._latest = moment.identity, await Overview.of(moment, self._index.context(moment.clock))
            return self._latest[1]


async def named_counts(
    page: ArticlePage, field: FacetField, *, size: int = _MOST_VALUES, order: FacetOrder = FacetOrder.COUNT
) -> NamedCounts:
    """The values of a field among the articles of a list."""
    facet: CountedValues = await page.facets.facet(FacetRequest(field=field, size=size, order=order))
    names = await asyncio.gather(*(awaited(each.name) for each in facet.values))
    counts = (NamedCount(each.value, name, each.count) for each, name in zip(facet.values, names, strict=True))
    return NamedCounts(tuple(counts), facet.total_count)


def _without_gaps(months: Sequence[NamedCount]) -> tuple[NamedCount, ...]:
    """Two years of months up to the newest one that has articles."""
    if not months:
        return ()
    counts = {month.value: month.count for month in months}
    last = max(map(_ordinal, counts))
    names = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(max(last - _MONTHS + 1, 12), last + 1))
    return tuple(NamedCount(name, name, counts.get(name, 0)) for name in names)


def _ordinal(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1
