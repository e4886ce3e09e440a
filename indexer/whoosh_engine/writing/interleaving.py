"""Entries of several sources that are grouped alike, brought together group by group."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.segment.arrays import Integers


class Interleaving:
    """The order of all entries: by group, and within a group source after source.

    >>> pairs = Interleaving([[0, 2], [0, 1]], [np.array([0, 1, 3]), np.array([0, 2, 3])], 3)
    >>> pairs.starts.tolist()
    [0, 3, 4, 6]
    >>> pairs.joined([np.array([10, 11, 12]), np.array([20, 21, 22])]).tolist()
    [10, 20, 21, 22, 11, 12]
    """

    def __init__(self, groups: Sequence[Sequence[int] | Integers], starts: Sequence[Integers], count: int) -> None:
        """Take the groups that each source has, ascending, among `count`, and where each begins there, with the end."""
        self._groups = [np.asarray(numbers, dtype=np.intp) for numbers in groups]
        self._source_starts = starts
        lengths = np.zeros(count, dtype=np.int64)
        for numbers, bounds in zip(self._groups, starts, strict=True):
            lengths[numbers] += np.diff(bounds)
        self.starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)])
        """The start of each group in the order, and the end of the last."""

    def with_starts(self, starts: Sequence[Integers]) -> "Interleaving":
        """The order of other entries in the same groups, which begin elsewhere in the sources."""
        return Interleaving(self._groups, starts, len(self.starts) - 1)

    def joined(self, columns: Sequence[NDArray[Any]]) -> NDArray[Any]:  # Any: entries are of any type
        """The entries of all sources in the order, from a column of each."""
        joined = np.empty(self.starts[-1], dtype=np.result_type(*columns))
        for places, column in zip(self._places(), columns, strict=True):
            joined[places] = column
        return joined

    def _places(self) -> Iterator[NDArray[np.int64]]:
        """The places of each source's entries."""
        following = self.starts[:-1].copy()
        for numbers, bounds in zip(self._groups, self._source_starts, strict=True):
            lengths = np.diff(bounds)
            places = np.repeat(following[numbers] - bounds[:-1], lengths)
            places += np.arange(len(places))
            yield places
            following[numbers] += lengths
