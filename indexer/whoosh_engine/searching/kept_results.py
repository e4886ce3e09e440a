"""What searches found, kept: people page through it, and others ask for the same."""

from collections.abc import Hashable
from typing import NamedTuple, cast

from indexer.memory import Cache
from indexer.search.engine import RESULTS_BYTES
from indexer.search.ranking import WORDS_ALONE
from indexer.search.requests import SearchRequest, SearchResult

_BYTES_PER_HIT = 5_000  # about, with the article, which is often kept elsewhere as well
_BYTES_PER_VALUE = 500


class _Kept(NamedTuple):
    result: SearchResult
    nbytes: int

    @classmethod
    def of(cls, result: SearchResult, key: Hashable) -> "_Kept":
        """A result with its key, whose texts and conditions a client may make as long as it likes."""
        values = sum(len(facet.values) for facet in result.facets)
        return cls(result, len(result.hits) * _BYTES_PER_HIT + values * _BYTES_PER_VALUE + len(repr(key)))


class KeptResults:
    """Results of one generation, by request and by moment: at one moment, the same articles are visible.

    With no bytes to keep them in, none are kept.
    """

    def __init__(self, most_bytes: int = RESULTS_BYTES) -> None:
        self._cache = Cache(most_bytes) if most_bytes else None

    def find(self, request: SearchRequest, moment: Hashable) -> SearchResult | None:
        """What was found, if it is kept."""
        kept = self._cache.find((moment, _key(request))) if self._cache else None
        return cast("_Kept", kept).result if kept else None

    def put(self, request: SearchRequest, moment: Hashable, result: SearchResult) -> None:
        """Keep what was found for a request that is timeless."""
        if self._cache:
            key = moment, _key(request)
            self._cache.put(key, _Kept.of(result, key))


def is_timeless(request: SearchRequest) -> bool:
    """Whether the clock says which articles are visible, and nothing else."""
    return request.tuning is WORDS_ALONE or request.tuning == WORDS_ALONE


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
