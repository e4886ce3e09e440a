"""The weights of RELEVANCE beside the words: recency, quality and heat; and turns of providers."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

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
_WARM = 100  # the heat that counts half as much as the hottest


class Weighing(NamedTuple):
    """The weights of a search; `now` is in microseconds since 1970, `best` the highest score of its words."""

    tuning: Tuning
    now: int
    best: float


def tuned(scores: Scores, documents: Documents, segment: SegmentArrays, weighing: Weighing) -> Scores:
    """The sum of the four parts of each document's score; `scores` are those of the words."""
    parts = weighed(scores, documents, segment, weighing)
    return reduce(np.add, parts, np.zeros(len(documents))).astype(np.float32)


def weighed(
    scores: Scores, documents: Documents, segment: SegmentArrays, weighing: Weighing
) -> tuple[NDArray[np.floating], ...]:
    """Text, recency, quality and heat, each from 0 to about 1 and then weighed, for each of the documents."""
    tuning, now, best = weighing
    age = np.maximum(now - segment.published_at[documents], 0) / _HOUR
    quality = _or_zero(segment.number(NumberField.QUALITY)[documents])
    heat = _or_zero(segment.number(NumberField.HEAT)[documents])
    parts: tuple[tuple[float, NDArray[np.floating]], ...] = (
        (tuning.text, scores / best if best else np.zeros(len(documents))),
        (tuning.recency, np.exp2(-age / tuning.half_life_hours)),
        (tuning.quality, np.minimum(quality / _BEST_QUALITY, 1)),
        (tuning.heat, heat / (heat + _WARM)),
    )
    return tuple(weight * values for weight, values in parts)


def turns(matches: Sequence[tuple[SegmentArrays, Documents, NDArray[np.number]]], most: int) -> list[Turns]:
    """For each document of each segment, how often its provider has had `most` better ones: 0 is the first turn."""
    providers = np.unique(
        np.concatenate([_providers(segment)[documents] for segment, documents, _ in matches]), return_inverse=True
    )[1]
    scores = np.concatenate([scores for _, _, scores in matches])
    keys = np.array([segment.keys[document] for segment, documents, _ in matches for document in documents.tolist()])
    order = np.lexsort((keys, -scores, providers))
    ordered = providers[order]
    starts = np.searchsorted(ordered, ordered)  # of the provider of each
    taken = np.empty(len(order), dtype=np.int64)
    taken[order] = (np.arange(len(order)) - starts) // most
    return np.split(taken, np.cumsum([len(documents) for _, documents, _ in matches])[:-1])


def _or_zero(column: NDArray[np.integer]) -> NDArray[np.float64]:
    """The numbers, 0 where one is missing or negative."""
    return np.where(column == MISSING, 0, np.maximum(column, 0)).astype(np.float64)


def _providers(segment: SegmentArrays) -> NDArray[np.str_]:
    """The provider of each document."""
    table = segment.values[TermField.PROVIDER]
    return np.array([*table.values, ""])[table.by_document(segment.size)]
