"""Lists without words, kept: the newest articles of all, or of a topic, are asked for again and again."""

from collections.abc import Callable, Hashable
from typing import NamedTuple, cast

from indexer.search import WORDS_ALONE, SearchRequest, SearchResult
from indexer.whoosh_engine.cache import Cache
from indexer.whoosh_engine.searching import Search

KEPT_BYTES = 16_000_000
_BYTES_PER_HIT = 5_000  # about, with the article
_BYTES_PER_VALUE = 500


class _Kept(NamedTuple):
    result: SearchResult

    @property
    def nbytes(self) -> int:
        values = sum(len(facet.values) for facet in self.result.facets)
        return len(self.result.hits) * _BYTES_PER_HIT + values * _BYTES_PER_VALUE


class Listing:
    """Answers a request without words as `Search` does, which it asks only where the answer is not kept."""

    def __init__(
        self, request: SearchRequest, search: Callable[[SearchRequest], Search], kept: Cache, moment: Hashable
    ) -> None:
        """Take the request, and what it depends on besides: which articles are visible at this moment."""
        window, counted = request.window, (request.total, request.facets, request.spreads)
        part = window.size, window.after, window.before, window.end
        self._key = request.filter, request.ranking, part, counted, moment
        self._request = request
        self._search = search
        self._kept = kept
        self._known = kept.find(self._key)

    def cost(self) -> int:
        """See `Search`."""
        return 0 if self._known else self._search(self._request).cost()

    def result(self) -> SearchResult:
        """See `Search`."""
        known = self._known or self._kept.put(self._key, _Kept(self._search(self._request).result()))
        return cast("_Kept", known).result


def is_listing(request: SearchRequest) -> bool:
    """Whether nothing but the filter, the ranking and the window says what is found."""
    return not request.text and request.tuning == WORDS_ALONE
