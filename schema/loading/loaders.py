"""The loaders of one request, through which its fields ask the engine together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from graphql.pyutils import AwaitableOrValue
from msgspec import structs

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search.engine import SearchEngine
from indexer.search.ranking import WORDS_ALONE, Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult
from schema.loading.loader import Loader, Loading, Shaped

_NO_PAGE = Window(size=0)


def bare(request: SearchRequest, *, total: bool = False) -> SearchRequest:
    """A request that matches the same articles, and asks for nothing about them but, maybe, their number."""
    return SearchRequest(
        now=request.now,
        text=request.text,
        filter=request.filter,
        window=_NO_PAGE,
        total=total,
        forgiving=request.forgiving,
        typing=request.typing,
    )


class JoinedSearches:
    """Requests of which those that only count join another that matches the same articles.

    The engine answers `searches`, of which there are as few as possible: a page and its total are one.
    """

    def __init__(self, requests: Sequence[SearchRequest]) -> None:
        self._requests = requests
        self.searches: list[SearchRequest] = []
        self._hosts = [0] * len(requests)  # for each request, the number of the search that answers it
        hosts: dict[object, int] = {}  # by the articles that match
        counting = list(map(_only_counts, requests))
        for number in sorted(range(len(requests)), key=counting.__getitem__):
            request = requests[number]
            matched = request.now, request.text, request.filter, request.forgiving, request.typing
            host = hosts.get(matched) if counting[number] else None
            if host is None:
                host = len(self.searches)
                self.searches.append(request)
                hosts.setdefault(matched, host)
            else:
                self.searches[host] = _joined(self.searches[host], request)
            self._hosts[number] = host

    def answers(self, results: Sequence[SearchResult]) -> list[SearchResult]:
        """The answer of each request, from the results of `searches`."""
        return [
            _answer(request, self.searches[host], results[host])
            for request, host in zip(self._requests, self._hosts, strict=True)
        ]


def _only_counts(request: SearchRequest) -> bool:
    """True if no page is wanted. A page without entries that counts nothing asks where it lies in its list."""
    return bool(request.total or request.facets or request.spreads) and not (
        request.window != _NO_PAGE
        or request.ranking is not Ranking.NEWEST
        or request.tuning != WORDS_ALONE
        or request.statistics
        or request.understanding
        or request.explanations
    )


def _joined(host: SearchRequest, guest: SearchRequest) -> SearchRequest:
    return structs.replace(
        host,
        total=host.total or guest.total,
        facets=tuple(dict.fromkeys(host.facets + guest.facets)),
        spreads=tuple(dict.fromkeys(host.spreads + guest.spreads)),
    )


def _answer(request: SearchRequest, search: SearchRequest, result: SearchResult) -> SearchResult:
    """The part of a search's result that answers a request which joined it."""
    if request is search:
        return result
    counted = structs.replace(
        result,
        total=result.total if request.total else None,
        facets=tuple(result.facets[search.facets.index(facet)] for facet in request.facets),
        spreads=tuple(result.spreads[search.spreads.index(spread)] for spread in request.spreads),
    )
    if not _only_counts(request):
        return counted
    has_any = bool(result.hits) or result.has_previous or result.has_next
    return structs.replace(counted, hits=(), has_previous=False, has_next=has_any, understanding=None)


ArticleLoader = Loader[str, Article | None]
SimilarLoader = Loader[tuple[str, int], Sequence[Article]]
_Loaded = TypeVar("_Loaded")
_Shaped = TypeVar("_Shaped")


class EngineSearches:
    """Answers the requests of a batch by as few searches as possible, from results at hand where there are any.

    A request without sense fails alone: the others of its batch are answered.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    async def __call__(self, requests: list[SearchRequest]) -> Sequence[SearchResult | BaseException]:
        """The answers, without a turn of the event loop where the engine has all results at hand."""
        if len(requests) == 1:
            return [self._engine.at_hand(requests[0]) or await self._alone(requests[0])]
        joined = JoinedSearches(requests)
        at_hand = [self._engine.at_hand(search) for search in joined.searches]
        missing = [search for search, result in zip(joined.searches, at_hand, strict=True) if result is None]
        try:
            loaded = iter(await self._engine.search(missing) if missing else ())
        except RequestError:
            return [await self._alone(request) for request in requests]
        return joined.answers([next(loaded) if result is None else result for result in at_hand])

    async def _alone(self, request: SearchRequest) -> SearchResult | BaseException:
        try:
            return (await self._engine.search([request]))[0]
        except RequestError as error:
            return error


class SearchLoader(Loader[SearchRequest, SearchResult]):
    """Loads search results; see `EngineSearches`."""

    def __init__(self, engine: SearchEngine) -> None:
        super().__init__(EngineSearches(engine))
        self.at_hand = engine.at_hand
        """The result of a request where it takes no search, else None."""


def key_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Loads articles by key."""

    async def fetch(keys: list[str]) -> Sequence[Article | None]:
        return await engine.fetch(keys, now=now)

    return Loader(fetch)


def url_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Loads articles by any of their URLs."""

    async def fetch(urls: list[str]) -> Sequence[Article | None]:
        return await engine.fetch_by_url(urls, now=now)

    return Loader(fetch)


def similar_loader(engine: SearchEngine, now: datetime) -> SimilarLoader:
    """Loads articles like others, by the other's key and the greatest number of them."""

    async def similar(pairs: list[tuple[str, int]]) -> Sequence[Sequence[Article]]:
        answers: dict[tuple[str, int], Sequence[Article]] = {}
        for size in {size for _, size in pairs}:
            keys = [key for key, number in pairs if number == size]
            lists = await engine.similar(keys, size=size, now=now)
            answers.update(((key, size), articles) for key, articles in zip(keys, lists, strict=True))
        return [answers[pair] for pair in pairs]

    return Loader(similar)


def then(loaded: Awaitable[_Loaded], shape: Callable[[_Loaded], _Shaped]) -> Awaitable[_Shaped]:
    """`shape` of a value that is being loaded.

    A caller need not be a coroutine, and so asks the loader at once: all fields of a page join one batch.
    """
    return Shaped(loaded, shape) if isinstance(loaded, Loading | Shaped) else _then(loaded, shape)


async def awaited(value: AwaitableOrValue[_Loaded]) -> _Loaded:
    """The value, awaited where it is not there yet."""
    return await value if isinstance(value, Awaitable) else value


async def all_of(values: Sequence[AwaitableOrValue[_Loaded]]) -> list[_Loaded]:
    """The values, awaited where they are not there yet; they have all been asked for by then."""
    return [await awaited(value) for value in values]


async def _then(loaded: Awaitable[_Loaded], shape: Callable[[_Loaded], _Shaped]) -> _Shaped:
    return shape(await loaded)


def counted(result: SearchResult) -> int | None:
    """The number of articles of the whole list; None where nobody asked for it."""
    return result.total


def total_of(request: SearchRequest, searches: SearchLoader) -> AwaitableOrValue[int | None]:
    """The number of articles that match a request. An engine that is asked for a total never leaves it out."""
    request = bare(request, total=True)
    result = searches.at_hand(request)
    return then(searches.load(request), counted) if result is None else counted(result)
