"""A list of articles: prepared once, for all requests with the same arguments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from indexer.search.filters import EVERYTHING, AllOf, Filter
from indexer.search.ranking import WORDS_ALONE, Ranking, Tuning, order_of
from indexer.search.requests import SearchRequest
from schema.inputs.cursor import Listing
from schema.inputs.cursor_seal import CursorSeal
from schema.inputs.paging import Page, Paging, open_page
from schema.loading.context import RequestContext
from schema.results.article_page import ArticlePage


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleList:
    """One page of the articles within `scope`. Facets look beyond all other conditions, and never beyond the scope."""

    scope: Filter
    ranking: Ranking
    page: Page
    is_reported: bool = True
    """True if the page tells how its text was understood."""
    is_counted: bool = False
    """True if the search for the page's articles counts the whole list."""
    is_scored: bool = False
    """True if entries tell their scores in any order."""
    _latest: SearchRequest | None = field(default=None, init=False, compare=False, repr=False)

    def opened(self, context: RequestContext) -> ArticlePage:
        """The page for one request."""
        page, request, now = self.page, self._latest, self.page.seen_at(context.now)
        if request is None or request.now != now:
            request = self._search(now)
            object.__setattr__(self, "_latest", request)  # all requests of a moment have its clock
        result = context.engine.at_hand(request)
        return ArticlePage(page=page, request=request, scope=self.scope, result=result, context=context)

    def _search(self, now: datetime) -> SearchRequest:
        page, listing = self.page, self.page.listing
        return SearchRequest(
            now=now,
            text=listing.text,
            filter=listing.condition,
            ranking=self.ranking,
            tuning=listing.tuning,
            window=page.window,
            total=self.is_counted,
            statistics=page.statistics,
            forgiving=True,
            typing=listing.typing,
            understanding=self.is_reported and bool(listing.text),
            scores=self.is_scored and bool(listing.text) and self.ranking is not Ranking.RELEVANCE,
        )


def article_list(  # noqa: PLR0913 - each defines the list
    *,
    text: str,
    typing: bool = False,
    scope: Filter = EVERYTHING,
    conditions: Iterable[Filter],
    ranking: Ranking | None,
    tuning: Tuning = WORDS_ALONE,
    paging: Paging,
    seal: CursorSeal,
    is_reported: bool = True,
    is_counted: bool = False,
    is_scored: bool = False,
) -> ArticleList:
    """The list; without a ranking, in the order of `order_of`. Raises as `open_page` does."""
    order = order_of(ranking, text, tuning)
    condition = AllOf(tuple(part for part in (scope, *conditions) if part != EVERYTHING))
    page = open_page(paging, Listing(order, text, condition, tuning, typing=typing), seal)
    return ArticleList(
        scope=scope, ranking=order, page=page, is_reported=is_reported, is_counted=is_counted, is_scored=is_scored
    )
