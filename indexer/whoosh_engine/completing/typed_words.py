"""Typed words as the vocabularies of segments have them, and what they may be misspelt for."""

from collections.abc import Sequence

import numpy as np

from indexer.memory import OVERHEAD, Memory, plain_bytes
from indexer.understanding.typo_readings import LONGEST_CORRECTED, Typed, best_corrections
from indexer.whoosh_engine.matching.vocabulary import Typed as TypedTerm
from indexer.whoosh_engine.matching.vocabulary import Vocabulary
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.term_table import TABLES, TermTable


class SegmentWords:
    """The `TypedWords` of visible documents."""

    def __init__(self, vocabularies: Sequence[tuple[Vocabulary, Mask]], memory: Memory) -> None:
        """Take the vocabulary of each segment, with its documents that are visible."""
        self._vocabularies = vocabularies
        self._tables = [(vocabulary.tables[name], mask) for vocabulary, mask in vocabularies for name in TABLES]
        self.corrections = memory.kept("corrections", _size, self._corrections_of)
        """See `TypedWords`."""

    def is_known(self, word: Typed) -> bool:
        """See `TypedWords`."""
        return self._postings(*word) > 0

    def _corrections_of(self, typed: Typed) -> Sequence[tuple[int, str]]:
        word, is_prefix = typed
        if len(word) > LONGEST_CORRECTED:
            return []
        errors_in: dict[str, int] = {}
        for vocabulary, _ in self._vocabularies:
            for name, fields in TABLES.items():
                if is_prefix:
                    errors_in |= vocabulary.beginnings(word, name)
                else:
                    errors_in |= {
                        term: errors for term, (errors, _) in vocabulary.corrections(TypedTerm(word, fields)).items()
                    }
        return best_corrections([(errors, self._postings(form, is_prefix), form) for form, errors in errors_in.items()])

    def _postings(self, word: str, is_prefix: bool) -> int:  # noqa: FBT001 - half of what a word is
        """The number of postings of visible documents of a word, or of all words that begin with it."""
        return sum(
            _visible(table, visible, _numbers(word, table, is_prefix=is_prefix)) for table, visible in self._tables
        )


def _size(typed: Typed, corrections: Sequence[tuple[int, str]]) -> int:
    return OVERHEAD + plain_bytes(typed) + plain_bytes(corrections)


def _numbers(word: str, table: TermTable, *, is_prefix: bool) -> range:
    """The numbers of a word, or of all that begin with it."""
    if is_prefix:
        return table.beginning_with(word)
    number = table.number(word)
    return range(0) if number is None else range(number, number + 1)


def _visible(table: TermTable, visible: Mask, numbers: range) -> int:
    """The number of postings of visible documents of these terms, which lie side by side."""
    documents = table.documents[table.offsets[numbers.start] : table.offsets[numbers.stop]]
    return int(np.count_nonzero(visible[documents]))
