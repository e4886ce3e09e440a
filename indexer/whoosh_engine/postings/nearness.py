"""The documents of one segment in which the words of a pair are near each other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import SEARCHED, Prefix, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS, saturated
from indexer.scoring.pairs import Pair
from indexer.whoosh_engine.segment.arrays import (
    Documents,
    Positions,
    Scores,
    distinct,
    documents_of,
    fields_of,
    positions_within,
    starts_of_runs,
)

PositionsOf = Callable[[Word | Prefix, tuple[TextField, ...]], Positions]  # of a word in some fields, ascending

_WEIGHTS = np.array([FIELD_WEIGHTS[field].weight for field in SEARCHED])


@dataclass(frozen=True, slots=True)
class Near:
    """The documents in which a pair is near, ascending, and its impact on each: its share of what it is worth there."""

    documents: Documents
    impacts: Scores

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + self.impacts.nbytes


_NOWHERE = Near(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


def near(pair: Pair, positions_of: PositionsOf, among: Documents | None = None) -> Near:
    """The documents in which the second word of the pair follows the first in at most `gap` steps.

    Only those `among` some documents, unless that is None.
    """
    firsts, seconds = positions_of(pair.first, SEARCHED), positions_of(pair.second, SEARCHED)
    if among is not None:
        firsts = positions_within(among, firsts)
    followed = _followed(firsts, seconds, pair.gap)
    if not len(followed):
        return _NOWHERE
    documents = documents_of(followed)
    starts = starts_of_runs(documents)
    frequencies = np.add.reduceat(_WEIGHTS[fields_of(followed)], starts)
    return Near(documents[starts], saturated(frequencies.astype(np.float32)))


def _followed(firsts: Positions, seconds: Positions, gap: int) -> Positions:
    """The positions in `firsts` with one of `seconds` at most `gap` steps behind, looked up from the fewer of both."""
    if not len(firsts) or not len(seconds):
        return firsts[:0]
    if len(firsts) <= len(seconds):
        steps = seconds.take(seconds.searchsorted(firsts, "right"), mode="clip") - firsts
        return firsts[(steps > 0) & (steps <= gap)]
    behind = firsts.searchsorted(seconds)
    leads = [_leads(behind - step, firsts, seconds, gap) for step in range(1, gap + 1)]
    return firsts[distinct(np.concatenate(leads))[0]]


def _leads(indices: NDArray[np.intp], firsts: Positions, seconds: Positions, gap: int) -> NDArray[np.intp]:
    """Those of `indices` into `firsts`, one for each of `seconds`, that are at most `gap` steps before it."""
    is_lead = (indices >= 0) & (seconds - firsts.take(indices, mode="clip") <= gap)
    return indices[is_lead]
