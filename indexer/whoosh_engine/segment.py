"""One segment of the index as arrays: immutable, shared by all searches, released with its segment."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader
from whoosh.reading import IndexReader

from indexer.article import Article
from indexer.filters import NumberField, TermField
from indexer.query import TextField
from indexer.whoosh_engine.columns import Documents, Mask, ValueColumn, numbers
from indexer.whoosh_engine.fields import HAS_IMAGE, PUBLISHED, value_field
from indexer.whoosh_engine.postings import TermPostings, read_postings
from indexer.whoosh_engine.stored import decoded


class Segment:
    """The columns of one Whoosh segment. A document is its number within the segment, from 0 to `size`."""

    def __init__(self, reader: IndexReader) -> None:
        """Take an open Whoosh reader of one segment, which stays its owner's to close."""
        self.reader = reader
        self.size: int = reader.doc_count_all()
        self._values: dict[TermField, ValueColumn] = {}
        self._lengths: dict[TextField, NDArray[np.int64]] = {}
        self._postings: dict[tuple[TextField, str], TermPostings] = {}

    @cached_property
    def published_at(self) -> NDArray[np.int64]:
        """When each article is published, in microseconds since 1970."""
        return numbers(self.reader, "published_at")

    @cached_property
    def quality(self) -> NDArray[np.int64]:
        """Each article's quality, `fields.MISSING` where it has none."""
        return numbers(self.reader, "quality")

    @cached_property
    def heat(self) -> NDArray[np.int64]:
        """Each article's heat, `fields.MISSING` where it has none."""
        return numbers(self.reader, "heat")

    @cached_property
    def has_image(self) -> Mask:
        """Which articles have an image of their own."""
        has_image: Mask = (self._flags & HAS_IMAGE) != 0
        return has_image

    @cached_property
    def keys(self) -> list[str]:
        """Each article's key."""
        return [key.decode() for key in self.reader.column_reader("key", translate=False)]

    @cached_property
    def key_order(self) -> NDArray[np.int64]:
        """The documents in the order of their keys."""
        return np.array(sorted(range(self.size), key=self.keys.__getitem__), dtype=np.int64)

    @cached_property
    def key_rank(self) -> NDArray[np.int64]:
        """The place of each document in `key_order`."""
        rank = np.empty(self.size, dtype=np.int64)
        rank[self.key_order] = np.arange(self.size)
        return rank

    @cached_property
    def _flags(self) -> NDArray[np.int64]:
        return numbers(self.reader, "flags")

    @cached_property
    def live(self) -> Mask:
        """Which documents are not deleted."""
        live = np.ones(self.size, dtype=bool)
        live[list(self.reader.deleted_docs_set)] = False
        return live

    @cached_property
    def _public(self) -> Mask:
        """Neither deleted nor a draft."""
        public: Mask = self.live & ((self._flags & PUBLISHED) != 0)
        return public

    def number(self, field: NumberField) -> NDArray[np.int64]:
        """The column of a field that holds a number."""
        return self.quality if field is NumberField.QUALITY else self.heat

    def lengths(self, field: TextField) -> NDArray[np.int64] | None:
        """How many terms a text field has in each article; None for a field whose length does not matter."""
        if field not in (TextField.TITLE, TextField.EXCERPT):
            return None
        if field not in self._lengths:
            self._lengths[field] = numbers(self.reader, f"{field}_length")
        return self._lengths[field]

    def total_length(self, field: TextField) -> int:
        """How many terms a text field has in all articles together; 0 where its length does not matter."""
        lengths = self.lengths(field)
        return 0 if lengths is None else int(lengths[self.live].sum())

    def postings(self, field: TextField, term: str) -> TermPostings:
        """The postings of a term, read once."""
        if (field, term) not in self._postings:
            self._postings[field, term] = read_postings(self.reader, field, term)
        return self._postings[field, term]

    def values(self, field: TermField) -> ValueColumn:
        """The whole values of `field`."""
        if field not in self._values:
            self._values[field] = ValueColumn.read(self.reader, value_field(field))
        return self._values[field]

    def visible(self, now: int) -> Mask:
        """Which articles ordinary clients may see at `now`, in microseconds since 1970."""
        return self._public & (self.published_at <= now)

    def documents(self, field: str, term: str) -> Documents:
        """The documents that have `term` in a Whoosh field, deleted ones left out."""
        if (field, term) not in self.reader:
            return np.empty(0, dtype=np.int32)
        return np.fromiter(self.reader.postings(field, term).all_ids(), dtype=np.int32)

    def article(self, document: int) -> Article:
        """The whole article."""
        return decoded(self._articles[document])

    @cached_property
    def _articles(self) -> ColumnReader:
        return self.reader.column_reader("article", translate=False)
