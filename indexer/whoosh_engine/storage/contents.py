"""The contents of one segment as arrays, as a build collects them, and as a Whoosh segment is written and read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.search.filters import TermField
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.term_table import TermTable
from indexer.whoosh_engine.segment.value_table import ValueTable


class StoredArticles(Protocol):
    """Articles as they are stored, document after document. They need not be in memory."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The documents of one segment, by number from 0.

    `keys`, `articles` (see `article_json.py`) and each column of `numbers` (by the names in `whoosh_fields.NUMBERS`)
    have one entry per document. `tables` has the text fields (by the names in `term_table.TABLES`).
    """

    keys: Sequence[str]
    articles: StoredArticles
    numbers: Mapping[str, Integers]
    tables: Mapping[str, TermTable]
    values: Mapping[TermField, ValueTable]

    def __len__(self) -> int:
        return len(self.keys)
