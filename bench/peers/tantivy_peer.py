"""Tantivy with its own English analyzer, through its Python binding."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy
from corpora.documents import Document
from corpora.queries import Form, Query

_TEXT_FIELDS = ["title", "excerpt"]


class TantivyPeer:
    """A searcher over the index in a folder."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Index the documents with as many threads as Tantivy likes."""
        schema = tantivy.SchemaBuilder().add_text_field("key", stored=True, tokenizer_name="raw")
        for field in _TEXT_FIELDS:
            schema = schema.add_text_field(field, tokenizer_name="en_stem")
        schema = schema.add_text_field("topic", tokenizer_name="raw", index_option="basic")
        schema = schema.add_integer_field("published", fast=True)
        folder.mkdir()
        writer = tantivy.Index(schema.build(), path=str(folder)).writer()
        for document in documents:
            writer.add_document(
                tantivy.Document(
                    key=document.key,
                    title=document.title,
                    excerpt=document.excerpt,
                    topic=document.topics,
                    published=document.published,
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    async def open(self, folder: Path) -> None:
        """Open the index in the folder."""
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches."""
        order = "published" if query.by_date else None
        found = self._searcher.search(self._whole(query), size, count=False, order_by_field=order)
        return [self._searcher.doc(address).get_first("key") for _, address in found.hits]

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
        return int(self._searcher.search(self._whole(query), 1, count=True).count)

    def _whole(self, query: Query) -> tantivy.Query:
        text = self._words(query)
        if query.topic is None:
            return text
        topic = tantivy.Query.term_query(self._index.schema, "topic", query.topic)
        narrowing = tantivy.Query.const_score_query(topic, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, text), (tantivy.Occur.Must, narrowing)])

    def _words(self, query: Query) -> tantivy.Query:
        match query.form:
            case Form.PREFIX:
                pattern = f"{query.words[0]}.*"
                parts = [tantivy.Query.regex_query(self._index.schema, field, pattern) for field in _TEXT_FIELDS]
                return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
            case Form.PHRASE:
                return self._index.parse_query(f'"{" ".join(query.words)}"', _TEXT_FIELDS)
            case _:
                text = " ".join(f'"{word}"' for word in query.words)
                return self._index.parse_query(text, _TEXT_FIELDS, conjunction_by_default=query.form is Form.ALL)
