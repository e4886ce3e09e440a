"""The vocabulary of one segment, and the terms in it that a misspelt word may stand for."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.memory import OVERHEAD, Memory, array_bytes, plain_bytes
from indexer.query.tree import TextField
from indexer.text.spelling import letters, may_be_guessed, may_begin_with_another_letter, misspellings, typos_allowed
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name
from indexer.work import checkpoint

_CORRECTION = 300  # bytes, about: the term and its postings are the table's


class Typed(NamedTuple):
    """A typed word, where it is looked for, and whether loosely: see `misspellings`."""

    term: str
    fields: tuple[TextField, ...]
    loosely: bool = False


class _Beginnings(NamedTuple):
    """The beginnings of one length that terms have, sorted: the first term with each, and the letters of each."""

    numbers: NDArray[np.int32]
    letters: NDArray[np.uint64]

    @property
    def nbytes(self) -> int:
        return self.numbers.nbytes + self.letters.nbytes


class Vocabulary:
    """Finds terms that are nearly the same."""

    def __init__(self, segment: SegmentArrays, memory: Memory) -> None:
        self.tables = segment.tables
        self._beginnings = memory.kept("corrections", array_bytes, self._beginnings_of)
        self.corrections = memory.kept("corrections", _size, self._corrections)
        """The terms that may have been meant, each with the number of errors, and its documents, hidden ones too."""

    def _corrections(self, word: Typed) -> Mapping[str, tuple[int, Documents]]:
        typed, fields, loosely = word
        checkpoint()
        if not (may_be_guessed(typed) if loosely else typos_allowed(typed)):
            return {}
        table = self.tables[table_name(fields)]
        numbers = self._alike(typed, table_name(fields), loosely=loosely)
        errors_at = misspellings(typed, [table.terms[number] for number in numbers], loosely=loosely)
        corrections = {}
        for index, errors in errors_at:
            number = numbers[index]
            documents = table.documents_within(number, fields)
            if len(documents):
                corrections[table.terms[number]] = errors, documents
        return corrections

    def beginnings(self, typed: str, name: str) -> dict[str, int]:
        """The beginnings of terms of a table that a misspelt beginning may stand for, each with the number of errors.

        They are no more letters longer or shorter than errors are forgiven.
        """
        checkpoint()
        most = typos_allowed(typed)
        lengths = range(max(1, len(typed) - most), len(typed) + most + 1) if most else ()
        terms = self.tables[name].terms
        alike = [terms[number][:length] for length in lengths for number in self._beginning_alike(typed, name, length)]
        return {alike[index]: errors for index, errors in misspellings(typed, alike)}

    def _alike(self, typed: str, name: str, *, loosely: bool) -> list[int]:
        """The numbers of the terms that have nearly the same length and letters, and begin as they must."""
        is_any = loosely or may_begin_with_another_letter(typed)
        numbers = self.tables[name].beginning_with("" if is_any else typed[0])
        most = 1 if loosely else typos_allowed(typed)
        lengths = self._lengths[name][numbers.start : numbers.stop]
        letters_of = self._letters[name][numbers.start : numbers.stop]
        is_alike = _have_nearly(typed, letters_of, most) & (np.abs(lengths - len(typed)) <= most)
        return (numbers.start + np.flatnonzero(is_alike)).tolist()

    def _beginning_alike(self, typed: str, name: str, length: int) -> list[int]:
        """The number of a term for each beginning of that length that has nearly the same letters."""
        beginnings = self._beginnings((name, length))
        numbers = self.tables[name].beginning_with("" if may_begin_with_another_letter(typed) else typed[0])
        start, stop = beginnings.numbers.searchsorted((numbers.start, numbers.stop)).tolist()
        is_alike = _have_nearly(typed, beginnings.letters[start:stop], typos_allowed(typed))
        alike: list[int] = beginnings.numbers[start:stop][is_alike].tolist()
        return alike

    def _beginnings_of(self, key: tuple[str, int]) -> _Beginnings:
        name, length = key
        terms = self.tables[name].terms
        numbers = np.flatnonzero(self._lengths[name] >= length).astype(np.int32)
        beginnings = np.array([terms[number][:length] for number in numbers.tolist()], dtype=object)
        is_first = np.ones(len(numbers), dtype=bool)
        is_first[1:] = beginnings[1:] != beginnings[:-1]  # equal ones lie side by side
        return _Beginnings(numbers[is_first], letters(beginnings[is_first].tolist()))

    @cached_property
    def _lengths(self) -> dict[str, NDArray[np.int32]]:
        return {
            name: np.fromiter(map(len, table.terms), dtype=np.int32, count=len(table.terms))
            for name, table in self.tables.items()
        }

    @cached_property
    def _letters(self) -> dict[str, NDArray[np.uint64]]:
        return {name: letters(table.terms) for name, table in self.tables.items()}


def _have_nearly(typed: str, letters_of: NDArray[np.uint64], most: int) -> Mask:
    """A mask of what has the letters of `typed` but for so many errors."""
    is_alike: Mask = np.bitwise_count(letters_of ^ letters([typed])[0]) <= 2 * most
    return is_alike


def _size(word: Typed, corrections: Mapping[str, tuple[int, Documents]]) -> int:
    return OVERHEAD + plain_bytes(word) + _CORRECTION * len(corrections)
