"""The scores of one segment's documents for a query tree."""

from collections.abc import Iterator, Mapping

import numpy as np

from indexer.query.tree import Prefix, Query, TextField, Word
from indexer.scoring.pairs import Pair
from indexer.scoring.scored_words import ScoredWord
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.work import checkpoint


class Scorer:
    """Scores the documents of one segment.

    Scores are added in the order of the query, whatever the segment is like: the same numbers give the same sum, to the
    last bit, on every page.
    """

    def __init__(self, matcher: Matcher, weights: TermWeights) -> None:
        """Take the matcher of the segment, and the weights of the words in the query."""
        self._words = matcher.words
        self._weights = weights
        self._matcher = matcher
        self._conditions: dict[Query, Documents] = {}

    def scores(self, documents: Documents) -> Scores:
        """The scores of documents that match; 0 where only `Without` lets one match."""
        total = np.zeros(len(documents), dtype=np.float32)
        if all(word.condition is None for word, _ in self._weights.words):
            checkpoint()
            leaves = [(word.leaf, worth) for word, worth in self._weights.words]
            self._words.add_all_impacts(total, documents, leaves, self._weights.mean_lengths)
        else:
            for word, worth in self._weights.words:
                self._add_word(total, word, worth, documents)
        for pair, worth in self._weights.pairs:
            self._words.add_nearness(total, documents, pair, worth)
        return total

    def added(self, documents: Documents) -> Iterator[tuple[Word | Prefix | Pair, Scores]]:
        """Each word and pair of the query with the scores that it adds to the documents."""
        for word, worth in self._weights.words:
            added = np.zeros(len(documents), dtype=np.float32)
            self._add_word(added, word, worth, documents)
            yield word.leaf, added
        for pair, worth in self._weights.pairs:
            added = np.zeros(len(documents), dtype=np.float32)
            self._words.add_nearness(added, documents, pair, worth)
            yield pair, added

    def shares(self, leaf: Word | Prefix, documents: Documents) -> Mapping[TextField, Scores]:
        """Each field's share in the scores that a word adds to the documents."""
        return self._words.shares(leaf, documents, self._weights.mean_lengths)

    def _add_word(self, total: Scores, word: ScoredWord, worth: np.float32, documents: Documents) -> None:
        """Add the worth of a word to the scores of those of `documents` that match its condition."""
        checkpoint()
        if word.condition is None:
            self._words.add_impacts(total, documents, word.leaf, worth, self._weights.mean_lengths)
            return
        matches = self._words.contained(documents, self._documents(word.condition))
        added = np.zeros(int(np.count_nonzero(matches)), dtype=np.float32)
        self._words.add_impacts(added, documents[matches], word.leaf, worth, self._weights.mean_lengths)
        total[matches] += added

    def _documents(self, condition: Query) -> Documents:
        """The documents that match a condition, which several words may have."""
        if condition not in self._conditions:
            self._conditions[condition] = self._matcher.documents(condition)
        return self._conditions[condition]
