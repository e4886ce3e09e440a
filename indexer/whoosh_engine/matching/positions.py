"""Words next to each other: phrases, which have to be, and pairs, which score higher where they are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import SEARCHED, Phrase, Prefix, TextField, Word, weight_of
from indexer.whoosh_engine.matching.bm25f import FIELD_WEIGHTS
from indexer.whoosh_engine.segment.arrays import Documents, distinct, located

Places = NDArray[np.int64]  # a document number and, in the lower 32 bits, a position there

POSITION_BITS = 32


def documents_of(found: Places) -> Documents:
    """The document of each place."""
    return (found >> POSITION_BITS).astype(np.int32)


# How far behind the first word of a pair the second may be typed, and found: so "bodies of revolution" is a pair too.
REACH = 2

PlacesOf = Callable[[Word, TextField], Places]  # of a word in a field, ascending


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
    """The pairs in a query whose words are these, each with the smallest gap it was typed with.

    Words that may be meant besides have no pairs.
    """
    words = [word for word in words if weight_of(word) == 1]
    found: dict[tuple[Word, Word], int] = {}
    for gap in range(REACH, 0, -1):
        for first, second in zip(words, words[gap:], strict=False):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields == SEARCHED:
                found[first, second] = gap
    return (Pair(first, second, gap) for (first, second), gap in found.items() if first != second)


def near(pair: Pair, places: PlacesOf) -> Near:
    """Where the second word of the pair follows the first in at most `gap` steps."""
    found, weights = [], []
    for field in SEARCHED:
        followed = documents_of(_followed(places(pair.first, field), places(pair.second, field), pair.gap))
        found.append(followed)
        weights.append(np.full(len(followed), FIELD_WEIGHTS[field].weight, dtype=np.float32))
    documents, where = distinct(np.concatenate(found))
    added = np.bincount(where, weights=np.concatenate(weights), minlength=len(documents))
    return Near(documents, added.astype(np.float32))


def having_phrase(phrase: Phrase, places: PlacesOf) -> Documents:
    """The documents, deleted ones among them, that have the words of the phrase in order in one of its fields."""
    found = []
    for field in phrase.fields:
        starts = [places(word, field) - offset for offset, word in enumerate(phrase.words())]
        fewest, *others = sorted(starts, key=len)
        for other in others:
            fewest = fewest[located(fewest, other)[1]]
        found.append(documents_of(fewest))
    return distinct(np.concatenate(found))[0]


def _followed(firsts: Places, seconds: Places, gap: int) -> Places:
    """Those of `firsts` with one of `seconds` at most `gap` steps behind, looked up from the fewer of them."""
    if len(firsts) <= len(seconds):
        follows = [located(firsts + step, seconds)[1] for step in range(1, gap + 1)]
        return firsts[np.logical_or.reduce(follows)]
    led = [seconds[located(seconds - step, firsts)[1]] - step for step in range(1, gap + 1)]
    return distinct(np.concatenate(led))[0]
