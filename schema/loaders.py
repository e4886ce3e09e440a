"""Many questions of one request, asked of the engine together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search import SearchEngine, SearchRequest, SearchResult
from schema.batch import Batch
from schema.loader import Loader, Loading, Shaped

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
        batch = Batch(requests)
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
