"""One segment of the index as arrays: immutable, shared by all searches, released with its segment."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from typing import Self

import numpy as np

from indexer.article import Article
from indexer.columns.article_json import decoded
from indexer.columns.numbers import length_column
from indexer.columns.sort_values import RANKINGS, Values, sort_values
from indexer.query.tree import TextField
from indexer.search.facets import FacetField
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Ranking
from indexer.search.suggestions import SuggestionKind
from indexer.whoosh_engine.segment.arrays import Documents, Integers, Mask
from indexer.whoosh_engine.segment.arrays_file import Arrays, Texts
from indexer.whoosh_engine.segment.completion_texts import PHRASED, CompletionTexts
from indexer.whoosh_engine.segment.lexicon import Lexicon
from indexer.whoosh_engine.segment.term_table import TABLES, TermTable
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.segment.value_column import ValueColumn, month_column, value_column
from indexer.whoosh_engine.segment.value_table import ValueTable


class SegmentArrays:
    """The columns of one segment. A document is its number within the segment, from 0 to `size`."""

    def __init__(self, arrays: Arrays, stored: Callable[[int], bytes], deleted: frozenset[int]) -> None:
        """Take the derived arrays, the reader of stored articles, and the deleted documents."""
        self._arrays = arrays
        self.stored = stored
        """Reads an article as it is stored: the same bytes are the same article."""
        self.size = len(arrays["order.key"])
        self.deleted = deleted
        self.published_at: Integers = arrays["number.published_at"]
        self._columns: dict[FacetField, ValueColumn] = {}

    def with_deletions(self, deleted: frozenset[int]) -> Self:
        """The same columns with other deletions."""
        other = copy(self)
        other.deleted = deleted
        vars(other).pop("live", None)
        return other

    def prepare(self) -> Self:
        """Make now what every search needs, so that none has to wait for it."""
        _ = self.tables, self.lexicons, self.values, self.addresses
        return self

    @cached_property
    def tables(self) -> Mapping[str, TermTable]:
        """The tables of terms, by name."""
        return {name: TermTable.of_arrays(name, self._arrays) for name in TABLES}

    @cached_property
    def lexicons(self) -> Mapping[str, Lexicon]:
        """The stems of each table of terms."""
        return {name: Lexicon.of_arrays(name, self._arrays) for name in TABLES}

    @cached_property
    def values(self) -> Mapping[TermField, ValueTable]:
        """The values of each field that has whole ones."""
        return {field: ValueTable.of_arrays(field, self._arrays) for field in TermField}

    @cached_property
    def addresses(self) -> Addresses:
        """The documents by URL."""
        return Addresses.of_arrays(self._arrays)

    @cached_property
    def phrases(self) -> Mapping[SuggestionKind, CompletionTexts]:
        """The texts to complete, by kind."""
        return {kind: CompletionTexts.of_arrays(kind, self._arrays) for kind in PHRASED}

    @cached_property
    def live(self) -> Mask:
        """A mask of the documents that are not deleted."""
        live = np.ones(self.size, dtype=bool)
        live[list(self.deleted)] = False
        return live

    @cached_property
    def has_image(self) -> Mask:
        """A mask of the articles with an image of their own."""
        has_image: Mask = self._arrays["number.has_image"] != 0
        return has_image

    @cached_property
    def keys(self) -> Texts:
        """Each document's key."""
        return Texts(self._arrays["keys"])

    @cached_property
    def key_rank(self) -> Documents:
        """The rank of each document in the order of keys."""
        rank = np.empty(self.size, dtype=np.int32)
        rank[self._arrays["order.key"]] = np.arange(self.size, dtype=np.int32)
        return rank

    @property
    def numbers(self) -> Mapping[str, Integers]:
        """All columns of numbers, by name."""
        return {name.removeprefix("number."): column for name, column in self._arrays.items() if "number." in name}

    def number(self, field: NumberField) -> Integers:
        """The column of a field that holds a number, `MISSING` where an article has none."""
        return self._arrays[f"number.{field}"]

    def lengths(self, field: TextField) -> Integers:
        """The number of terms that a searched field has in each article."""
        return self._arrays[f"number.{length_column(field)}"]

    @cached_property
    def sort_values(self) -> dict[Ranking, tuple[Values, ...]]:
        """The columns that each ranking but RELEVANCE sorts by, largest first."""
        return {ranking: sort_values(ranking, self.numbers) for ranking in RANKINGS}

    def order(self, ranking: Ranking) -> Documents:
        """The documents in the order of a ranking other than RELEVANCE."""
        return self._arrays[f"order.{ranking}"]

    def document(self, key: str) -> int | None:
        """The document with this key."""
        by_key = self._arrays["order.key"]
        rank = self.keys_before(key)
        return int(by_key[rank]) if rank < self.size and self.keys[by_key[rank]] == key else None

    def keys_before(self, key: str) -> int:
        """The number of documents with a smaller key."""
        return bisect_left(self._arrays["order.key"], key, key=self.keys.__getitem__)

    def keys_until(self, key: str) -> int:
        """The number of documents with this key or a smaller one."""
        return self.keys_before(key) + (self.document(key) is not None)

    def article(self, document: int) -> Article:
        """The whole article, read anew each time."""
        return decoded(self.stored(document))

    def column(self, field: FacetField) -> ValueColumn:
        """The values of a field by document."""
        if field not in self._columns:
            self._columns[field] = (
                value_column(self.values[field], self.size)
                if isinstance(field, TermField)
                else month_column(self.published_at)
            )
        return self._columns[field]
