"""The largest of many numbers, without sorting them all."""

import numpy as np
from numpy.typing import NDArray

_BLOCK = 256


def largest(values: NDArray[np.number], count: int) -> NDArray[np.intp]:
    """The indices of the `count` largest values, and of those equal to the smallest of them, ascending.

    Looks for a bound first: of the maxima of blocks, the `count`-th largest is one that so many values reach.
    """
    if not count:
        return np.empty(0, dtype=np.intp)
    if len(values) <= count:
        return np.arange(len(values))
    blocks = values[: len(values) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).max(axis=1)
    if len(blocks) > count:
        bound = np.partition(blocks, -count)[-count]
        candidates = np.flatnonzero(values >= bound)
    else:
        candidates = np.arange(len(values))
    remaining = values[candidates]
    if len(remaining) <= count:
        return candidates
    reaching: NDArray[np.intp] = candidates[remaining >= np.partition(remaining, -count)[-count]]
    return reaching
