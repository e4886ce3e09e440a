"""A query tree, evaluated on one segment: how well documents match."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Word, weight_of
from indexer.whoosh_engine.matching.bm25f import PAIR_WEIGHT, Statistics, saturated
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.positions import Pair, pairs
from indexer.whoosh_engine.matching.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Scores, located


class _Part(NamedTuple):
    """A part of the query that adds to the score: a word, and the documents that get it (None: all that have it)."""

    leaf: Word | Prefix
    documents: Documents | None


class Scorer:
    """Scores the documents of one segment.

    Scores are added in the order of the query, whatever the segment is like: the same numbers give the same sum, to the
    last bit, on every page.
    """

    def __init__(self, words: Words, statistics: Statistics, *, size: int) -> None:
        """Take what looks words up, the statistics over all segments, and the number of documents."""
        self._words = words
        self._matcher = Matcher(words, size=size)
        self._statistics = statistics
        self._mean_lengths = tuple(statistics.mean_lengths.get(field, 0.0) for field in SEARCHED)

    def scores(self, query: Query, documents: Documents) -> Scores:
        """How well each of the documents, which match, does; 0 where only `Without` lets it match."""
        total = np.zeros(len(documents), dtype=np.float32)
        parts = [*self._parts(query)]
        for part in parts:
            self._add_part(total, part, documents)
        for pair in pairs([part.leaf for part in parts]):
            self._add_pair(total, pair, documents)
        return total

    def added(self, query: Query, documents: Documents) -> Iterator[tuple[Word | Prefix | Pair, Scores]]:
        """What each word and pair of the query adds to the scores of the documents."""
        for part in self._parts(query):
            added = np.zeros(len(documents), dtype=np.float32)
            self._add_part(added, part, documents)
            yield part.leaf, added
        for pair in pairs([part.leaf for part in self._parts(query)]):
            added = np.zeros(len(documents), dtype=np.float32)
            self._add_pair(added, pair, documents)
            yield pair, added

    def shares(self, leaf: Word | Prefix, documents: Documents) -> Mapping[TextField, Scores]:
        """Which share each field has in what a word adds to the scores of the documents."""
        return self._words.shares(leaf, documents, self._mean_lengths)

    def _parts(self, query: Query) -> Iterator[_Part]:
        match query:
            case Word() | Prefix():
                yield _Part(query, None)
            case Phrase():
                yield from (_Part(word, self._words.having_phrase(query)) for word in query.words())
            case Every(queries):
                for part in queries:
                    yield from self._parts(part)
            case Some(queries):
                for part in queries:
                    yield from self._within(part) if isinstance(part, Every) else self._parts(part)

    def _within(self, query: Every) -> Iterator[_Part]:
        """The parts of an alternative: they count only where all of it matches, as the words of a phrase do."""
        documents = self._matcher.documents(query)
        for leaf, having in self._parts(query):
            both = documents if having is None else documents[self._matcher.contained(documents, having)]
            yield _Part(leaf, both)

    def _add_part(self, total: Scores, part: _Part, documents: Documents) -> None:
        """Add to the scores of `documents` what a word is worth where its phrase is."""
        if part.documents is None:
            self._add(total, part.leaf, documents)
            return
        has_phrase = self._matcher.contained(documents, part.documents)
        added = np.zeros(int(np.count_nonzero(has_phrase)), dtype=np.float32)
        self._add(added, part.leaf, documents[has_phrase])
        total[has_phrase] += added

    def _add(self, total: Scores, leaf: Word | Prefix, documents: Documents) -> None:
        """Add to the scores of `documents` what a word is worth there."""
        having = self._words.occurrences(leaf).documents
        rarity = np.float32(weight_of(leaf) * self._statistics.rarity(leaf.name))
        if having is documents:
            total += rarity * self._words.impacts(leaf, self._mean_lengths)
        elif self._matcher.is_sparse(documents, having):
            places, is_there = located(documents, having)
            hits = np.flatnonzero(is_there)
            total[hits] += rarity * self._words.impacts_at(leaf, places[hits], self._mean_lengths)
        else:
            total += rarity * self._words.impacts_everywhere(leaf, self._mean_lengths)[documents]

    def _add_pair(self, total: Scores, pair: Pair, documents: Documents) -> None:
        """Add to the scores of `documents` what the pair is worth there."""
        names = pair.first.name, pair.second.name
        if all(map(self._statistics.is_common, names)):
            return
        near = self._words.near(pair)
        rarity = np.float32(PAIR_WEIGHT * sum(map(self._statistics.rarity, names)))
        places, hits = located(near.documents, documents)
        total[places[hits]] += rarity * saturated(near.frequencies[hits])
