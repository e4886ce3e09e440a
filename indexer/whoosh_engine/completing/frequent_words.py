"""The most frequent words that begin with a prefix."""

from collections.abc import Sequence

import numpy as np

from indexer.query.tree import Word
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.term_table import TermTable

SHORTEST_PREFIX = 2  # before that, the most frequent words are the same few, and say nothing
_LEAST = 2  # articles that have a frequent word
_LOOKED_AT = 16  # of each segment; their articles are counted


def frequent_words(
    prefix: str, segments: Sequence[SearchableSegment], visible: Sequence[Mask]
) -> list[tuple[str, int]]:
    """Words of two letters or more with the number of visible articles that have them so, the most frequent first.

    Words of a single article are left out, and numbers.
    """
    tables = [segment.segment.tables["text"] for segment in segments]
    words = {word for table in tables for word in _likely(prefix, table)}
    counts = {
        word: sum(_count(word, table, mask) for table, mask in zip(tables, visible, strict=True)) for word in words
    }
    frequent = [(word, count) for word, count in counts.items() if count >= _LEAST]
    return sorted(frequent, key=lambda entry: (-entry[1], entry[0]))


def articles_found_by(word: str, segments: Sequence[SearchableSegment], visible: Sequence[Mask]) -> int:
    """The number of visible articles that a search for the word finds, in any of its forms."""
    return sum(
        int(np.count_nonzero(mask[segment.words.occurrences(Word(word)).documents]))
        for segment, mask in zip(segments, visible, strict=True)
    )


def _likely(prefix: str, table: TermTable) -> list[str]:
    """The words of one segment that may be among the most frequent: those in most articles, visible or not."""
    numbers = table.beginning_with(prefix)
    counts = np.diff(table.offsets[numbers.start : numbers.stop + 1])
    most = np.arange(len(counts))
    if len(counts) > _LOOKED_AT:
        most = np.argpartition(-counts, _LOOKED_AT)[:_LOOKED_AT]
    words = [table.terms[numbers.start + index] for index in most.tolist()]
    return [word for word in words if len(word) > 1 and not word.isdecimal()]


def _count(word: str, table: TermTable, visible: Mask) -> int:
    number = table.number(word)
    if number is None:
        return 0
    return int(np.count_nonzero(visible[table.documents_of(number)]))
