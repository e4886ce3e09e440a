"""The documents of one segment in which the words of a pair are near each other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import SEARCHED, Prefix, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS
from indexer.scoring.pairs import Pair
from indexer.whoosh_engine.segment.arrays import Documents, Positions, distinct, documents_of, located

PositionsOf = Callable[[Word | Prefix, TextField], Positions]  # of a word in a field, ascending


@dataclass(frozen=True, slots=True)
class Near:
    """The documents in which a pair is near, ascending, and how often, weighted by field."""

    documents: Documents
    frequencies: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + self.frequencies.nbytes


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
