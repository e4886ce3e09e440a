"""The weights of RELEVANCE beside the words: recency, quality and heat."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.columns.numbers import MISSING
from indexer.query.tree import Query, leaves
from indexer.scoring.bm25f import Statistics
from indexer.search.filters import NumberField
from indexer.search.ranking import WORDS_ALONE, Ranking, Tuning
from indexer.search.requests import SearchRequest

Scores = NDArray[np.float32]

HOUR = 3600 * 1_000_000  # microseconds
BEST_QUALITY = 100
WARM = 100  # the heat that counts half as much as the hottest


class Weighing(NamedTuple):
    """The weights of a search; `now` is in microseconds since 1970, `best` the highest score of its words."""

    tuning: Tuning
    now: int
    best: float


class Columns(Protocol):
    """The numbers of some articles that weights count, looked up as far as they are needed."""

    def published_at(self) -> NDArray[np.integer]:
        """The times of publication, in microseconds since 1970."""

    def number(self, field: NumberField) -> NDArray[np.integer]:
        """The numbers of a field, `MISSING` where there is none."""


def weighing(request: SearchRequest, query: Query, statistics: Statistics, *, now: int) -> Weighing | None:
    """The weights of a request with this query; None where the words alone decide."""
    tuning = request.tuning
    are_alone = tuning is WORDS_ALONE or replace(tuning, max_per_provider=None) == WORDS_ALONE
    if request.ranking is not Ranking.RELEVANCE or are_alone:
        return None
    best = sum(leaf.weight * statistics.rarity(leaf.name) for leaf in leaves(query))
    return Weighing(tuning, now, best)


def tuned(scores: Scores, columns: Columns, weighing: Weighing) -> Scores:
    """The sum of the four parts of each article's score; `scores` are those of the words."""
    parts = weighed(scores, columns, weighing)
    return reduce(np.add, parts, np.zeros(len(scores))).astype(np.float32)


def weighed(scores: Scores, columns: Columns, weighing: Weighing) -> tuple[NDArray[np.floating], ...]:
    """Text, recency, quality and heat, each from 0 to about 1 and then weighed, for each of the articles."""
    tuning, now, best = weighing

    def age() -> NDArray[np.float64]:
        hours: NDArray[np.float64] = np.maximum(now - columns.published_at(), 0) / HOUR
        return hours

    parts: tuple[tuple[float, Callable[[], NDArray[np.floating]]], ...] = (
        (tuning.text if best else 0, lambda: scores / best),
        (tuning.recency, lambda: np.exp2(-age() / tuning.half_life_hours)),
        (tuning.quality, lambda: np.minimum(_or_zero(columns.number(NumberField.QUALITY)) / BEST_QUALITY, 1)),
        (tuning.heat, lambda: _warmth(_or_zero(columns.number(NumberField.HEAT)))),
    )
    return tuple(weight * values() if weight else np.zeros(len(scores)) for weight, values in parts)


def _warmth(heat: NDArray[np.float64]) -> NDArray[np.float64]:
    warmth: NDArray[np.float64] = heat / (heat + WARM)
    return warmth


def _or_zero(column: NDArray[np.integer]) -> NDArray[np.float64]:
    """The numbers, 0 where one is missing or negative."""
    return np.where(column == MISSING, 0, np.maximum(column, 0)).astype(np.float64)
