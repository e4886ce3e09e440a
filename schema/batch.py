"""Questions about the same articles, put to the engine as one search."""

from collections.abc import Sequence
from dataclasses import replace

from indexer.search import WORDS_ALONE, Ranking, SearchRequest, SearchResult, Window

_NO_PAGE = Window(size=0)


def bare(request: SearchRequest) -> SearchRequest:
    """A request that matches the same articles, and asks for nothing about them."""
    return replace(
        request,
        ranking=Ranking.NEWEST,
        tuning=WORDS_ALONE,
        window=_NO_PAGE,
        total=False,
        facets=(),
        spreads=(),
        statistics="",
        understanding=False,
        explanations=False,
    )


class Batch:
    """Requests of which those that only count join another that matches the same articles.

    `searches` are what the engine is to be asked.
    """

    def __init__(self, requests: Sequence[SearchRequest]) -> None:
        """Take the requests."""
        self._requests = requests
        self.searches: list[SearchRequest] = []
        hosts: dict[SearchRequest, int] = {}  # by what they match
        places: dict[SearchRequest, int] = {}
        for request in sorted(dict.fromkeys(requests), key=_only_counts):
            host = hosts.get(bare(request)) if _only_counts(request) else None
            if host is None:
                self.searches.append(request)
                places[request] = len(self.searches) - 1
                hosts.setdefault(bare(request), places[request])
            else:
                self.searches[host] = _joined(self.searches[host], request)
                places[request] = host
        self._places = [places[request] for request in requests]

    def answers(self, results: Sequence[SearchResult]) -> list[SearchResult]:
        """What each request is answered, from the results of `searches`."""
        return [
            _answer(request, self.searches[place], results[place])
            for request, place in zip(self._requests, self._places, strict=True)
        ]


def _only_counts(request: SearchRequest) -> bool:
    """Whether no page is wanted. A page without entries that counts nothing asks where it lies in its list."""
    is_counting = request.total or bool(request.facets) or bool(request.spreads)
    return is_counting and request == replace(
        bare(request), total=request.total, facets=request.facets, spreads=request.spreads
    )


def _joined(host: SearchRequest, guest: SearchRequest) -> SearchRequest:
    return replace(
        host,
        total=host.total or guest.total,
        facets=tuple(dict.fromkeys(host.facets + guest.facets)),
        spreads=tuple(dict.fromkeys(host.spreads + guest.spreads)),
    )


def _answer(request: SearchRequest, search: SearchRequest, result: SearchResult) -> SearchResult:
    """The part of the result that answers the request, which `search` asks for among others."""
    if request == search:
        return result
    facets = dict(zip(search.facets, result.facets, strict=True))
    spreads = dict(zip(search.spreads, result.spreads, strict=True))
    counted = replace(
        result,
        total=result.total if request.total else None,
        facets=tuple(facets[each] for each in request.facets),
        spreads=tuple(spreads[each] for each in request.spreads),
    )
    if not _only_counts(request):
        return counted
    has_any = bool(result.hits) or result.has_previous or result.has_next
    return replace(counted, hits=(), has_previous=False, has_next=has_any, understanding=None)
