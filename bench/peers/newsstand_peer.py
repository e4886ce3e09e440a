"""Our own engine, asked through its public seam. Unlike its peers, it returns whole articles."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from corpora.documents import Document
from corpora.queries import Form, Query
from msgspec import structs

from indexer.article import Article, Provider
from indexer.engines import open_engine, open_writer
from indexer.memory import Memory, Shelf
from indexer.search.filters import EVERYTHING, Among, TermField
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_PROVIDER = Provider(domain="news.example")


class _WithoutResults(Memory):
    """A memory that keeps no results of searches, as the peers do not remember what they found either."""

    def shelf(self, name: str, size: Callable[[_Key, _Value], int]) -> Shelf[_Key, _Value]:
        return Memory(0).shelf(name, lambda *_: 1) if name == "results" else super().shelf(name, size)


class NewsstandPeer:
    """An engine that was opened by `open`."""

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """Index the documents as articles."""
        self.write(documents, str(folder))

    async def open(self, folder: Path) -> None:
        """Open the index in the folder."""
        await self.read(str(folder))

    @staticmethod
    def write(documents: Iterable[Document], url: str) -> None:
        """Index the documents as articles in the index at a URL."""
        with open_writer(url) as writer:
            writer.add(map(_article, documents))
            writer.commit(b"")

    async def read(self, url: str) -> None:
        """Open the index at a URL."""
        self._engine = await open_engine(url, memory=_WithoutResults())

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches, taken from the articles returned."""
        result = await self._result(query, size)
        return [hit.article.key for hit in result.hits]

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
        return (await self._result(query, 0, total=True)).total or 0

    async def _result(self, query: Query, size: int, *, total: bool = False) -> SearchResult:
        request = structs.replace(request_of(query, size, now=datetime.now(UTC)), total=total)
        [result] = await self._engine.search([request])
        return result


def request_of(query: Query, size: int, *, now: datetime) -> SearchRequest:
    """The query as our engine takes it."""
    return SearchRequest(
        now=now,
        text=_text(query),
        filter=Among(TermField.TOPIC, frozenset([query.topic])) if query.topic else EVERYTHING,
        ranking=Ranking.NEWEST if query.by_date else Ranking.RELEVANCE,
        window=Window(size=size),
    )


def _text(query: Query) -> str:
    """The query as a person types it."""
    match query.form:
        case Form.ANY:
            return " OR ".join(query.words)
        case Form.PHRASE:
            return f'"{" ".join(query.words)}"'
        case Form.PREFIX:
            return f"{query.words[0]}*"
        case _:
            return " ".join(query.words)


def _article(document: Document) -> Article:
    return Article(
        key=document.key,
        title=document.title,
        excerpt=document.excerpt,
        topics=tuple(document.topics),
        published_date_time=datetime.fromtimestamp(document.published, UTC),
        web_url=f"https://news.example/{document.key}",
        provider=_PROVIDER,
    )
