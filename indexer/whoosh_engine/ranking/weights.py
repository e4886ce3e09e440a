"""The weights of RELEVANCE beside the words: recency, quality and heat; and turns of providers."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Tuning
from indexer.whoosh_engine.ranking.ranked import Turns
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.whoosh_engine.segment.numbers import MISSING
from indexer.whoosh_engine.segment.segment import SegmentArrays

_HOUR = 3600 * 1_000_000  # microseconds
_BEST_QUALITY = 100
_WARM = 100  # the heat that counts half of what any heat can


def tuned(  # noqa: PLR0913  # the parts of the score
    scores: Scores, documents: Documents, segment: SegmentArrays, *, tuning: Tuning, now: int, best: float
) -> Scores:
    """The weighted sum of four parts, each from 0 to 1 or about 1, for each of the documents.

    `scores` are those of the text, and `best` is what the text could score; `now` is in microseconds since 1970.
    """
    parts = weighed(scores, documents, segment, tuning=tuning, now=now, best=best)
    return reduce(np.add, parts, np.zeros(len(documents))).astype(np.float32)


def weighed(  # noqa: PLR0913  # as above
    scores: Scores, documents: Documents, segment: SegmentArrays, *, tuning: Tuning, now: int, best: float
) -> tuple[NDArray[np.floating], ...]:
    """The four parts of each document's score, weighed: text, recency, quality and heat."""
    age = np.maximum(now - segment.published_at[documents], 0) / _HOUR
    quality = _known(segment.number(NumberField.QUALITY)[documents])
    heat = _known(segment.number(NumberField.HEAT)[documents])
    parts: tuple[tuple[float, NDArray[np.floating]], ...] = (
        (tuning.text, scores / best if best else np.zeros(len(documents))),
        (tuning.recency, np.exp2(-age / tuning.half_life_hours)),
        (tuning.quality, np.minimum(quality / _BEST_QUALITY, 1)),
        (tuning.heat, heat / (heat + _WARM)),
    )
    return tuple(weight * values for weight, values in parts)


def turns(found: Sequence[tuple[SegmentArrays, Documents, NDArray[np.number]]], most: int) -> list[Turns]:
    """For each document of each segment, how often its provider has had `most` better ones: 0 is the first turn."""
    providers = _numbered([_providers(segment)[documents] for segment, documents, _ in found])
    scores = np.concatenate([scores for _, _, scores in found])
    keys = np.array([segment.keys[document] for segment, documents, _ in found for document in documents.tolist()])
    order = np.lexsort((keys, -scores, providers))
    ordered = providers[order]
    starts = np.searchsorted(ordered, ordered)  # where the provider of each begins
    taken = np.empty(len(order), dtype=np.int64)
    taken[order] = (np.arange(len(order)) - starts) // most
    return np.split(taken, np.cumsum([len(documents) for _, documents, _ in found])[:-1])


def _known(column: NDArray[np.integer]) -> NDArray[np.float64]:
    """The numbers, 0 where one is missing or negative."""
    return np.where(column == MISSING, 0, np.maximum(column, 0)).astype(np.float64)


def _providers(segment: SegmentArrays) -> NDArray[np.str_]:
    """The provider of each document."""
    table = segment.values[TermField.PROVIDER]
    return np.array([*table.values, ""])[table.by_document(segment.size)]


def _numbered(names: Sequence[NDArray[np.str_]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(names), return_inverse=True)[1]
