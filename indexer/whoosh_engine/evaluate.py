"""A query tree, evaluated on one segment: which documents match, and how well."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexer.query import SEARCHED, Every, Phrase, Prefix, Query, Some, Without, Word
from indexer.whoosh_engine.bm25f import PAIR_WEIGHT, Statistics, saturated
from indexer.whoosh_engine.documents import as_mask, distinct, located
from indexer.whoosh_engine.nearness import Pair, pairs
from indexer.whoosh_engine.segment import Documents, Mask
from indexer.whoosh_engine.words import Scores, Words

# Finding one number in a sorted array costs as much as so many steps through a dense one.
_SEARCH_COST = 16


class _Part(NamedTuple):
    """A part of the query that adds to the score: a word, and the documents that get it (None: all that have it)."""

    leaf: Word | Prefix
    documents: Documents | None


class Evaluation:
    """Evaluates one query on one segment.

    `documents` lists what matches; `holds` asks the same of given documents, so that the work of an AND grows with its
    rarest part. Scores are added in the order of the query, whatever the segment is like: the same numbers give the
    same sum, to the last bit, on every page.
    """

    def __init__(self, words: Words, statistics: Statistics, *, size: int) -> None:
        """Take what looks words up, the statistics over all segments, and the number of documents."""
        self._words = words
        self._statistics = statistics
        self._size = size
        self._mean_lengths = tuple(statistics.mean_lengths.get(field, 0.0) for field in SEARCHED)

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
            case _:
                return self._contained(documents, self.documents(query))

    def _holds_every(self, queries: Sequence[Query], documents: Documents) -> Mask:
        mask = np.ones(len(documents), dtype=bool)
        for part in queries:
            mask &= self.holds(part, documents)
        return mask

    def scores(self, query: Query, documents: Documents) -> Scores:
        """How well each of the documents, which match, does; 0 where only `Without` lets it match."""
        total = np.zeros(len(documents), dtype=np.float32)
        for leaf, phrase_documents in self._parts(query):
            if phrase_documents is None:
                self._add(total, leaf, documents)
            else:
                has_phrase = self._contained(documents, phrase_documents)
                added = np.zeros(int(np.count_nonzero(has_phrase)), dtype=np.float32)
                self._add(added, leaf, documents[has_phrase])
                total[has_phrase] += added
        for pair in pairs([part.leaf for part in self._parts(query)]):
            self._add_pair(total, pair, documents)
        return total

    def _parts(self, query: Query) -> Iterator[_Part]:
        match query:
            case Word() | Prefix():
                yield _Part(query, None)
            case Phrase():
                yield from (_Part(word, self._words.having_phrase(query)) for word in query.words())
            case Every(queries) | Some(queries):
                for part in queries:
                    yield from self._parts(part)

    def _add(self, total: Scores, leaf: Word | Prefix, documents: Documents) -> None:
        """Add to the scores of `documents` what a word is worth there."""
        having = self._words.occurrences(leaf).documents
        rarity = np.float32(self._statistics.rarity(leaf.name))
        if having is documents:
            total += rarity * self._words.impacts(leaf, self._mean_lengths)
        elif self._is_sparse(documents, having):
            places, is_there = located(documents, having)
            hits = np.flatnonzero(is_there)
            total[hits] += rarity * self._words.impacts_at(leaf, places[hits], self._mean_lengths)
        else:
            dense = np.zeros(self._size, dtype=np.float32)
            dense[having] = self._words.impacts(leaf, self._mean_lengths)
            total += rarity * dense[documents]

    def _add_pair(self, total: Scores, pair: Pair, documents: Documents) -> None:
        """Add to the scores of `documents` what the pair is worth there."""
        names = pair.first.name, pair.second.name
        if all(map(self._statistics.is_common, names)):
            return
        near = self._words.near(pair)
        rarity = np.float32(PAIR_WEIGHT * sum(map(self._statistics.rarity, names)))
        places, hits = located(near.documents, documents)
        total[places[hits]] += rarity * saturated(near.frequencies[hits])

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

    def _contained(self, documents: Documents, having: Documents) -> Mask:
        """Which of `documents` are among `having`."""
        if self._is_sparse(documents, having):
            return located(documents, having)[1]
        return as_mask(self._size, having)[documents]

    def _is_sparse(self, documents: Documents, having: Documents) -> bool:
        """Whether finding `documents` in `having` one by one is faster than going through all of the segment."""
        return len(documents) * _SEARCH_COST < len(having) + self._size // 16
