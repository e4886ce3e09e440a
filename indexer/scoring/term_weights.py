"""The worth of the words of a query, before it is asked where they are."""

from typing import NamedTuple

import numpy as np

from indexer.query.tree import WITH_BODY, Query
from indexer.scoring.bm25f import Statistics
from indexer.scoring.pairs import Pair, pairs
from indexer.scoring.scored_words import ScoredWord, scored_words


class TermWeights(NamedTuple):
    """The words and pairs of a query, each with its worth at the most, in the order of the query."""

    words: tuple[tuple[ScoredWord, np.float32], ...]
    pairs: tuple[tuple[Pair, np.float32], ...]
    mean_lengths: tuple[float, ...]

    @classmethod
    def of(cls, query: Query, statistics: Statistics) -> "TermWeights":
        """The weights of a query by the statistics over all segments."""
        words = [*scored_words(query)]
        pair_weights = [
            (pair, np.float32(statistics.pair_weight(pair.first.name, pair.second.name)))
            for pair in pairs([word.leaf for word in words])
        ]
        return cls(
            words=tuple([(word, np.float32(word.leaf.weight * statistics.rarity(word.leaf.name))) for word in words]),
            pairs=tuple([(pair, weight) for pair, weight in pair_weights if weight]),
            mean_lengths=tuple([statistics.mean_lengths.get(field, 0.0) for field in WITH_BODY]),
        )
