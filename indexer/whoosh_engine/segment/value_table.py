"""The whole values of one field, each with its documents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.text.sorted_texts import index_of
from indexer.whoosh_engine.segment.arrays import Indices, Integers, groups_of, starts_of, stretches
from indexer.whoosh_engine.segment.arrays_file import Arrays, joined, split


@dataclass(frozen=True, slots=True)
class ValueTable:
    """The whole values of one field, each with its documents.

    `values` are sorted; the documents of value `v` lie from `offsets[v]` to `offsets[v + 1]`, ascending.
    """

    values: Sequence[str]
    offsets: Integers
    documents: Integers

    @classmethod
    def of_documents(cls, values: Sequence[Sequence[str]]) -> "ValueTable":
        """The table of documents from the values of each, none twice."""
        names = sorted({value for document in values for value in document})
        numbers = {name: number for number, name in enumerate(names)}
        counts = [len(document) for document in values]
        value_of = np.array([numbers[value] for document in values for value in document], dtype=np.int32)
        documents = np.repeat(np.arange(len(values), dtype=np.int32), counts)
        order = np.argsort(value_of, kind="stable")
        return cls(names, starts_of(value_of[order], len(names)), documents[order])

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The table as named arrays, for a file."""
        yield f"values.{name}", joined(self.values)
        yield f"values.{name}.offsets", self.offsets
        yield f"values.{name}.documents", self.documents

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "ValueTable":
        """Read what `arrays` wrote."""
        values = split(arrays[f"values.{name}"])
        return cls(values, arrays[f"values.{name}.offsets"], arrays[f"values.{name}.documents"])

    def parts(self, most: int) -> Iterator["ValueTable"]:
        """The table cut between values, so that each part has `most` documents, or one value with more."""
        for first, last in stretches(self.offsets, most):
            start, end = int(self.offsets[first]), int(self.offsets[last])
            yield ValueTable(self.values[first:last], self.offsets[first : last + 1] - start, self.documents[start:end])

    def items(self) -> Iterator[tuple[str, Integers]]:
        """Each value with its documents."""
        for number, value in enumerate(self.values):
            yield value, self.documents[self.offsets[number] : self.offsets[number + 1]]

    def documents_with(self, value: str) -> Integers:
        """The documents that have `value`."""
        number = index_of(self.values, value)
        if number is None:
            return self.documents[:0]
        return self.documents[self.offsets[number] : self.offsets[number + 1]]

    def by_document(self, size: int) -> Indices:
        """The number of the value that each of `size` documents has, its last one; `len(values)` where it has none."""
        numbers = np.full(size, len(self.values), dtype=np.intp)
        numbers[self.documents] = groups_of(self.offsets)
        return numbers
