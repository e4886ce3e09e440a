"""The popularity of completions of one kind at one moment: their visible articles, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.understanding.suggesting import HALF_LIFE
from indexer.whoosh_engine.segment.arrays import Integers, Mask

# Up to this many numbers are sorted one by one; more are marked in a mask of all.
_FEW = 64


@dataclass(frozen=True, slots=True)
class Popularity:
    """By the number of the completion; those without a visible article have a count of 0.

    A score is the binary logarithm of the count plus the time of the newest article, in months since 1970: popular and
    recent completions score high. `in_order` has those with a visible article, the best first, ties by number; `ranks`
    has their indexes there, and the length of `in_order` for all others. `newest` has for each segment the newest
    visible document, -1 where there is none, and `shown` a mask of the phrases that a visible document has.
    """

    counts: NDArray[np.int64]
    scores: NDArray[np.float64]
    in_order: NDArray[np.intp]
    ranks: NDArray[np.intp]
    newest: Sequence[NDArray[np.int32]]
    shown: Sequence[Mask]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        counted = self.counts.nbytes + self.scores.nbytes + self.in_order.nbytes + self.ranks.nbytes
        return counted + sum(array.nbytes for array in self.newest) + sum(mask.nbytes for mask in self.shown)

    @classmethod
    def of(
        cls,
        counts: NDArray[np.int64],
        published_at: NDArray[np.float64],
        newest: Sequence[NDArray[np.int32]],
        shown: Sequence[Mask] = (),
    ) -> "Popularity":
        """Completions with these counts, whose newest articles were published at these times, in microseconds."""
        scores = np.log2(np.maximum(counts, 1)) + published_at / HALF_LIFE
        is_visible = counts > 0
        in_order = np.lexsort((-scores, ~is_visible))[: np.count_nonzero(is_visible)]
        ranks = np.full(len(counts), len(in_order))
        ranks[in_order] = np.arange(len(in_order))
        return cls(counts, scores, in_order, ranks, newest, shown)

    def best(self, numbers: Integers, size: int) -> list[int]:
        """The best of some completions that have a visible article, each once."""
        end = len(self.in_order)
        if len(numbers) <= _FEW:
            ranks = sorted(set(self.ranks[numbers].tolist()) - {end})[:size]
        else:
            is_sought = np.zeros(end + 1, dtype=bool)
            is_sought[self.ranks[numbers]] = True
            ranks = np.flatnonzero(is_sought[:end])[:size].tolist()
        best: list[int] = self.in_order[ranks].tolist()
        return best
