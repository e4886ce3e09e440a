"""A segment with what searches keep ready for it: words, and masks of what may be found."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import count

import numpy as np

from indexer.filters import EVERYTHING, Filter
from indexer.whoosh_engine.cache import Cache
from indexer.whoosh_engine.conditions import matching
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.matcher import Matcher
from indexer.whoosh_engine.segment import Mask
from indexer.whoosh_engine.segments import StoredSegment
from indexer.whoosh_engine.vocabulary import Vocabulary
from indexer.whoosh_engine.words import Words

_KEPT_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Allowed:
    """The documents that a search may find, as a mask, and how many they are.

    Within one segment, whatever has the same `number` allows the same.
    """

    mask: Mask
    count: int
    number: int

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.mask.nbytes


class OpenSegment:
    """One segment, ready to be searched."""

    def __init__(self, stored: StoredSegment, stems: Stems) -> None:
        """Take a stored segment, which `close` closes."""
        self._stored = stored
        self.segment = stored.segment
        self.words = Words(self.segment, stems)
        self.matcher = Matcher(self.words, size=self.segment.size)
        self.vocabulary = Vocabulary(self.segment)
        self._allowed = Cache(_KEPT_BYTES)
        self._numbers = count()
        # Between two of these moments nothing becomes visible, so that all clocks between them share a mask.
        self._moments = np.sort(self.segment.published_at).tolist()

    def allowed(self, condition: Filter, now: int) -> Allowed:
        """What is visible at `now`, in microseconds since 1970, and meets the condition."""
        appeared = bisect_right(self._moments, now)
        return self._allowed.entry((condition, appeared), lambda: self._evaluated(condition, now))

    def close(self) -> None:
        """Close the files."""
        self._stored.close()

    def _evaluated(self, condition: Filter, now: int) -> Allowed:
        if condition == EVERYTHING:
            mask = self.segment.public & (self.segment.published_at <= now)
        else:
            mask = self.allowed(EVERYTHING, now).mask & matching(condition, self.segment)
        return Allowed(mask, int(np.count_nonzero(mask)), next(self._numbers))
