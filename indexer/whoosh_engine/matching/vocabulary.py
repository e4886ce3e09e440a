"""The vocabulary of one segment, and the terms in it that a misspelt word may stand for."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.memory import remembered
from indexer.query.tree import TextField
from indexer.text.spelling import is_word, letters, may_begin_with_another_letter, misspellings, typos_allowed
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name
from indexer.work import checkpoint

_KEPT = 2048  # words whose corrections are remembered


class Vocabulary:
    """Finds terms that are nearly the same."""

    def __init__(self, segment: SegmentArrays) -> None:
        self._tables = segment.tables

    @remembered(_KEPT)
    def corrections(
        self, typed: str, fields: tuple[TextField, ...], *, loosely: bool = False
    ) -> dict[str, tuple[int, Documents]]:
        """The terms that may have been meant, each with the number of errors, and its documents, hidden ones too."""
        checkpoint()
        if not (is_word(typed) if loosely else typos_allowed(typed)):
            return {}
        table = self._tables[table_name(fields)]
        numbers = self._alike(typed, fields, loosely=loosely)
        errors_at = misspellings(typed, [table.terms[number] for number in numbers], loosely=loosely)
        corrections = {}
        for index, errors in errors_at:
            number = numbers[index]
            corrections[table.terms[number]] = errors, table.documents_of(number)
        return corrections

    def _alike(self, typed: str, fields: tuple[TextField, ...], *, loosely: bool) -> list[int]:
        """The numbers of the terms that have nearly the same length and letters, and begin as they must."""
        table = self._tables[table_name(fields)]
        is_any = loosely or may_begin_with_another_letter(typed)
        numbers = table.beginning_with("" if is_any else typed[0])
        most = 1 if loosely else typos_allowed(typed)
        lengths, letters_of = (
            column[table_name(fields)][numbers.start : numbers.stop] for column in (self._lengths, self._letters)
        )
        is_alike = np.bitwise_count(letters_of ^ letters([typed])[0]) <= 2 * most
        return (numbers.start + np.flatnonzero(is_alike & (np.abs(lengths - len(typed)) <= most))).tolist()

    @cached_property
    def _lengths(self) -> dict[str, NDArray[np.int32]]:
        return {
            name: np.fromiter(map(len, table.terms), dtype=np.int32, count=len(table.terms))
            for name, table in self._tables.items()
        }

    @cached_property
    def _letters(self) -> dict[str, NDArray[np.uint64]]:
        return {name: letters(table.terms) for name, table in self._tables.items()}
