"""Many questions of one request, asked of the engine together."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search.engine import SearchEngine
from indexer.search.filters import Among, Filter, TermField
from indexer.search.ranking import WORDS_ALONE, Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult
from schema.loading.loader import Loader, Loading, Shaped

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


class JoinedSearches:
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


SearchLoader = Loader[SearchRequest, SearchResult]
ArticleLoader = Loader[str, Article | None]
SimilarLoader = Loader[tuple[str, int], Sequence[Article]]
_Loaded = TypeVar("_Loaded")
_Shaped = TypeVar("_Shaped")


def search_loader(engine: SearchEngine) -> SearchLoader:
    """Searches at once whatever is asked at once; what is asked of the same articles is one search.

    A request without sense fails alone: the others of its batch are answered.
    """

    async def search(requests: list[SearchRequest]) -> Sequence[SearchResult | BaseException]:
        if len(requests) == 1:
            return await engine.search(requests)
        batch = JoinedSearches(requests)
        try:
            return batch.answers(await engine.search(batch.searches))
        except RequestError as error:
            return [error] if len(requests) == 1 else [await alone(request) for request in requests]

    async def alone(request: SearchRequest) -> SearchResult | BaseException:
        try:
            return (await engine.search([request]))[0]
        except RequestError as error:
            return error

    return Loader(search)


def key_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Fetches articles by their keys."""

    async def fetch(keys: list[str]) -> Sequence[Article | None]:
        return await engine.fetch(keys, now=now)

    return Loader(fetch)


def url_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Fetches articles by any of their URLs."""

    async def fetch(urls: list[str]) -> Sequence[Article | None]:
        return await engine.fetch_by_url(urls, now=now)

    return Loader(fetch)


def similar_loader(engine: SearchEngine, now: datetime) -> SimilarLoader:
    """Finds articles like others, given by key and by how many are wanted."""

    async def similar(wanted: list[tuple[str, int]]) -> Sequence[Sequence[Article]]:
        found: dict[tuple[str, int], Sequence[Article]] = {}
        for size in {size for _, size in wanted}:
            keys = [key for key, number in wanted if number == size]
            answers = await engine.similar(keys, size=size, now=now)
            found.update(((key, size), articles) for key, articles in zip(keys, answers, strict=True))
        return [found[each] for each in wanted]

    return Loader(similar)


def then(loaded: Awaitable[_Loaded], shape: Callable[[_Loaded], _Shaped]) -> Awaitable[_Shaped]:
    """`shape` of what is being loaded.

    What calls it need not be a coroutine, and so asks the loader at once: all fields of a page join one batch.
    """
    return Shaped(loaded, shape) if isinstance(loaded, Loading | Shaped) else _then(loaded, shape)


async def _then(loaded: Awaitable[_Loaded], shape: Callable[[_Loaded], _Shaped]) -> _Shaped:
    return shape(await loaded)


def newest_with(field: TermField, value: str, *, now: datetime, searches: SearchLoader) -> Awaitable[Article | None]:
    """The newest article visible at `now` whose `field` holds `value`; None where there is none."""
    condition = Among(field, frozenset({value}))
    request = SearchRequest(now=now, filter=condition, ranking=Ranking.NEWEST, window=Window(size=1))
    return then(searches.load(request), _first)


def total_of(condition: Filter, *, text: str = "", now: datetime, searches: SearchLoader) -> Awaitable[int | None]:
    """How many articles visible at `now` match. An engine that is asked for a total never leaves it out."""
    request = SearchRequest(now=now, text=text, filter=condition, window=Window(size=0), total=True, forgiving=True)
    return then(searches.load(request), lambda result: result.total)


def _first(result: SearchResult) -> Article | None:
    return result.hits[0].article if result.hits else None
