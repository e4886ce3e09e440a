"""Documents with scores, and how they combine."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.columns import Documents


class Found(NamedTuple):
    """Documents in ascending order, and the score of each."""

    documents: Documents
    scores: NDArray[np.float64]


def union(parts: Sequence[Found]) -> Found:
    """All documents of the parts, their scores added."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NOTHING
    documents, places = np.unique(np.concatenate([part.documents for part in parts]), return_inverse=True)
    scores = np.bincount(places, weights=np.concatenate([part.scores for part in parts]), minlength=len(documents))
    return Found(documents, scores.astype(np.float64, copy=False))


def intersection(parts: Sequence[Found]) -> Found:
    """The documents that all parts have, their scores added."""
    result, *others = sorted(parts, key=lambda part: len(part.documents))
    for other in others:
        shared, mine, theirs = np.intersect1d(
            result.documents, other.documents, assume_unique=True, return_indices=True
        )
        result = Found(shared, result.scores[mine] + other.scores[theirs])
    return result


NOTHING = Found(np.empty(0, dtype=np.int32), np.empty(0))
