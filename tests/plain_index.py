"""An index held in memory, and its writer: the plain counterpart of an index on disk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from indexer.article import Article
from indexer.errors import IndexBusy
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from tests.replacing import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The result of one commit: all articles by key, and the state stored with them."""

    number: int = 0
    built_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    articles: Mapping[str, Article] = field(default_factory=dict)
    state: bytes = b""


class PlainIndex:
    """The newest generation, and whether somebody is writing the next one."""

    def __init__(self, *, searches_bodies: bool = False) -> None:
        self.searches_bodies = searches_bodies
        self.newest = Generation()
        self.problems = NO_PROBLEMS
        self.is_busy = False

    def open_writer(self) -> "PlainWriter":
        """Start the next generation. Raises `IndexBusy` while another writer is open."""
        if self.is_busy:
            raise IndexBusy("the index in memory is being written; close that writer first")
        self.is_busy = True
        return PlainWriter(self)


class PlainWriter:
    """An `IndexWriter` that collects changes in a dictionary."""

    def __init__(self, index: PlainIndex) -> None:
        self._index = index
        self.searches_bodies = index.searches_bodies
        self._articles = dict(index.newest.articles)

    @property
    def state(self) -> bytes:
        return self._index.newest.state

    @property
    def replaces(self) -> str:
        return ""

    @property
    def replaced_state(self) -> bytes:
        return b""

    def add(self, articles: Iterable[Article]) -> None:
        for article in articles:
            self._articles.pop(article.key, None)
            if article.published:
                self._articles[article.key] = article if self.searches_bodies else replace(article, text=None)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._articles.pop(key, None)

    def commit(self, state: bytes, problems: BuildProblems = NO_PROBLEMS) -> int:
        self._index.problems = problems
        newest = self._index.newest
        if self._articles != newest.articles:
            newest = Generation(number=newest.number + 1, articles=dict(self._articles))
        self._index.newest = replace(newest, state=state)
        return newest.number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._index.is_busy = False
