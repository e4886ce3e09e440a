"""All that one segment holds, as arrays: what a build collects, and a Whoosh segment is written from and read to."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.filters import TermField
from indexer.whoosh_engine.arrays_file import Arrays, joined, split
from indexer.whoosh_engine.term_table import TermTable

Integers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Which documents have which whole values of one field.

    `values` are sorted; the documents of value `v` lie from `offsets[v]` to `offsets[v + 1]`, ascending.
    """

    values: Sequence[str]
    offsets: Integers
    documents: Integers

    @classmethod
    def of_documents(cls, values: Sequence[Sequence[str]]) -> "ValueTable":
        """The table of documents of which each has its own values, none twice."""
        names = sorted({value for document in values for value in document})
        numbers = {name: number for number, name in enumerate(names)}
        counts = [len(document) for document in values]
        having = np.array([numbers[value] for document in values for value in document], dtype=np.int32)
        documents = np.repeat(np.arange(len(values), dtype=np.int32), counts)
        order = np.argsort(having, kind="stable")
        offsets = np.searchsorted(having[order], np.arange(len(names) + 1)).astype(np.int64)
        return cls(names, offsets, documents[order])

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The table as named arrays, for a file."""
        yield f"values.{name}", joined(self.values)
        yield f"values.{name}.offsets", self.offsets
        yield f"values.{name}.documents", self.documents

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "ValueTable":
        """The table from the arrays that `arrays` named."""
        values = split(arrays[f"values.{name}"])
        return cls(values, arrays[f"values.{name}.offsets"], arrays[f"values.{name}.documents"])

    def having(self) -> Iterator[tuple[str, Integers]]:
        """Each value with its documents."""
        for number, value in enumerate(self.values):
            yield value, self.documents[self.offsets[number] : self.offsets[number + 1]]

    def documents_with(self, value: str) -> Integers:
        """The documents that have `value`."""
        place = bisect_left(self.values, value)
        if place == len(self.values) or self.values[place] != value:
            return self.documents[:0]
        return self.documents[self.offsets[place] : self.offsets[place + 1]]


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
