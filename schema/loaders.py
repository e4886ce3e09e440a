"""Many questions of one request, asked of the engine together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from strawberry.dataloader import DataLoader

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search import SearchEngine, SearchRequest, SearchResult

SearchLoader = DataLoader[SearchRequest, SearchResult]
ArticleLoader = DataLoader[str, Article | None]
_Loaded = TypeVar("_Loaded")
_Shaped = TypeVar("_Shaped")


def search_loader(engine: SearchEngine) -> SearchLoader:
    """Searches at once whatever is asked at once; equal requests are one.

    A request without sense fails alone: the others of its batch are answered.
    """

    async def search(requests: list[SearchRequest]) -> Sequence[SearchResult | BaseException]:
        try:
            return await engine.search(requests)
        except RequestError as error:
            return [error] if len(requests) == 1 else [await alone(request) for request in requests]

    async def alone(request: SearchRequest) -> SearchResult | BaseException:
        try:
            return (await engine.search([request]))[0]
        except RequestError as error:
            return error

    return DataLoader(load_fn=search)


def key_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Fetches articles by their keys."""

    async def fetch(keys: list[str]) -> Sequence[Article | None]:
        return await engine.fetch(keys, now=now)

    return DataLoader(load_fn=fetch)


def url_loader(engine: SearchEngine, now: datetime) -> ArticleLoader:
    """Fetches articles by any of their URLs."""

    async def fetch(urls: list[str]) -> Sequence[Article | None]:
        return await engine.fetch_by_url(urls, now=now)

    return DataLoader(load_fn=fetch)


async def then(loaded: Awaitable[_Loaded], shape: Callable[[_Loaded], _Shaped]) -> _Shaped:
    """`shape` of what is being loaded.

    What calls it need not be a coroutine itself, and so asks the loader at once: all fields of a page join one batch.
    """
    return shape(await loaded)
