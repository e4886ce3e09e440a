"""A page of a list of articles. It has the attributes that the GraphQL type `ArticleConnection` declares."""

from collections.abc import Awaitable
from dataclasses import dataclass

from indexer.article import Article
from indexer.filters import Filter
from indexer.search import Hit, Ranking, SearchRequest, SearchResult, Tuning
from schema.cursor import Cursor
from schema.loaders import SearchLoader, then
from schema.lookups import total_of
from schema.page_info import PageInfo
from schema.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEdge:
    """An article in its place in a list."""

    hit: Hit
    place: Cursor

    @property
    def cursor(self) -> str:
        """The place, as clients hand it back."""
        return self.place.encode()

    @property
    def node(self) -> Article:
        """The article."""
        return self.hit.article

    @property
    def score(self) -> float | None:
        """How well it matches the text; None where there was none."""
        return self.hit.score


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """Articles that match `text` and `condition`, loaded when they are looked at.

    Entries and page info come from one search, the total from another one in the same batch.
    """

    page: Page
    text: str
    condition: Filter
    ranking: Ranking
    tuning: Tuning
    searches: SearchLoader

    @property
    def edges(self) -> Awaitable[list[ArticleEdge]]:
        """The articles with their places, in order."""
        return then(self._load(), self._edges)

    @property
    def nodes(self) -> Awaitable[list[Article]]:
        """The articles, in order."""
        return then(self._load(), lambda result: [hit.article for hit in result.hits])

    @property
    def page_info(self) -> Awaitable[PageInfo]:
        """Where the page lies in the list."""
        return then(self._load(), self._page_info)

    @property
    def total_count(self) -> Awaitable[int | None]:
        """How many articles the whole list has."""
        return total_of(self.condition, text=self.text, now=self.page.now, searches=self.searches)

    def _load(self) -> Awaitable[SearchResult]:
        page = self.page
        request = SearchRequest(
            now=page.now,
            text=self.text,
            filter=self.condition,
            ranking=self.ranking,
            tuning=self.tuning,
            window=page.window,
            statistics=page.statistics,
        )
        return self.searches.load(request)

    def _edges(self, result: SearchResult) -> list[ArticleEdge]:
        return [ArticleEdge(hit=hit, place=self._place(hit, result)) for hit in result.hits]

    def _page_info(self, result: SearchResult) -> PageInfo:
        places = [self._place(hit, result).encode() for hit in (*result.hits[:1], *result.hits[-1:])]
        start, end = places or (None, None)
        return PageInfo(
            has_next_page=result.has_next, has_previous_page=result.has_previous, start_cursor=start, end_cursor=end
        )

    def _place(self, hit: Hit, result: SearchResult) -> Cursor:
        statistics = self.page.statistics or result.statistics
        return Cursor(listing=self.page.listing, clock=self.page.now, position=hit.position, statistics=statistics)
