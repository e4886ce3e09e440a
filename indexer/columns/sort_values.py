"""The columns that each ranking sorts articles by."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.columns.numbers import MISSING
from indexer.search.ranking import Ranking

Values = NDArray[np.float64]

LAST = -float(2**40)  # comes after every quality, heat and trend
_DAY = 24 * 3600 * 1_000_000  # microseconds

RANKINGS = tuple(ranking for ranking in Ranking if ranking is not Ranking.RELEVANCE)
"""The rankings that no query changes."""


def sort_values(ranking: Ranking, numbers: Mapping[str, NDArray[np.integer]]) -> tuple[Values, ...]:
    """The columns that a ranking sorts articles by, largest first; the key breaks the last ties."""
    published = numbers["published_at"].astype(np.float64)
    match ranking:
        case Ranking.NEWEST | Ranking.RELEVANCE:  # RELEVANCE of no words
            return (published,)
        case Ranking.OLDEST:
            return (-published,)
        case Ranking.QUALITY:
            return (_or_last(numbers["quality"]), published)
        case Ranking.HEAT:
            return (_or_last(numbers["heat"]), published)
        case Ranking.TRENDING:
            return (_trend(numbers["heat"], numbers["published_at"]), published)


def _trend(heat: NDArray[np.integer], published_at: NDArray[np.integer]) -> Values:
    """Heat halved for every day of age, as its binary logarithm up to a constant: log2(heat) + days since 1970.

    In this form the clock does not matter to the order, and no age makes the value vanish.
    """
    logarithm = np.log2(np.maximum(heat, 1))
    return np.where(heat > 0, logarithm + published_at / _DAY, LAST)


def _or_last(column: NDArray[np.integer]) -> Values:
    return np.where(column == MISSING, LAST, column.astype(np.float64))
