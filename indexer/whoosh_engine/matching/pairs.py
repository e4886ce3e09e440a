"""Pairs of words, which score higher where they are near each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import SEARCHED, WITH_BODY, Prefix, TextField, Word
from indexer.whoosh_engine.matching.bm25f import FIELD_WEIGHTS
from indexer.whoosh_engine.segment.arrays import Documents, Positions, distinct, documents_of, located

REACH = 2
"""Steps by which the second word of a pair may follow the first, typed or in a text: "bodies of revolution" is a pair.
"""

_PAIRED = (SEARCHED, WITH_BODY)  # the fields of words that form pairs; how near they are in bodies does not count

PositionsOf = Callable[[Word | Prefix, TextField], Positions]  # of a word in a field, ascending


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words of a query, and how far apart they were typed."""

    first: Word
    second: Word
    gap: int


@dataclass(frozen=True, slots=True)
class Near:
    """The documents in which a pair is near, ascending, and how often, weighted by field."""

    documents: Documents
    frequencies: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + self.frequencies.nbytes


def pairs(words: list[Word | Prefix]) -> Iterator[Pair]:
    """The pairs in a query of these words, each with the smallest gap it was typed with.

    Words that may be meant besides have no pairs.
    """
    words = [word for word in words if word.weight == 1]
    gaps: dict[tuple[Word, Word], int] = {}
    for gap in range(REACH, 0, -1):
        for first, second in zip(words, words[gap:], strict=False):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields in _PAIRED:
                gaps[first, second] = gap
    return (Pair(first, second, gap) for (first, second), gap in gaps.items() if first != second)


def near(pair: Pair, positions_of: PositionsOf) -> Near:
    """The documents in which the second word of the pair follows the first in at most `gap` steps."""
    occurrences, weights = [], []
    for field in SEARCHED:
        followed = _followed(positions_of(pair.first, field), positions_of(pair.second, field), pair.gap)
        occurrences.append(documents_of(followed))
        weights.append(np.full(len(followed), FIELD_WEIGHTS[field].weight, dtype=np.float32))
    documents, indices = distinct(np.concatenate(occurrences))
    frequencies = np.bincount(indices, weights=np.concatenate(weights), minlength=len(documents))
    return Near(documents, frequencies.astype(np.float32))


def _followed(firsts: Positions, seconds: Positions, gap: int) -> Positions:
    """The positions in `firsts` with one of `seconds` at most `gap` steps behind, looked up from the fewer of both."""
    if len(firsts) <= len(seconds):
        follows = [located(firsts + step, seconds)[1] for step in range(1, gap + 1)]
        return firsts[np.logical_or.reduce(follows)]
    leads = [seconds[located(seconds - step, firsts)[1]] - step for step in range(1, gap + 1)]
    return distinct(np.concatenate(leads))[0]
