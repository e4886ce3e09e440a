"""The values of one field in all segments of a generation, numbered together, and looked up by their words."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.text.analysis import terms
from indexer.text.sorted_texts import prefix_range

Integers = NDArray[np.integer]


class ValueNames:
    """The values, sorted. The number of a value is its index in `names`."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        """Take the sorted values of each segment."""
        self.names: Sequence[str] = (
            names[0] if len(names) == 1 else sorted({name for of_segment in names for name in of_segment})
        )
        numbers = {name: number for number, name in enumerate(self.names)}
        # Of each segment's values among all; those of a single one are all.
        several = [] if len(names) == 1 else names
        self._numbers = [np.array([numbers[name] for name in of_segment], dtype=np.intp) for of_segment in several]

    def sum(self, counts: Sequence[Integers]) -> Integers:
        """The counts of each segment's values, added up."""
        if len(counts) == 1:
            return counts[0]
        total = np.zeros(len(self.names), dtype=np.int64)
        for numbers, of_segment in zip(self._numbers, counts, strict=True):
            total[numbers] += of_segment
        return total

    def beginning(self, prefix: str) -> NDArray[np.bool_]:
        """A mask of the values that have the words of `prefix` in a row; the last word may be unfinished."""
        mask = np.zeros(len(self.names), dtype=bool)
        if sought := terms(prefix):
            words, numbers = self._words
            begun = prefix_range(words, sought[-1])
            candidates = set(numbers[begun.start : begun.stop])
            mask[[number for number in candidates if len(sought) == 1 or self._has(number, sought)]] = True
        return mask

    @cached_property
    def months(self) -> Integers:
        """Values that are months, counted from January 1970."""
        return np.array(self.names, dtype="datetime64[M]").astype(np.int64)

    @cached_property
    def _words(self) -> tuple[list[str], list[int]]:
        """All words of all values, sorted, and for each of them its value."""
        entries = sorted((word, number) for number, name in enumerate(self.names) for word in set(terms(name)))
        return [word for word, _ in entries], [number for _, number in entries]

    def _has(self, number: int, sought: Sequence[str]) -> bool:
        words, *earlier = terms(self.names[number]), *sought[:-1]
        return any(
            words[start : start + len(earlier)] == earlier and words[start + len(earlier)].startswith(sought[-1])
            for start in range(len(words) - len(earlier))
        )
