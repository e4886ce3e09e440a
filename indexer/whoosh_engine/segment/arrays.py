"""The types of arrays, and operations on sorted numbers of documents or positions."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int32, np.int64)


def located(sought: NDArray[_Number], numbers: NDArray[_Number]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each number sought, an index into `numbers`, and whether it is there. Both ascend."""
    if not len(numbers):
        return np.zeros(len(sought), dtype=np.intp), np.zeros(len(sought), dtype=bool)
    indices = numbers.searchsorted(sought)
    indices[indices == len(numbers)] = 0
    return indices, numbers[indices] == sought


def as_mask(size: int, *lists: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A mask over all documents that is true for those of every list."""
    mask = np.zeros(size, dtype=bool)
    for documents in lists:
        mask[documents] = True
    return mask


def distinct(numbers: NDArray[_Number]) -> tuple[NDArray[_Number], NDArray[np.intp]]:
    """The different numbers, ascending, and the index of each number among them. Faster than `numpy.unique` for few."""
    order = numbers.argsort(kind="stable")
    ordered = numbers[order]
    is_first = _begins_run(ordered)
    indices = np.empty(len(numbers), dtype=np.intp)
    indices[order] = is_first.cumsum() - 1
    return ordered[is_first], indices


def starts_of(groups: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    """Starts of `count` groups, and the end of the last, in entries sorted by group: of [0, 0, 2], [0, 2, 2, 3]."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)


def groups_of(starts: NDArray[np.integer]) -> NDArray[np.intp]:
    """The group of each entry: the inverse of `starts_of`."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def stretches(starts: NDArray[np.integer], most: int) -> Iterator[tuple[int, int]]:
    """The first group of each stretch of groups, and the one behind its last, with `most` entries or a single group.

    >>> [*stretches(np.array([0, 2, 3, 9, 10]), 4)]
    [(0, 2), (2, 3), (3, 4)]
    """
    first, count = 0, len(starts) - 1
    while first < count:
        following = max(first + 1, int(np.searchsorted(starts, starts[first] + most, "right")) - 1)
        yield first, following
        first = following


Documents = NDArray[np.int32]  # document numbers within one segment, ascending unless said otherwise
Mask = NDArray[np.bool_]  # one truth for each document of a segment
Integers = NDArray[np.integer]
Indices = NDArray[np.intp]  # into an array; of this type, NumPy looks them up fastest

Scores = NDArray[np.float32]
Frequencies = NDArray[np.float32]
Positions = NDArray[np.int64]
"""Of words in documents: from the highest bits on, the document's number, that of the field, and the position there."""

_POSITION_BITS = 30
_FIELD_BITS = 2
_DOCUMENT_SHIFT = _POSITION_BITS + _FIELD_BITS


def positions_in(documents: Integers, field: int = 0) -> Positions:
    """The first position of each document in the field of this number."""
    return (documents.astype(np.int64) << _DOCUMENT_SHIFT) + (field << _POSITION_BITS)


def documents_of(positions: Positions) -> Documents:
    """The document of each position."""
    return (positions >> _DOCUMENT_SHIFT).astype(np.int32)


def fields_of(positions: Positions) -> Integers:
    """The number of the field of each position."""
    fields: Integers = (positions >> _POSITION_BITS) & (2**_FIELD_BITS - 1)
    return fields


def positions_within(documents: Documents, positions: Positions) -> Positions:
    """Those of some positions that are in the documents. Both ascend."""
    starts = positions.searchsorted(positions_in(documents))
    counts = positions.searchsorted(positions_in(documents + 1)) - starts
    ends = counts.cumsum()
    within: Positions = positions[(starts - ends + counts).repeat(counts) + np.arange(ends[-1] if len(ends) else 0)]
    return within


def starts_of_runs(numbers: Integers) -> Indices:
    """The index of the first of equal neighbours, for each run of them."""
    return np.flatnonzero(_begins_run(numbers))


def _begins_run(numbers: NDArray[np.generic]) -> Mask:
    """True for the first of equal neighbours."""
    is_first = np.ones(len(numbers), dtype=bool)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return is_first
