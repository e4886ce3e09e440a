"""The scores of one segment's documents for a query tree."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from indexer.query.tree import WITH_BODY, Every, Phrase, Prefix, Query, Some, TextField, Word
from indexer.whoosh_engine.matching.bm25f import PAIR_WEIGHT, Statistics, saturated
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.pairs import Pair, pairs
from indexer.whoosh_engine.matching.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Scores, located
from indexer.work import checkpoint


class _ScoredWord(NamedTuple):
    """A word that adds to the score, and the documents that it adds to (None: all that have it)."""

    leaf: Word | Prefix
    documents: Documents | None


class Scorer:
    """Scores the documents of one segment.

    Scores are added in the order of the query, whatever the segment is like: the same numbers give the same sum, to the
    last bit, on every page.
    """

    def __init__(self, words: Words, statistics: Statistics, *, size: int) -> None:
        """Take the words of the segment, the statistics over all segments, and the number of documents."""
        self._words = words
        self._matcher = Matcher(words, size=size)
        self._statistics = statistics
        self._mean_lengths = tuple(statistics.mean_lengths.get(field, 0.0) for field in WITH_BODY)

    def scores(self, query: Query, documents: Documents) -> Scores:
        """The scores of documents that match; 0 where only `Without` lets one match."""
        total = np.zeros(len(documents), dtype=np.float32)
        words = [*self._scored_words(query)]
        for word in words:
            self._add_word(total, word, documents)
        for pair in pairs([word.leaf for word in words]):
            self._add_pair(total, pair, documents)
        return total

    def added(self, query: Query, documents: Documents) -> Iterator[tuple[Word | Prefix | Pair, Scores]]:
        """Each word and pair of the query with the scores that it adds to the documents."""
        words = [*self._scored_words(query)]
        for word in words:
            added = np.zeros(len(documents), dtype=np.float32)
            self._add_word(added, word, documents)
            yield word.leaf, added
        for pair in pairs([word.leaf for word in words]):
            added = np.zeros(len(documents), dtype=np.float32)
            self._add_pair(added, pair, documents)
            yield pair, added

    def shares(self, leaf: Word | Prefix, documents: Documents) -> Mapping[TextField, Scores]:
        """Each field's share in the scores that a word adds to the documents."""
        return self._words.shares(leaf, documents, self._mean_lengths)

    def _scored_words(self, query: Query) -> Iterator[_ScoredWord]:
        match query:
            case Word() | Prefix():
                yield _ScoredWord(query, None)
            case Phrase():
                yield from (_ScoredWord(word, self._words.documents_with_phrase(query)) for word in query.words())
            case Every(queries):
                for part in queries:
                    yield from self._scored_words(part)
            case Some(queries):
                for part in queries:
                    yield from self._within(part) if isinstance(part, Every) else self._scored_words(part)

    def _within(self, query: Every) -> Iterator[_ScoredWord]:
        """The words of an alternative: they count only where all of it matches, as the words of a phrase do."""
        documents = self._matcher.documents(query)
        for leaf, holders in self._scored_words(query):
            both = documents if holders is None else documents[self._matcher.contained(documents, holders)]
            yield _ScoredWord(leaf, both)

    def _add_word(self, total: Scores, word: _ScoredWord, documents: Documents) -> None:
        """Add the worth of a word to the scores of those of `documents` that have its phrase."""
        if word.documents is None:
            self._add(total, word.leaf, documents)
            return
        has_phrase = self._matcher.contained(documents, word.documents)
        added = np.zeros(int(np.count_nonzero(has_phrase)), dtype=np.float32)
        self._add(added, word.leaf, documents[has_phrase])
        total[has_phrase] += added

    def _add(self, total: Scores, leaf: Word | Prefix, documents: Documents) -> None:
        """Add the worth of a word to the scores of `documents`."""
        checkpoint()
        holders = self._words.occurrences(leaf).documents
        rarity = np.float32(leaf.weight * self._statistics.rarity(leaf.name))
        if holders is documents:
            total += rarity * self._words.impacts(leaf, self._mean_lengths)
        elif self._matcher.is_sparse(documents, holders):
            indices, is_there = located(documents, holders)
            hits = np.flatnonzero(is_there)
            total[hits] += rarity * self._words.impacts_at(leaf, indices[hits], self._mean_lengths)
        elif self._matcher.is_sparse(holders, documents):
            indices, is_there = located(holders, documents)
            total[indices[is_there]] += rarity * self._words.impacts(leaf, self._mean_lengths)[is_there]
        else:
            total += rarity * self._words.impacts_everywhere(leaf, self._mean_lengths)[documents]

    def _add_pair(self, total: Scores, pair: Pair, documents: Documents) -> None:
        """Add the worth of a pair to the scores of `documents`."""
        names = pair.first.name, pair.second.name
        if all(map(self._statistics.is_common, names)):
            return
        near = self._words.near(pair)
        rarity = np.float32(PAIR_WEIGHT * sum(map(self._statistics.rarity, names)))
        indices, hits = located(near.documents, documents)
        total[indices[hits]] += rarity * saturated(near.frequencies[hits])
