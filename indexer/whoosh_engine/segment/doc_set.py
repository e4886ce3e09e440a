"""Sets of documents within one segment: the matching, the visible, the counted ones."""

from functools import cached_property

import numpy as np

from indexer.whoosh_engine.segment.arrays import Documents, Indices, Integers, Mask, as_mask

_FIRST = 64  # documents that are looked up before all others


class DocSet:
    """Documents of one segment, given as a list or as a mask. The other form is made when it is first needed."""

    def __init__(self, size: int, documents: Documents | None = None, *, mask: Mask | None = None) -> None:
        """Take the number of documents in the segment, and the documents of the set: ascending, or as a mask."""
        self.size = size
        self._documents = documents
        self._mask = mask

    @classmethod
    def marked(cls, mask: Mask) -> "DocSet":
        """The documents for which the mask is true."""
        return cls(len(mask), mask=mask)

    @property
    def nbytes(self) -> int:
        """The memory that the form takes in which the set was given."""
        array = self._mask if self._documents is None else self._documents
        return 0 if array is None else array.nbytes

    @cached_property
    def count(self) -> int:
        """The number of documents in the set."""
        return int(np.count_nonzero(self.mask)) if self._documents is None else len(self._documents)

    @cached_property
    def documents(self) -> Documents:
        """The documents, ascending."""
        return self.indices.astype(np.int32) if self._documents is None else self._documents

    @cached_property
    def indices(self) -> Indices:
        """The documents, ascending, to look other arrays up with."""
        return np.flatnonzero(self.mask) if self._documents is None else self._documents.astype(np.intp)

    @cached_property
    def mask(self) -> Mask:
        """True for each document of the segment that is in the set."""
        return as_mask(self.size, self.documents) if self._mask is None else self._mask

    @cached_property
    def absent(self) -> Indices:
        """All other documents of the segment."""
        return np.flatnonzero(~self.mask)

    def among(self, documents: Documents | None) -> "DocSet":
        """Those of some documents, ascending, that are in this set; None stands for all documents."""
        if documents is None:  # a set of its own: the lists that a search makes of it go with the search
            whole = DocSet.marked(self.mask)
            whole.count = self.count
            return whole
        if self.count == self.size:
            return DocSet(self.size, documents)
        is_there = self.mask[documents]
        return DocSet(self.size, documents if is_there.all() else documents[is_there])

    def count_of(self, documents: Integers) -> int:
        """The number of some documents that are in this set."""
        return len(documents) if self.count == self.size else int(np.count_nonzero(self.mask[documents]))

    def has_any(self, documents: Documents) -> bool:
        """Tell whether one of some documents is in this set; of many, one of the first nearly always is."""
        if self.count == self.size:
            return len(documents) > 0
        return bool(self.mask[documents[:_FIRST]].any() or self.mask[documents[_FIRST:]].any())

    def of(self, column: Integers) -> Integers:
        """The numbers of these documents in a column."""
        return column if self.count == self.size else column.take(self.indices)
