"""Sorted numbers, of documents or of places in them: found among others, and spread out over all documents."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int32, np.int64)


def located(sought: NDArray[_Number], having: NDArray[_Number]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each number sought, a place in `having`, and whether it is there. Both ascend."""
    if not len(having):
        return np.zeros(len(sought), dtype=np.intp), np.zeros(len(sought), dtype=bool)
    places = having.searchsorted(sought)
    places[places == len(having)] = 0
    return places, having[places] == sought


def as_mask(size: int, *parts: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A mask over all documents that is true for those of every part."""
    mask = np.zeros(size, dtype=bool)
    for part in parts:
        mask[part] = True
    return mask


def distinct(numbers: NDArray[_Number]) -> tuple[NDArray[_Number], NDArray[np.intp]]:
    """The different numbers, ascending, and for each number its place among them. Faster than NumPy's for few."""
    order = numbers.argsort(kind="stable")
    ordered = numbers[order]
    is_first = np.ones(len(numbers), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    places = np.empty(len(numbers), dtype=np.intp)
    places[order] = is_first.cumsum() - 1
    return ordered[is_first], places


def starts_of(groups: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    """Starts of `count` groups, and the end of the last, in entries sorted by group: of [0, 0, 2], [0, 2, 2, 3]."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)


def groups_of(starts: NDArray[np.integer]) -> NDArray[np.intp]:
    """The group of each entry: what `starts_of` was made of."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


Documents = NDArray[np.int32]  # document numbers within one segment, ascending unless said otherwise
Mask = NDArray[np.bool_]  # one truth for each document of a segment
Integers = NDArray[np.integer]
Indices = NDArray[np.intp]  # into an array; of this type, NumPy looks them up fastest

Scores = NDArray[np.float32]

Frequencies = NDArray[np.float32]
