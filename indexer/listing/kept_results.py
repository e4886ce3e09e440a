"""Results of searches in memory: people page through them, and others ask for the same, or for a part of it."""

from collections.abc import Hashable
from typing import NamedTuple

from msgspec import structs

from indexer.memory import OVERHEAD, Memory, Shelf, plain_bytes
from indexer.search.facets import Facet, FacetRequest, Spread, SpreadRequest
from indexer.search.ranking import WORDS_ALONE
from indexer.search.requests import SearchRequest, SearchResult

_BYTES_PER_HIT = 5_000  # about, with the article, which is often kept elsewhere as well
_BYTES_PER_VALUE = 500
_BYTES_PER_WORD = 1_000
_MOST_COUNTED = 16  # facets and spreads that several requests have asked for, kept for one page


class _Kept(NamedTuple):
    """The result of one page with all extras, and the request that asks for all of it."""

    request: SearchRequest
    result: SearchResult


def _size(key: Hashable, kept: _Kept) -> int:
    """The size of a result with its key, whose texts and conditions a client may make as long as it likes."""
    request, result = kept
    values = sum(len(facet.values) for facet in result.facets)
    words = len(result.understanding.words) if result.understanding else 0
    counted = len(result.hits) * _BYTES_PER_HIT + values * _BYTES_PER_VALUE + words * _BYTES_PER_WORD
    return OVERHEAD + counted + plain_bytes((key, request.facets, request.spreads))


class KeptResults:
    """Results of one generation, by page and by moment: at one moment, the same articles are visible.

    A page with its total, say, also answers a request for the page alone.
    """

    def __init__(self, memory: Memory) -> None:
        self._shelf: Shelf[Hashable, _Kept] = memory.shelf("results", _size)

    def find(self, request: SearchRequest, moment: Hashable) -> SearchResult | None:
        """The result, if all that a timeless request asks for is kept; maybe with more, see `exactly`."""
        kept = self._shelf.find((moment, _page(request)))
        if kept is None or not _has_all(kept.request, request):
            return None
        return kept.result if _counts(request) == _counts(kept.request) else _part(request, kept)

    def put(self, request: SearchRequest, moment: Hashable, result: SearchResult) -> None:
        """Keep the result of a timeless request, together with the extras of others for the same page."""
        key = moment, _page(request)
        kept = self._shelf.find(key)
        if kept and not _has_all(request, kept.request):
            request, result = _joined(kept, request, result)
        self._shelf.replace(key, _Kept(request, result))


def is_timeless(request: SearchRequest) -> bool:
    """Tell whether the clock decides which articles are visible, and nothing else."""
    return request.tuning is WORDS_ALONE or request.tuning == WORDS_ALONE


def _page(request: SearchRequest) -> Hashable:
    """The key of one page of a timeless search; the total, facets and the like are not part of it."""
    window = request.window
    return (
        request.text,
        request.filter,
        request.ranking,
        (window.size, window.offset, window.after, window.before, window.end),
        request.statistics,
        request.forgiving,
        request.typing,
    )


def exactly(request: SearchRequest, result: SearchResult) -> SearchResult:
    """A result of `KeptResults.find` without the total, understanding and scores that a request does not ask for."""
    has_total, has_understanding = result.total is not None, result.understanding is not None
    has_scores = bool(result.hits) and result.hits[0].score is not None
    is_exact = has_total <= request.total and has_understanding <= request.understanding
    if is_exact and has_scores <= request.asks_for_scores:
        return result
    hits = result.hits
    if not request.asks_for_scores:
        hits = tuple([structs.replace(hit, score=None) for hit in hits])
    return structs.replace(
        result,
        hits=hits,
        total=result.total if request.total else None,
        understanding=result.understanding if request.understanding else None,
    )


def _counts(request: SearchRequest) -> Hashable:
    """The extras of a request that are found in its result by their place."""
    return request.facets, request.spreads, request.explanations


def _has_all(request: SearchRequest, other: SearchRequest) -> bool:
    """Tell whether a request asks for all that another one asks for on the same page."""
    return (
        request.total >= other.total
        and request.understanding >= other.understanding
        and _of_hits(request) >= _of_hits(other)
        and set(other.facets) <= set(request.facets)
        and set(other.spreads) <= set(request.spreads)
    )


def _of_hits(request: SearchRequest) -> tuple[bool, bool]:
    """The part of a request about each hit. Explanations come with scores, so that of one includes that of another."""
    return request.explanations, request.asks_for_scores


def _part(request: SearchRequest, kept: _Kept) -> SearchResult:
    """The part of a kept result that a request asks for."""
    result = kept.result
    facets, spreads = _counted(kept.request, result)
    hits = result.hits
    if kept.request.explanations and not request.explanations:
        hits = tuple(structs.replace(hit, explanation=None) for hit in hits)
    return SearchResult(
        hits=hits,
        has_previous=result.has_previous,
        has_next=result.has_next,
        total=result.total if request.total else None,
        facets=tuple([facets[facet] for facet in request.facets]),
        spreads=tuple([spreads[spread] for spread in request.spreads]),
        statistics=result.statistics,
        understanding=result.understanding if request.understanding else None,
    )


def _counted(
    request: SearchRequest, result: SearchResult
) -> tuple[dict[FacetRequest, Facet], dict[SpreadRequest, Spread | None]]:
    """The facets and the spreads of a result, by request."""
    facets = dict(zip(request.facets, result.facets, strict=True))
    return facets, dict(zip(request.spreads, result.spreads, strict=True))


def _joined(kept: _Kept, request: SearchRequest, result: SearchResult) -> tuple[SearchRequest, SearchResult]:
    """A request for all that two ask for on the same page, and its result; the new one alone where that is too much."""
    facets, spreads = _counted(kept.request, kept.result)
    newer_facets, newer_spreads = _counted(request, result)
    facets |= newer_facets
    spreads |= newer_spreads
    if len(facets) + len(spreads) > _MOST_COUNTED:
        return request, result
    both = structs.replace(
        request,
        total=request.total or kept.request.total,
        facets=tuple(facets),
        spreads=tuple(spreads),
        understanding=request.understanding or kept.request.understanding,
        scores=request.scores or kept.request.scores,
        explanations=request.explanations or kept.request.explanations,
    )
    return both, structs.replace(
        result,
        hits=result.hits if _of_hits(request) >= _of_hits(kept.request) else kept.result.hits,
        total=kept.result.total if result.total is None else result.total,
        facets=tuple(facets.values()),
        spreads=tuple(spreads.values()),
        understanding=result.understanding or kept.result.understanding,
    )
