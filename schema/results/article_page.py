"""A page of a list of articles. It has the attributes that the GraphQL type `ArticleConnection` declares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from graphql.pyutils import AwaitableOrValue
from msgspec import structs

from indexer.article import Article
from indexer.query.highlight import Highlighter
from indexer.query.understanding import Understanding
from indexer.search.filters import EVERYTHING, Filter
from indexer.search.requests import Explanation, Hit, SearchRequest, SearchResult
from schema.inputs.cursor import PageCursors
from schema.inputs.paging import Page
from schema.loading.loaders import SearchLoader, bare, counted, then, total_of
from schema.results.facet_counts import FacetCounts
from schema.results.page_bounds import PageBounds

if TYPE_CHECKING:
    from schema.loading.context import RequestContext

_Shaped = TypeVar("_Shaped")


class SharedByEdges(NamedTuple):
    """All that the edges of a page have in common. It does not depend on who asks, so that edges may be kept."""

    request: SearchRequest
    cursors: PageCursors
    highlighter: Highlighter | None
    """Marks what the page's search looked for; None where there were no words."""


class ArticleEdge(NamedTuple):
    """An article in its place in a list. A tuple, which is made faster than a frozen dataclass: pages have many."""

    node: Article
    hit: Hit
    shared: SharedByEdges

    @property
    def cursor(self) -> str:
        """The position, as clients hand it back."""
        return self.shared.cursors.at(self.hit.position)

    @property
    def score(self) -> float | None:
        """The score of its match with the text; None where there was no text."""
        return self.hit.score

    @property
    def highlighter(self) -> Highlighter | None:
        """The highlighter of its page."""
        return self.shared.highlighter

    def explanation(self, searches: SearchLoader) -> Awaitable[Explanation | None] | None:
        """The parts of the score; None where there is none. All edges of a page share one search for it."""
        if self.hit.score is None:
            return None
        request, cursors, _ = self.shared
        explained = structs.replace(
            request, explanations=True, understanding=False, total=False, statistics=cursors.statistics
        )
        return then(searches.load(explained), self._explanation)

    def _explanation(self, result: SearchResult) -> Explanation | None:
        """Found by key: another generation may have been swapped in meanwhile."""
        key = self.node.key
        return next((hit.explanation for hit in result.hits if hit.article.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """Articles that match a request, loaded when they are looked at.

    Entries and page info come from one search, and what is counted from the same. `scope` is the part of the request's
    filter that every facet keeps.
    """

    page: Page
    request: SearchRequest
    scope: Filter = EVERYTHING
    result: SearchResult | None = None
    """The result of the request, where the engine had it at hand."""
    context: "RequestContext"

    @property
    def hits_at_hand(self) -> tuple[Hit, ...] | None:
        """The hits, where they need not be loaded: the same object for equal requests, as long as it is kept."""
        return self.result.hits if self.result else None

    @property
    def cursors_at_hand(self) -> PageCursors | None:
        """The cursors of these hits."""
        return self._cursors(self.result) if self.result else None

    @property
    def edges(self) -> AwaitableOrValue[list[ArticleEdge]]:
        """The articles with their places, in order."""
        return self._shaped(self._edges)

    @property
    def nodes(self) -> AwaitableOrValue[list[Article]]:
        """The articles, in order."""
        return self._shaped(_articles)

    @property
    def page_info(self) -> AwaitableOrValue[PageBounds]:
        """The bounds of the page in the list."""
        return self._shaped(self._page_info)

    @property
    def search(self) -> AwaitableOrValue[Understanding | None]:
        """The report of how the text was understood; None where there was no text."""
        return self._shaped(_understanding)

    @property
    def total_count(self) -> AwaitableOrValue[int | None]:
        """The number of articles of the whole list."""
        if self.request.total:
            return self._shaped(counted)
        total = self.result.total if self.result else None
        return total_of(self.request, self.context.searches) if total is None else total

    @property
    def facets(self) -> FacetCounts:
        """The counts of the whole list."""
        return FacetCounts(request=bare(self.request), scope=self.scope, context=self.context)

    def _shaped(self, shape: Callable[[SearchResult], _Shaped]) -> AwaitableOrValue[_Shaped]:
        result = self.result
        return then(self.context.searches.load(self.request), shape) if result is None else shape(result)

    def _edges(self, result: SearchResult) -> list[ArticleEdge]:
        highlighter = Highlighter(result.understanding) if result.understanding else None
        shared = SharedByEdges(self.request, self._cursors(result), highlighter)
        return [ArticleEdge(hit.article, hit, shared) for hit in result.hits]

    def _page_info(self, result: SearchResult) -> PageBounds:
        return PageBounds(result.hits, self._cursors(result), result.has_previous, result.has_next)

    def _cursors(self, result: SearchResult) -> PageCursors:
        return self.page.cursors(self.request.now, result.statistics)


def _articles(result: SearchResult) -> list[Article]:
    return [hit.article for hit in result.hits]


def _understanding(result: SearchResult) -> Understanding | None:
    return result.understanding
