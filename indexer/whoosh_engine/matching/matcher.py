"""The documents of one segment that match a query tree."""

from collections.abc import Sequence

import numpy as np

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Mask, as_mask
from indexer.work import checkpoint


class Matcher:
    """Matches queries on one segment.

    `documents` lists all matches; `holds` tests some documents only, so that the work of an AND grows with its rarest
    operand.
    """

    def __init__(self, words: Words, *, size: int) -> None:
        """Take the words of the segment, and the number of documents."""
        self.words = words
        self._size = size

    def documents(self, query: Query) -> Documents:
        """The documents that match, ascending."""
        checkpoint()
        match query:
            case Word() | Prefix():
                return self.words.documents(query)
            case Phrase():
                return self.words.documents_with_phrase(query)
            case Some(queries):
                return self.words.union([self.documents(operand) for operand in queries])
            case Every(queries):
                return self._every(queries)
            case Without(operand):
                return self._complement(self.documents(operand))

    def holds(self, query: Query, documents: Documents) -> Mask:
        """A mask over `documents` that is true for those that match."""
        match query:
            case Every(queries):
                return self._holds_every(queries, documents)
            case Some(queries):
                return ~self._holds_every([Without(operand) for operand in queries], documents)
            case Without(operand):
                return ~self.holds(operand, documents)
            case Word() | Prefix():
                return self.words.have(query, documents)
            case Phrase():
                return self.words.contained(documents, self.documents(query))

    def _holds_every(self, queries: Sequence[Query], documents: Documents) -> Mask:
        mask = np.ones(len(documents), dtype=bool)
        for operand in queries:
            mask &= self.holds(operand, documents)
        return mask

    def _every(self, queries: Sequence[Query]) -> Documents:
        if not queries:
            return np.arange(self._size, dtype=np.int32)
        rarest, *others = sorted(queries, key=self.most)
        documents = self.documents(rarest)
        for other in others:
            if not len(documents):
                break
            documents = documents[self.holds(other, documents)]
        return documents

    def most(self, query: Query) -> int:
        """An upper bound of the number of matches, without evaluating the query."""
        match query:
            case Word() | Prefix():
                return self.words.postings(query)
            case Phrase():
                return min(self.most(word) for word in query.words())
            case Every(queries) if queries:
                return min(map(self.most, queries))
            case Some(queries):
                return sum(map(self.most, queries))
            case _:
                return self._size

    def _complement(self, documents: Documents) -> Documents:
        return np.flatnonzero(~as_mask(self._size, documents)).astype(np.int32)
