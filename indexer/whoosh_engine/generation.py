"""One generation of the index, open for reading."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
from whoosh.reading import IndexReader

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.query import TextField
from indexer.search import IndexStatus, SearchRequest, SearchResult
from indexer.whoosh_engine.fields import microseconds
from indexer.whoosh_engine.format import Format
from indexer.whoosh_engine.order import Rankings
from indexer.whoosh_engine.searching import Search
from indexer.whoosh_engine.segment import Segment
from indexer.whoosh_engine.vocabulary import Vocabulary


class Generation:
    """An open index. Not for several threads at once."""

    def __init__(self, reader: IndexReader, *, number: int, built: Format) -> None:
        """Take an open Whoosh reader, which this closes."""
        self.number = number
        self.built = built
        self._reader = reader
        self._segments = [Segment(leaf) for leaf, _ in reader.leaf_readers()] if reader.doc_count_all() else []
        self._rankings = [Rankings(segment) for segment in self._segments]

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def status(self, now: datetime) -> IndexStatus:
        """The number of articles visible at `now`, and where they come from."""
        clock = microseconds(now.timestamp())
        count = sum(int(np.count_nonzero(segment.visible(clock))) for segment in self._segments)
        return IndexStatus(generation=self.number, built_at=self.built.built_at, article_count=count)

    def fetch(self, keys: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these keys."""
        return [self._first(("key",), key, now) for key in keys]

    def fetch_by_url(self, urls: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these URLs; None for what is no URL."""
        return [self._at_url(url, now) for url in urls]

    def _at_url(self, url: str, now: datetime) -> Article | None:
        try:
            address = canonical_url(url)
        except ValueError:
            return None
        return self._first(("web_url", "other_url"), address, now)

    def _first(self, fields: Iterable[str], term: str, now: datetime) -> Article | None:
        """The visible article with the lowest key that has `term` in the first field where any has it."""
        for field in fields:
            found = [
                article
                for segment in self._segments
                for document in segment.documents(field, term)
                if (article := segment.article(int(document))).is_visible(now)
            ]
            if found:
                return min(found, key=lambda article: article.key)
        return None

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one search. Raises RequestError for positions or statistics of another search."""
        return Search(self._rankings, self._vocabulary, request).result()

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        terms = {field: {term.decode() for term in self._reader.lexicon(field)} for field in TextField}
        return Vocabulary(terms, language=self.built.language)
