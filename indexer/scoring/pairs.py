"""Pairs of words, which score higher where they are near each other."""

from collections.abc import Iterator

from msgspec import Struct

from indexer.query.tree import SEARCHED, WITH_BODY, Prefix, Word

REACH = 2
"""Steps by which the second word of a pair may follow the first, typed or in a text: "bodies of revolution" is a pair.
"""

_PAIRED = (SEARCHED, WITH_BODY)  # the fields of words that form pairs; how near they are in bodies does not count


class Pair(Struct, frozen=True, gc=False):
    """Two words of a query, and how far apart they were typed."""

    first: Word
    second: Word
    gap: int


def pairs(words: list[Word | Prefix]) -> Iterator[Pair]:
    """The pairs in a query of these words, each with the smallest gap it was typed with.

    Words that may be meant besides have no pairs.
    """
    words = [word for word in words if word.weight == 1]
    gaps: dict[tuple[Word, Word], int] = {}
    for gap in range(REACH, 0, -1):
        for first, second in zip(words, words[gap:], strict=False):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields in _PAIRED:
                gaps[first, second] = gap
    return (Pair(first, second, gap) for (first, second), gap in gaps.items() if first != second)
