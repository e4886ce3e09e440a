"""Turns of providers in a ranked list."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.search.filters import TermField
from indexer.whoosh_engine.ranking.ranked import Turns
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.segment import SegmentArrays


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
        best = best_first(np.concatenate([scores for _, _, scores in matches]), keys)
        order = best[np.argsort(providers[best], kind="stable")]
        counts = np.bincount(providers)
        starts = (np.cumsum(counts) - counts)[providers[order]]
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
        type_ = np.min_scalar_type(len(numbers))  # of 16 bits if possible, which are sorted in linear time
        return [
            np.array([*(numbers[name] for name in table.values), 0], type_)[table.by_document(segment.size)]
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


def best_first(scores: NDArray[np.number], keys: Documents) -> NDArray[np.intp]:
    """The order by scores, the greatest first, ties by key.

    Scores are 32 bits wide and not negative, so their bits have the same order: with the key's bits they are one.
    """
    if scores.dtype != np.float32:
        return np.lexsort((keys, -scores))
    bits = np.uint64(2**32 - 1) - np.abs(scores).view(np.uint32).astype(np.uint64)
    return np.argsort(bits << np.uint64(32) | keys.astype(np.uint64))
