"""The most frequent words that begin with a prefix."""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from indexer.understanding.suggesting import FEWEST_ARTICLES
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.term_table import TermTable


class FrequentWords:
    """The words of titles and excerpts, counted: the number of visible articles that have them in this form."""

    def __init__(self, tables: Iterable[tuple[TermTable, DocSet]]) -> None:
        """Take the table of each segment, and its visible documents."""
        self._counted = [(table, _counts(table, documents)) for table, documents in tables]

    @property
    def nbytes(self) -> int:
        """The memory that the counts take."""
        return sum(counts.nbytes for _, counts in self._counted)

    def beginning(self, prefix: str) -> Iterator[str]:
        """Words of two letters or more that begin with the prefix: the most frequent first, equal ones by name.

        Words of a single article are left out, and numbers.
        """
        counts: Counter[str] = Counter()
        for table, having in self._counted:
            numbers = table.beginning_with(prefix)
            some = slice(numbers.start, numbers.stop)
            counts.update(dict(zip(table.terms[some], having[some].tolist(), strict=True)))
        words = sorted(counts)
        order = (-np.array([counts[word] for word in words], dtype=np.int64)).argsort(kind="stable")
        for word in map(words.__getitem__, order.tolist()):
            if counts[word] < FEWEST_ARTICLES:
                return
            if len(word) > 1 and not word.isdecimal():
                yield word


def _counts(table: TermTable, documents: DocSet) -> Integers:
    """The number of documents that have each term, out of some."""
    if documents.count == documents.size or not len(table.terms):
        return np.diff(table.offsets)
    return np.add.reduceat(documents.mask[table.documents], table.offsets[:-1], dtype=np.int32)
