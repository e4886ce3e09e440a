"""All that one segment holds, as arrays: what a build collects, and a Whoosh segment is written from and read to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.search.filters import TermField
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.term_table import TermTable
from indexer.whoosh_engine.segment.value_table import ValueTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The documents of one segment, by number from 0.

    `keys` and `articles` (see `stored.py`), and each of `numbers` (by the names of `fields.NUMBERS`), have one entry
    for each document. `tables` has the text fields (by the names of `term_table.TABLES`), `values` the whole values.
    """

    keys: Sequence[str]
    articles: Sequence[bytes]
    numbers: Mapping[str, Integers]
    tables: Mapping[str, TermTable]
    values: Mapping[TermField, ValueTable]

    def __len__(self) -> int:
        return len(self.keys)
