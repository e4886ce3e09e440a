"""The orders of a segment's documents that no query changes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.columns.sort_values import Values


def key_order(keys: Sequence[str]) -> NDArray[np.int32]:
    """The documents in the order of their keys."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int32)


def order(values: tuple[Values, ...], by_key: NDArray[np.int32]) -> NDArray[np.int32]:
    """The documents by their values, largest first, and by key."""
    sorting = np.lexsort([-column[by_key] for column in reversed(values)])  # stable, so keys keep their order
    return by_key[sorting]
