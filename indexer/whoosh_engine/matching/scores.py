"""The scores of one segment's documents for a query tree."""

from collections.abc import Iterator, Mapping

import numpy as np

from indexer.query.tree import WITH_BODY, Prefix, Query, TextField, Word
from indexer.scoring.bm25f import Statistics
from indexer.scoring.pairs import Pair, pairs
from indexer.scoring.scored_words import ScoredWord, scored_words
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.work import checkpoint


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
        self._conditions: dict[Query, Documents] = {}
        self._mean_lengths = tuple(statistics.mean_lengths.get(field, 0.0) for field in WITH_BODY)

    def scores(self, query: Query, documents: Documents) -> Scores:
        """The scores of documents that match; 0 where only `Without` lets one match."""
        total = np.zeros(len(documents), dtype=np.float32)
        words = [*scored_words(query)]
        for word in words:
            self._add_word(total, word, documents)
        for pair in pairs([word.leaf for word in words]):
            self._add_pair(total, pair, documents)
        return total

    def added(self, query: Query, documents: Documents) -> Iterator[tuple[Word | Prefix | Pair, Scores]]:
        """Each word and pair of the query with the scores that it adds to the documents."""
        words = [*scored_words(query)]
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

    def _add_word(self, total: Scores, word: ScoredWord, documents: Documents) -> None:
        """Add the worth of a word to the scores of those of `documents` that match its condition."""
        if word.condition is None:
            self._add(total, word.leaf, documents)
            return
        matches = self._words.contained(documents, self._documents(word.condition))
        added = np.zeros(int(np.count_nonzero(matches)), dtype=np.float32)
        self._add(added, word.leaf, documents[matches])
        total[matches] += added

    def _documents(self, condition: Query) -> Documents:
        """The documents that match a condition, which several words may have."""
        if condition not in self._conditions:
            self._conditions[condition] = self._matcher.documents(condition)
        return self._conditions[condition]

    def _add(self, total: Scores, leaf: Word | Prefix, documents: Documents) -> None:
        """Add the worth of a word to the scores of `documents`."""
        checkpoint()
        rarity = np.float32(leaf.weight * self._statistics.rarity(leaf.name))
        self._words.add_impacts(total, documents, leaf, rarity, self._mean_lengths)

    def _add_pair(self, total: Scores, pair: Pair, documents: Documents) -> None:
        """Add the worth of a pair to the scores of `documents`."""
        weight = np.float32(self._statistics.pair_weight(pair.first.name, pair.second.name))
        if weight:
            self._words.add_nearness(total, documents, pair, weight)
