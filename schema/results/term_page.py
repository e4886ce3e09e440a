"""A page of all providers or topics, most articles first.

It has the attributes that the GraphQL types `ProviderConnection` and `TopicConnection` declare.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from graphql.pyutils import AwaitableOrValue

from indexer.search.facets import Facet, FacetRequest
from indexer.search.filters import EVERYTHING, TermField
from indexer.search.ranking import Position, Window
from indexer.search.requests import SearchRequest
from schema.inputs.cursor import Listing, PageCursors, articles_per
from schema.inputs.paging import Page, Paging, open_page
from schema.loading.context import RequestContext
from schema.loading.loaders import SearchLoader, all_of, then
from schema.results.page_bounds import PageBounds

_Node = TypeVar("_Node")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEdge(Generic[_Node]):
    """A provider or topic in its place in the list."""

    node: _Node
    position: Position
    cursors: PageCursors

    @property
    def cursor(self) -> str:
        """The position, as clients hand it back."""
        return self.cursors.at(self.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPage(Generic[_Node]):
    """The values of `field`, loaded by one search when they are read. `node` makes a value a provider or topic."""

    field: TermField
    node: Callable[[str], AwaitableOrValue[_Node | None]]
    page: Page
    now: datetime
    searches: SearchLoader

    @property
    def edges(self) -> Awaitable[list[TermEdge[_Node]]]:
        """The values with their places, in order."""
        return self._edges()

    @property
    def nodes(self) -> Awaitable[list[_Node]]:
        """The values, in order."""
        return self._nodes()

    @property
    def page_info(self) -> Awaitable[PageBounds]:
        """The page's bounds in the list."""
        return then(self._load(), self._page_info)

    @property
    def total_count(self) -> Awaitable[int]:
        """The number of different values."""
        return then(self._load(), lambda facet: facet.total)

    def _load(self) -> Awaitable[Facet]:
        window = self.page.window
        facet = FacetRequest(field=self.field, size=window.size, after=window.after)
        request = SearchRequest(now=self.now, filter=EVERYTHING, window=Window(size=0), facets=(facet,))
        return then(self.searches.load(request), lambda result: result.facets[0])

    async def _edges(self) -> list[TermEdge[_Node]]:
        # A generation that was swapped in after the search may have no article with the value any more.
        values = (await self._load()).values
        nodes = await all_of([self.node(value.value) for value in values])
        cursors = self.page.cursors(self.now)
        return [
            TermEdge(node=node, position=value.position, cursors=cursors)
            for value, node in zip(values, nodes, strict=True)
            if node is not None
        ]

    async def _nodes(self) -> list[_Node]:
        return [edge.node for edge in await self._edges()]

    def _page_info(self, facet: Facet) -> PageBounds:
        has_previous = self.page.window.after is not None
        return PageBounds(facet.values, self.page.cursors(self.now), has_previous, facet.has_next)


def list_terms(
    field: TermField, node: Callable[[str], AwaitableOrValue[_Node | None]], *, paging: Paging, context: RequestContext
) -> TermPage[_Node]:
    """The requested page of the field's values. Raises `BadUserInput` where `paging` makes no sense."""
    page = open_page(paging, Listing(articles_per(field), "", EVERYTHING), context.seal)
    now = page.seen_at(context.now)
    return TermPage(field=field, node=node, page=page, now=now, searches=context.searches)
