"""The weights of RELEVANCE beside the words: recency, quality and heat; and turns of providers."""

from collections.abc import Sequence
from functools import cached_property, reduce
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


class TurnOrder:
    """Numbers for the providers and keys of all segments, so that providers take turns without a comparison of texts.

    They are made once, when they are first needed.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        self._segments = segments

    def turns(self, matches: Sequence[tuple[SegmentArrays, Documents, NDArray[np.number]]], most: int) -> list[Turns]:
        """For each match of each segment, how often its provider has had `most` better ones: 0 is the first turn."""
        each = [documents for _, documents, _ in matches]
        providers = np.concatenate([of[documents] for of, documents in zip(self._providers, each, strict=True)])
        keys = np.concatenate([of[documents] for of, documents in zip(self._keys, each, strict=True)])
        order = np.lexsort((keys, -np.concatenate([scores for _, _, scores in matches]), providers))
        ordered = providers[order]
        starts = np.searchsorted(ordered, ordered)  # of the provider of each
        taken = np.empty(len(order), dtype=np.int64)
        taken[order] = (np.arange(len(order)) - starts) // most
        return np.split(taken, np.cumsum(list(map(len, each)))[:-1])

    @cached_property
    def _providers(self) -> list[Documents]:
        """The number of each document's provider, 0 where it has none."""
        tables = [segment.values[TermField.PROVIDER] for segment in self._segments]
        numbers = {
            name: number for number, name in enumerate(sorted({name for each in tables for name in each.values}), 1)
        }
        return [
            np.array([*(numbers[name] for name in table.values), 0], np.int32)[table.by_document(segment.size)]
            for table, segment in zip(tables, self._segments, strict=True)
        ]

    @cached_property
    def _keys(self) -> list[Documents]:
        """The rank of each document's key among those of all segments."""
        if len(self._segments) == 1:
            return [self._segments[0].key_rank]
        sizes = [segment.size for segment in self._segments]
        keys = [segment.keys[document] for segment in self._segments for document in range(segment.size)]
        ranks = np.empty(len(keys), dtype=np.int32)
        ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys), dtype=np.int32)
        return np.split(ranks, np.cumsum(sizes)[:-1])


def _or_zero(column: NDArray[np.integer]) -> NDArray[np.float64]:
    """The numbers, 0 where one is missing or negative."""
    return np.where(column == MISSING, 0, np.maximum(column, 0)).astype(np.float64)
