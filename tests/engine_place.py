"""Places where an index can be: what the contract of engines is proven on."""

from collections.abc import Iterable
from typing import Protocol

from indexer import engines
from indexer.article import Article
from indexer.search.engine import BodySearch, IndexWriter, SearchEngine
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex


class Place(Protocol):
    """One index, empty at first."""

    def open_writer(self) -> IndexWriter: ...

    async def open_engine(self) -> SearchEngine: ...


class NewPlace(Protocol):
    """Makes a place for a new index, whose bodies are searched where `bodies` is ON."""

    def __call__(self, *, bodies: BodySearch = BodySearch.KEPT) -> Place: ...


class OpenWith(Protocol):
    """Adds articles to one index and opens an engine on it; closed when the test is over."""

    async def __call__(self, *articles: Article) -> SearchEngine: ...


class PlainPlace:
    """An index in memory."""

    def __init__(self, *, searches_bodies: bool = False) -> None:
        self._index = PlainIndex(searches_bodies=searches_bodies)

    def open_writer(self) -> IndexWriter:
        return self._index.open_writer()

    async def open_engine(self) -> SearchEngine:
        return PlainEngine(index=self._index)


class UrlPlace:
    """An index that is opened from a URL, as the gateway does."""

    def __init__(self, url: str, *, bodies: BodySearch = BodySearch.KEPT) -> None:
        self.url = url
        self._bodies = bodies

    def open_writer(self) -> IndexWriter:
        return engines.open_writer(self.url, bodies=self._bodies)

    async def open_engine(self) -> SearchEngine:
        return await engines.open_engine(self.url)


def write(place: Place, articles: Iterable[Article] = (), *, without: Iterable[str] = (), state: bytes = b"") -> int:
    """Delete and add articles in one build; the number of the generation made."""
    with place.open_writer() as writer:
        writer.delete(without)
        writer.add(articles)
        return writer.commit(state)
