"""What searches found, kept: people page through it, and others ask for the same."""

from collections.abc import Callable, Hashable
from typing import NamedTuple, cast

from indexer.search import WORDS_ALONE, SearchRequest, SearchResult
from indexer.whoosh_engine.cache import Cache
from indexer.whoosh_engine.searching import Search

KEPT_BYTES = 64_000_000
"""Bytes for the results of one generation, with the articles in them, which are often kept elsewhere as well."""
_BYTES_PER_HIT = 5_000  # about, with the article
_BYTES_PER_VALUE = 500


class _Kept(NamedTuple):
    result: SearchResult

    @property
    def nbytes(self) -> int:
        values = sum(len(facet.values) for facet in self.result.facets)
        return len(self.result.hits) * _BYTES_PER_HIT + values * _BYTES_PER_VALUE


class Remembered:
    """Answers a request as `Search` does, which it asks only where the answer is not kept."""

    def __init__(
        self, request: SearchRequest, search: Callable[[SearchRequest], Search], kept: Cache, moment: Hashable
    ) -> None:
        """Take a request that is `timeless`, and what it depends on besides: which articles are visible now."""
        self._key = (_key(request), moment)
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


def is_timeless(request: SearchRequest) -> bool:
    """Whether the clock says which articles are visible, and nothing else."""
    return request.tuning == WORDS_ALONE


def _key(request: SearchRequest) -> Hashable:
    """All of a timeless request but its clock."""
    window = request.window
    return (
        request.text,
        request.filter,
        request.ranking,
        (window.size, window.after, window.before, window.end),
        (request.total, request.facets, request.spreads),
        request.statistics,
        (request.forgiving, request.understanding, request.explanations),
    )
