"""The matches that can be among the best: alternatives of few words are found without those of the common ones.

This is the idea of MaxScore (H. Turtle, J. Flood, Query Evaluation: Strategies and Optimizations, IPM 1995): a match
that has only words whose greatest worths add up to less than the score of enough others need not be scored.
"""

import numpy as np

from indexer.query.tree import Prefix, Query, Some, Word
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.whoosh_engine.segment.doc_set import DocSet

_SLACK = 1 - 1e-4  # Scores are sums in single precision.
FEWEST = 20_000
"""Postings of a query; all matches of fewer are scored as fast."""


def contenders(  # noqa: PLR0913 - a query, where it is asked, and for how many
    query: Query, words: Words, weights: TermWeights, allowed: DocSet, count: int, *, fewest: int = FEWEST
) -> DocSet | None:
    """Documents among which the best `count` matches of one segment are; None where these may be any that match.

    `allowed` are the documents that may match: the visible ones that meet the condition. Nothing is left out of
    `fewest` postings or less.
    """
    if not isinstance(query, Some) or not all(isinstance(part, Word | Prefix) for part in query.queries):
        return None
    leaves = [word.leaf for word, _ in weights.words]
    if count < 1 or sum(map(words.postings, leaves)) <= fewest:
        return None
    means = weights.mean_lengths
    most = [float(worth) * words.greatest_impact(word.leaf, means) for word, worth in weights.words]
    of_pairs = float(sum(worth for _, worth in weights.pairs))
    best = int(np.argmax(most))
    if min(most) + of_pairs >= most[best]:
        return None
    impact = _reached(count, words.impacts(leaves[best], means), words.documents(leaves[best]), allowed)
    left = float(weights.words[best][1]) * impact * _SLACK - of_pairs
    needed = set(range(len(leaves)))
    for number in sorted(needed, key=most.__getitem__):
        left -= most[number]
        if left <= 0:
            break
        needed.remove(number)
    if len(needed) == len(leaves):
        return None
    return allowed.among(words.union([words.documents(leaves[number]) for number in sorted(needed)]))


def _reached(count: int, impacts: Scores, holders: Documents, allowed: DocSet) -> float:
    """The impact that so many allowed documents reach; 0 where fewer have the word."""
    if allowed.count < allowed.size:
        impacts = impacts[allowed.mask[holders]]
    return float(np.partition(impacts, -count)[-count]) if len(impacts) >= count else 0.0
