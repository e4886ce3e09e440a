"""Whoosh as it comes: its English analyzer, which drops stop words, and its query parser."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from corpora.documents import Document
from corpora.queries import Form, Query
from whoosh import fields
from whoosh.analysis import StemmingAnalyzer
from whoosh.index import create_in, open_dir
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup


class WhooshAsIsPeer:
    """A searcher over the index in a folder, for words only."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Index title and excerpt."""
        text = fields.TEXT(analyzer=StemmingAnalyzer())
        folder.mkdir()
        writer = create_in(folder, fields.Schema(key=fields.ID(stored=True), title=text, excerpt=text)).writer()
        for document in documents:
            writer.add_document(key=document.key, title=document.title, excerpt=document.excerpt)
        writer.commit()

    async def open(self, folder: Path) -> None:
        """Open the index in the folder."""
        self._index = open_dir(folder)
        self._searcher = self._index.searcher()

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches."""
        return [hit["key"] for hit in self._searcher.search(self._parsed(query), limit=size)]

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
        return sum(1 for _ in self._parsed(query).docs(self._searcher))

    def _parsed(self, query: Query) -> object:
        group = OrGroup if query.form is Form.ANY else AndGroup
        return MultifieldParser(["title", "excerpt"], self._index.schema, group=group).parse(" ".join(query.words))
