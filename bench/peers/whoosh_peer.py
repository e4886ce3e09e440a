"""Stock Whoosh: `add_document`, its own searcher and its own BM25F. The terms are ours, so that matches agree."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import Stemmer
from corpora.documents import Document
from corpora.queries import Form, Query
from whoosh import fields, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.index import create_in, open_dir

from indexer.text.analysis import terms

_MEGABYTES = 256  # for the writer; its default of 128 writes more runs, which it merges afterwards
_TEXT_FIELDS = ("title", "excerpt")


class WhooshPeer:
    """A searcher over the index in a folder."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Index the documents as one segment."""
        stemmed = _Stemmed()
        schema = fields.Schema(
            key=fields.ID(stored=True),
            title=fields.TEXT(analyzer=SpaceSeparatedTokenizer()),
            excerpt=fields.TEXT(analyzer=SpaceSeparatedTokenizer()),
            topic=fields.KEYWORD(commas=True),
            published=fields.NUMERIC(signed=False, bits=64, sortable=True),
        )
        folder.mkdir()
        writer = create_in(folder, schema).writer(limitmb=_MEGABYTES)
        for document in documents:
            writer.add_document(
                key=document.key,
                title=" ".join(stemmed.terms(document.title)),
                excerpt=" ".join(stemmed.terms(document.excerpt)),
                topic=",".join(document.topics),
                published=document.published,
            )
        writer.commit()

    async def open(self, folder: Path) -> None:
        """Open the index in the folder."""
        self._searcher = open_dir(folder).searcher()
        self._stemmed = _Stemmed()

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches."""
        order = {"sortedby": "published", "reverse": True} if query.by_date else {}
        found = self._searcher.search(self._whole(query), limit=size, filter=self._filter(query), **order)
        return [hit["key"] for hit in found]

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
        found = set(self._whole(query).docs(self._searcher))
        narrowing = self._filter(query)
        return len(found if narrowing is None else found & set(narrowing.docs(self._searcher)))

    def _whole(self, asked: Query) -> query.Query:
        if asked.form is Form.PREFIX:
            return self._in_any_field(query.Prefix, asked.words[0])
        words = [term for word in asked.words for term in self._stemmed.terms(word)]
        if asked.form is Form.PHRASE:
            return self._in_any_field(query.Phrase, words)
        parts = [self._in_any_field(query.Term, word) for word in words]
        return query.Or(parts) if asked.form is Form.ANY else query.And(parts)

    @staticmethod
    def _in_any_field(kind: type[query.Query], what: str | list[str]) -> query.Query:
        return query.Or([kind(field, what) for field in _TEXT_FIELDS])

    @staticmethod
    def _filter(asked: Query) -> query.Query | None:
        return query.Term("topic", asked.topic) if asked.topic else None


class _Stemmed:
    """Our terms, stemmed as ours are."""

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english").stemWord

    def terms(self, text: str) -> list[str]:
        """The stems of a text's terms."""
        return [self._stem(term) if term.isalpha() else term for term in terms(text)]
