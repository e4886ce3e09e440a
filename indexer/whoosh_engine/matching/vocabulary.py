"""The vocabulary of one segment, and the terms in it that a misspelt word may stand for."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.memory import remembered
from indexer.query.tree import TextField
from indexer.text.spelling import is_word, may_begin_with_another_letter, misspellings, typos_allowed
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name

_KEPT = 2048  # words whose corrections are remembered


class Vocabulary:
    """Finds terms that are nearly the same."""

    def __init__(self, segment: SegmentArrays) -> None:
        self._tables = segment.tables

    @remembered(_KEPT)
    def corrections(
        self, typed: str, fields: tuple[TextField, ...], *, loosely: bool = False
    ) -> dict[str, tuple[int, int]]:
        """The terms that may have been meant, each with the number of errors and of its postings."""
        if not (is_word(typed) if loosely else typos_allowed(typed)):
            return {}
        table = self._tables[table_name(fields)]
        numbers = list(self._of_like_length(typed, fields, loosely=loosely))
        errors_at = misspellings(typed, [table.terms[number] for number in numbers], loosely=loosely)
        corrections = {}
        for index, errors in errors_at:
            number = numbers[index]
            corrections[table.terms[number]] = errors, len(table.documents_of(number))
        return corrections

    def _of_like_length(self, typed: str, fields: tuple[TextField, ...], *, loosely: bool) -> Iterator[int]:
        """The numbers of the terms that are not much longer or shorter, and begin as they must."""
        table = self._tables[table_name(fields)]
        is_any = loosely or may_begin_with_another_letter(typed)
        numbers = table.beginning_with("" if is_any else typed[0])
        lengths = self._lengths[table_name(fields)][numbers.start : numbers.stop]
        most = 1 if loosely else typos_allowed(typed)
        yield from (numbers.start + np.flatnonzero(np.abs(lengths - len(typed)) <= most)).tolist()

    @cached_property
    def _lengths(self) -> dict[str, NDArray[np.int32]]:
        return {
            name: np.fromiter(map(len, table.terms), dtype=np.int32, count=len(table.terms))
            for name, table in self._tables.items()
        }
