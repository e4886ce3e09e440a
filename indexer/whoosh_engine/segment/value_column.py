"""The values of one field by document, to count those of any documents by whichever way is shortest."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.segment.arrays import Indices, Integers, as_mask, groups_of
from indexer.whoosh_engine.segment.value_table import ValueTable

# Counting the values of one document costs as much as so many steps through the documents of all values.
_DOCUMENT_COST = 4


class Found:
    """The documents of one segment that were found: a list of them, ascending, or all in a mask."""

    def __init__(self, documents: NDArray[np.int32] | None, mask: NDArray[np.bool_]) -> None:
        """Take the list; or None, and the mask. Beside a list the mask only says how many documents there are."""
        self._documents = documents
        self._mask = mask
        self.size = len(mask)

    @cached_property
    def count(self) -> int:
        """How many they are."""
        return int(np.count_nonzero(self._mask)) if self._documents is None else len(self._documents)

    @cached_property
    def listed(self) -> Indices:
        """The documents."""
        return np.flatnonzero(self._mask) if self._documents is None else self._documents.astype(np.intp)

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which documents they are."""
        return self._mask if self._documents is None else as_mask(self.size, self._documents)

    @cached_property
    def absent(self) -> Indices:
        """All other documents."""
        return np.flatnonzero(~self.mask)

    def of(self, column: Integers) -> Integers:
        """The numbers that they have in a column."""
        return column if self.count == self.size else column.take(self.listed)


class ValueColumn(Protocol):
    """Values by document."""

    @property
    def names(self) -> Sequence[str]:
        """The values that documents have, sorted. The number of a value is its place here."""

    def counts(self, found: Found) -> Integers:
        """For each value, how many of the documents have it."""


class OneValue:
    """Documents that have one value at most."""

    def __init__(self, names: Sequence[str], numbers: Indices) -> None:
        """Take each document's number, `len(names)` where it has none."""
        self.names = names
        self._numbers = numbers
        self._totals = self._counted(np.arange(len(numbers)))

    def counts(self, found: Found) -> Integers:
        """See `ValueColumn`."""
        if found.count * 2 > found.size:
            return self._totals - self._counted(found.absent)
        return self._counted(found.listed)

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

    def counts(self, found: Found) -> Integers:
        """See `ValueColumn`."""
        if found.count * _DOCUMENT_COST < found.size:
            return self._counted(found.listed)
        if (found.size - found.count) * _DOCUMENT_COST < found.size:
            return np.diff(self._offsets) - self._counted(found.absent)
        return np.add.reduceat(found.mask.take(self._documents), self._offsets[:-1], dtype=np.int64)

    def _counted(self, documents: Indices) -> Integers:
        lengths = self._lengths.take(documents)
        before: Indices = lengths.cumsum() - lengths
        places = (self._starts.take(documents) - before).repeat(lengths)
        places += np.arange(len(places))
        return np.bincount(self._numbers.take(places), minlength=len(self.names))


def value_column(table: ValueTable, size: int) -> ValueColumn:
    """The same by document, of `size` documents."""
    lengths: Indices = np.bincount(table.documents, minlength=size)
    if lengths.max(initial=0) > 1:
        return SeveralValues(table, lengths)
    return OneValue(table.values, table.by_document(size))


def month_column(published_at: Integers) -> ValueColumn:
    """The calendar month of each time, given in microseconds since 1970: `2020-02`."""
    months, numbers = np.unique(published_at.astype("datetime64[us]").astype("datetime64[M]"), return_inverse=True)
    return OneValue(np.datetime_as_string(months).tolist(), numbers)
