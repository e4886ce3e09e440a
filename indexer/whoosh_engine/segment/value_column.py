"""The values of one field by document, with the cheapest way to count those of any documents."""

from collections.abc import Sequence

import numpy as np

from indexer.whoosh_engine.segment.arrays import Indices, Integers, groups_of
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.value_table import ValueTable

# Counting the values of one document costs as much as so many steps through the documents of all values.
_DOCUMENT_COST = 4


class OneValue:
    """Documents that have one value at most.

    `names` are the values, sorted. The number of a value is its index there.
    """

    def __init__(self, names: Sequence[str], numbers: Indices) -> None:
        """Take each document's number, `len(names)` where it has none."""
        self.names = names
        self._numbers = numbers
        self._totals = self._counted(np.arange(len(numbers)))

    def counts(self, matches: DocSet) -> Integers:
        """For each value, the number of the documents that have it."""
        if matches.count * 2 > matches.size:
            return self._totals - self._counted(matches.absent)
        return self._counted(matches.indices)

    def _counted(self, documents: Indices) -> Integers:
        return np.bincount(self._numbers.take(documents), minlength=len(self.names) + 1)[:-1]


class SeveralValues:
    """Documents of which some have several values."""

    def __init__(self, table: ValueTable, lengths: Indices) -> None:
        """Take the documents by value, and how many values each document has."""
        self.names = table.values
        self._offsets = table.offsets
        self._documents = table.documents.astype(np.intp)
        self._lengths = lengths
        self._starts: Indices = lengths.cumsum() - lengths
        self._numbers = groups_of(table.offsets)[np.argsort(table.documents, kind="stable")]  # document by document

    def counts(self, matches: DocSet) -> Integers:
        """See `OneValue`."""
        if matches.count * _DOCUMENT_COST < matches.size:
            return self._counted(matches.indices)
        if (matches.size - matches.count) * _DOCUMENT_COST < matches.size:
            return np.diff(self._offsets) - self._counted(matches.absent)
        return np.add.reduceat(matches.mask.take(self._documents), self._offsets[:-1], dtype=np.int64)

    def _counted(self, documents: Indices) -> Integers:
        lengths = self._lengths.take(documents)
        before: Indices = lengths.cumsum() - lengths
        indices = (self._starts.take(documents) - before).repeat(lengths)
        indices += np.arange(len(indices))
        return np.bincount(self._numbers.take(indices), minlength=len(self.names))


ValueColumn = OneValue | SeveralValues


def value_column(table: ValueTable, size: int) -> ValueColumn:
    """The values of `table` by document, for `size` documents."""
    lengths: Indices = np.bincount(table.documents, minlength=size)
    if lengths.max(initial=0) > 1:
        return SeveralValues(table, lengths)
    return OneValue(table.values, table.by_document(size))


def month_column(published_at: Integers) -> ValueColumn:
    """The calendar month of each time, given in microseconds since 1970: `2020-02`."""
    months, numbers = np.unique(published_at.astype("datetime64[us]").astype("datetime64[M]"), return_inverse=True)
    return OneValue(np.datetime_as_string(months).tolist(), numbers)
