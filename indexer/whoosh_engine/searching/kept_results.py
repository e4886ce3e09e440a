"""What searches found, kept: people page through it, and others ask for the same."""

from collections.abc import Hashable
from typing import NamedTuple

from indexer.memory import OVERHEAD, Memory
from indexer.search.engine import RESULTS_BYTES
from indexer.search.ranking import WORDS_ALONE
from indexer.search.requests import SearchRequest, SearchResult

_BYTES_PER_HIT = 5_000  # about, with the article, which is often kept elsewhere as well
_BYTES_PER_VALUE = 500


class _Kept(NamedTuple):
    result: SearchResult
    size: int

    @classmethod
    def of(cls, result: SearchResult, key: Hashable) -> "_Kept":
        """A result with its key, whose texts and conditions a client may make as long as it likes."""
        values = sum(len(facet.values) for facet in result.facets)
        return cls(result, len(result.hits) * _BYTES_PER_HIT + values * _BYTES_PER_VALUE + len(repr(key)) + OVERHEAD)


class KeptResults:
    """Results of one generation, by request and by moment: at one moment, the same articles are visible.

    With no bytes to keep them in, none are kept.
    """

    def __init__(self, most_bytes: int = RESULTS_BYTES) -> None:
        self._shelf = Memory(most_bytes).shelf(_size)

    def find(self, request: SearchRequest, moment: Hashable) -> SearchResult | None:
        """What was found, if it is kept."""
        kept = self._shelf.find((moment, _key(request)))
        return kept and kept.result

    def put(self, request: SearchRequest, moment: Hashable, result: SearchResult) -> None:
        """Keep what was found for a request that is timeless."""
        key = moment, _key(request)
        self._shelf.put(key, _Kept.of(result, key))


def _size(kept: _Kept) -> int:
    return kept.size


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
