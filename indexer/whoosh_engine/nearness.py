"""Words next to each other: phrases, which have to be, and pairs, which score higher where they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query import SEARCHED, Phrase, Prefix, Word
from indexer.whoosh_engine.bm25f import FIELD_WEIGHTS
from indexer.whoosh_engine.documents import as_mask, located
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.places import Places, documents_of, places
from indexer.whoosh_engine.segment import Documents, Segment

# How far behind the first word of a pair the second may be typed, and found: so "bodies of revolution" is a pair too.
REACH = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words of a query, and how far apart they were typed."""

    first: Word
    second: Word
    gap: int


@dataclass(frozen=True, slots=True)
class Near:
    """The documents in which a pair is near, ascending, and how often, weighted by field."""

    documents: Documents
    frequencies: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + self.frequencies.nbytes


def pairs(words: list[Word | Prefix]) -> Iterator[Pair]:
    """The pairs in a query whose words are these, each with the smallest gap it was typed with."""
    found: dict[tuple[Word, Word], int] = {}
    for gap in range(REACH, 0, -1):
        for first, second in zip(words, words[gap:], strict=False):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields == SEARCHED:
                found[first, second] = gap
    return (Pair(first, second, gap) for (first, second), gap in found.items() if first != second)


def near(pair: Pair, candidates: Documents, segment: Segment, stems: Stems) -> Near:
    """Where the second word of the pair follows the first in at most `gap` steps, among documents that have both."""
    mask = as_mask(segment.size, candidates)
    weights = np.zeros(len(candidates), dtype=np.float32)
    for field in SEARCHED:
        firsts, seconds = (places(word, field, mask, segment, stems) for word in (pair.first, pair.second))
        follows = np.zeros(len(firsts), dtype=bool)
        for step in range(1, pair.gap + 1):
            follows |= located(firsts + step, seconds)[1]
        where = np.searchsorted(candidates, documents_of(firsts[follows]))
        weights += FIELD_WEIGHTS[field].weight * np.bincount(where, minlength=len(candidates)).astype(np.float32)
    is_near = weights > 0
    return Near(candidates[is_near], weights[is_near])


def having_phrase(phrase: Phrase, candidates: Documents, segment: Segment, stems: Stems) -> Documents:
    """Those of `candidates`, which have all words of the phrase, that have them in order in one of its fields."""
    mask = as_mask(segment.size, candidates)
    found: list[Documents] = []
    for field in phrase.fields:
        starts: Places | None = None
        for offset, word in enumerate(phrase.words()):
            here = places(word, field, mask, segment, stems) - offset
            starts = here if starts is None else starts[located(starts, here)[1]]
        found.append(documents_of(starts) if starts is not None else candidates[:0])
    return np.unique(np.concatenate(found))
