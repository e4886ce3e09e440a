"""The worth of the words of a query, before it is asked where they are."""

from math import prod
from typing import NamedTuple

import numpy as np

from indexer.query.tree import WITH_BODY, Every, Phrase, Prefix, Query, Some, Without, Word
from indexer.scoring.bm25f import Statistics
from indexer.scoring.pairs import Pair, pairs
from indexer.scoring.scored_words import ScoredWord, scored_words


class TermWeights(NamedTuple):
    """The words and pairs of a query, each with its worth at the most, in the order of the query.

    `share` is about how much of all articles matches, as if it were left to chance which words stand together.
    """

    words: tuple[tuple[ScoredWord, np.float32], ...]
    pairs: tuple[tuple[Pair, np.float32], ...]
    mean_lengths: tuple[float, ...]
    share: float

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
            share=_share(query, statistics),
        )


def _share(query: Query, statistics: Statistics) -> float:
    match query:
        case Word() | Prefix():
            return statistics.document_frequencies.get(query.name, 0) / max(1, statistics.documents)
        case Phrase():
            return prod(_share(word, statistics) for word in query.words())
        case Every(queries):
            return prod(_share(part, statistics) for part in queries)
        case Some(queries):
            return min(1.0, sum(_share(part, statistics) for part in queries))
        case Without(part):
            return 1 - _share(part, statistics)
