"""The postings of single terms: which documents have a term, how often, and where."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from indexer.whoosh_engine.columns import Documents


class TermPostings(NamedTuple):
    """The documents that have a term in a field, ascending, and how often each has it."""

    documents: Documents
    frequencies: NDArray[np.float64]


def read_postings(reader: IndexReader, field: str, term: str) -> TermPostings:
    """The postings of `term`, deleted documents left out; empty where the field has no such term."""
    if (field, term) not in reader:
        return TermPostings(np.empty(0, dtype=np.int32), np.empty(0))
    matcher = reader.postings(field, term)
    documents: list[int] = []
    frequencies: list[float] = []
    while matcher.is_active():
        documents.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return TermPostings(np.array(documents, dtype=np.int32), np.array(frequencies))


class Positions:
    """Where the forms of one word stand in the documents of a segment, read for one document after another."""

    def __init__(self, reader: IndexReader, field: str, forms: Sequence[str]) -> None:
        self._matchers = [reader.postings(field, form) for form in forms if (field, form) in reader]

    def within(self, document: int) -> set[int]:
        """The positions in `document`, which must not come before one asked for earlier."""
        found: set[int] = set()
        for matcher in self._matchers:
            if matcher.is_active() and matcher.id() < document:
                matcher.skip_to(document)
            if matcher.is_active() and matcher.id() == document:
                found.update(matcher.value_as("positions"))
        return found


def in_sequence(words: Sequence[Positions], document: int) -> bool:
    """Whether the words stand next to each other, in order, somewhere in `document`."""
    starts = words[0].within(document)
    for offset, word in enumerate(words[1:], start=1):
        starts &= {position - offset for position in word.within(document)}
    return bool(starts)
