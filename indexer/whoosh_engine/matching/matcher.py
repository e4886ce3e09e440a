"""Which documents of one segment match a query tree."""

from collections.abc import Sequence

import numpy as np

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word
from indexer.whoosh_engine.matching.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Mask, as_mask, distinct, located

# Finding one number in a sorted array costs as much as so many steps through a dense one.
_SEARCH_COST = 16


class Matcher:
    """Matches queries on one segment.

    `documents` lists what matches; `holds` asks the same of given documents, so that the work of an AND grows with its
    rarest part.
    """

    def __init__(self, words: Words, *, size: int) -> None:
        """Take what looks words up, and the number of documents."""
        self._words = words
        self._size = size

    def documents(self, query: Query) -> Documents:
        """The documents that match, ascending."""
        match query:
            case Word() | Prefix():
                return self._words.occurrences(query).documents
            case Phrase():
                return self._words.having_phrase(query)
            case Some(queries):
                return self._union([self.documents(part) for part in queries])
            case Every(queries):
                return self._every(queries)
            case Without(part):
                return self._complement(self.documents(part))

    def holds(self, query: Query, documents: Documents) -> Mask:
        """Which of the given documents match."""
        match query:
            case Every(queries):
                return self._holds_every(queries, documents)
            case Some(queries):
                return ~self._holds_every([Without(part) for part in queries], documents)
            case Without(part):
                return ~self.holds(part, documents)
            case Word() | Prefix():
                return self._have(query, documents)
            case Phrase():
                return self.contained(documents, self.documents(query))

    def _have(self, leaf: Word | Prefix, documents: Documents) -> Mask:
        having = self._words.occurrences(leaf).documents
        if self.is_sparse(documents, having):
            return located(documents, having)[1]
        return self._words.mask(leaf)[documents]

    def _holds_every(self, queries: Sequence[Query], documents: Documents) -> Mask:
        mask = np.ones(len(documents), dtype=bool)
        for part in queries:
            mask &= self.holds(part, documents)
        return mask

    def _every(self, queries: Sequence[Query]) -> Documents:
        if not queries:
            return np.arange(self._size, dtype=np.int32)
        rarest, *others = sorted(queries, key=self._most)
        documents = self.documents(rarest)
        for other in others:
            if not len(documents):
                break
            documents = documents[self.holds(other, documents)]
        return documents

    def _most(self, query: Query) -> int:
        """How many documents can match, without evaluating the query."""
        match query:
            case Word() | Prefix():
                return len(self._words.occurrences(query).documents)
            case Phrase():
                return min(self._most(word) for word in query.words())
            case Every(queries) if queries:
                return min(map(self._most, queries))
            case Some(queries):
                return sum(map(self._most, queries))
            case _:
                return self._size

    def _union(self, parts: Sequence[Documents]) -> Documents:
        if sum(map(len, parts)) * _SEARCH_COST < self._size:
            return distinct(np.concatenate(parts))[0]
        return np.flatnonzero(as_mask(self._size, *parts)).astype(np.int32)

    def _complement(self, documents: Documents) -> Documents:
        return np.flatnonzero(~as_mask(self._size, documents)).astype(np.int32)

    def contained(self, documents: Documents, having: Documents) -> Mask:
        """Which of `documents` are among `having`."""
        if self.is_sparse(documents, having):
            return located(documents, having)[1]
        return as_mask(self._size, having)[documents]

    def is_sparse(self, documents: Documents, having: Documents) -> bool:
        """Whether finding `documents` in `having` one by one is faster than going through all of the segment."""
        return len(documents) * _SEARCH_COST < len(having) + self._size // 16
