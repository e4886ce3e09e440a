"""The postings of all terms of a segment's text fields as arrays: documents, frequencies and positions.

Title, excerpt and body share one table, so that a word's documents in all are found at once; each other field has its
own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import WITH_BODY, TextField
from indexer.text.sorted_texts import index_of, prefix_range
from indexer.whoosh_engine.segment.arrays import Integers, starts_of, stretches
from indexer.whoosh_engine.segment.arrays_file import Arrays, joined, split

TABLES: Mapping[str, tuple[TextField, ...]] = {
    "text": WITH_BODY,
    **{field: (field,) for field in TextField if field not in WITH_BODY},
}


def table_name(fields: Sequence[TextField]) -> str:
    """The name of the table that has these fields."""
    return "text" if fields[0] in WITH_BODY else fields[0]


@dataclass(frozen=True, slots=True)
class FieldOccurrences:
    """One field's part of a table. `frequencies` has one number for each posting, 0 where the field lacks the term.

    `positions` holds the positions of all postings one after another, those of term `t` from `starts[t]` on.
    """

    frequencies: Integers
    positions: Integers
    starts: Integers

    @classmethod
    def nowhere(cls, *, terms: int, postings: int) -> "FieldOccurrences":
        """The part of a field that has no term, which takes no memory."""
        none = np.uint8(0)
        return cls(np.broadcast_to(none, postings), np.empty(0, dtype=np.uint8), np.broadcast_to(none, terms + 1))

    def part(self, first: int, last: int, postings: slice) -> "FieldOccurrences":
        """The occurrences of the terms from `first` to `last`, which have these postings."""
        start, end = int(self.starts[first]), int(self.starts[last])
        return FieldOccurrences(
            self.frequencies[postings], self.positions[start:end], self.starts[first : last + 1] - self.starts[first]
        )

    def has(self, term: int) -> bool:
        """True if any document has the term of this number in the field."""
        return bool(self.starts[term] < self.starts[term + 1])


@dataclass(frozen=True, slots=True)
class TermTable:
    """`terms` are sorted. The postings of term `t` lie from `offsets[t]` to `offsets[t + 1]`, documents ascending."""

    terms: Sequence[str]
    offsets: Integers
    documents: NDArray[np.int32]
    fields: Mapping[TextField, FieldOccurrences]

    def number(self, term: str) -> int | None:
        """The number of a term, None where there is no such term."""
        return index_of(self.terms, term)

    def documents_of(self, number: int) -> NDArray[np.int32]:
        """The documents that have the term of this number."""
        return self.documents[self.offsets[number] : self.offsets[number + 1]]

    def documents_within(self, number: int, fields: Collection[TextField]) -> NDArray[np.int32]:
        """The documents that have the term of this number in one of the fields."""
        documents = self.documents_of(number)
        if not any(occurrences.has(number) for field, occurrences in self.fields.items() if field not in fields):
            return documents
        postings = slice(int(self.offsets[number]), int(self.offsets[number + 1]))
        return documents[np.logical_or.reduce([self.fields[field].frequencies[postings] > 0 for field in fields])]

    def postings(self, numbers: Sequence[int]) -> int:
        """The number of postings of the terms with these numbers, a list or a range."""
        if isinstance(numbers, range):
            return int(self.offsets[numbers.stop] - self.offsets[numbers.start])
        return sum(int(self.offsets[number + 1]) - int(self.offsets[number]) for number in numbers)

    def has_only(self, fields: Collection[TextField]) -> bool:
        """True where no other field has any term."""
        return all(field in fields or not len(each.positions) for field, each in self.fields.items())

    def beginning_with(self, prefix: str) -> range:
        """The numbers of the terms that begin with `prefix`: they lie side by side."""
        return prefix_range(self.terms, prefix)

    def parts(self, most: int) -> Iterator["TermTable"]:
        """The table cut between terms, so that each part has `most` postings, or one term with more."""
        for first, last in stretches(self.offsets, most):
            postings = slice(int(self.offsets[first]), int(self.offsets[last]))
            yield TermTable(
                terms=self.terms[first:last],
                offsets=self.offsets[first : last + 1] - postings.start,
                documents=self.documents[postings],
                fields={field: each.part(first, last, postings) for field, each in self.fields.items()},
            )

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The table as named arrays, for a file; none of a field that has no term."""
        yield f"{name}.terms", joined(self.terms)
        yield f"{name}.offsets", self.offsets
        yield f"{name}.documents", self.documents
        for field, occurrences in self.fields.items():
            if not len(occurrences.positions):
                continue
            yield f"{name}.{field}.frequencies", occurrences.frequencies
            yield f"{name}.{field}.positions", occurrences.positions
            yield f"{name}.{field}.starts", occurrences.starts

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "TermTable":
        """Read what `arrays` wrote."""
        terms, documents = split(arrays[f"{name}.terms"]), arrays[f"{name}.documents"]

        def occurrences(field: TextField) -> FieldOccurrences:
            if f"{name}.{field}.positions" not in arrays:
                return FieldOccurrences.nowhere(terms=len(terms), postings=len(documents))
            parts = ("frequencies", "positions", "starts")
            return FieldOccurrences(*(arrays[f"{name}.{field}.{part}"] for part in parts))

        return cls(
            terms=terms,
            offsets=arrays[f"{name}.offsets"],
            documents=documents,
            fields={field: occurrences(field) for field in TABLES[name]},
        )


class TableBuilder:
    """Builds one table from documents, one after another."""

    def __init__(self, fields: tuple[TextField, ...]) -> None:
        self._fields = fields
        self._numbers: dict[str, int] = {}
        self._occurring: list[int] = []
        self._lengths: dict[TextField, list[int]] = {field: [] for field in fields}

    def add(self, terms: Mapping[TextField, Sequence[str]]) -> None:
        """Add the next document: the terms of each field in order. Positions count from 0."""
        numbers = self._numbers
        for field in self._fields:
            self._lengths[field].append(len(terms[field]))
            self._occurring += [numbers.setdefault(term, len(numbers)) for term in terms[field]]

    def table(self) -> TermTable:
        """The table of all documents added."""
        names = sorted(self._numbers)
        ranks = np.empty(len(names), dtype=np.int32)
        ranks[[self._numbers[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        lengths = np.stack([np.array(self._lengths[field], dtype=np.int64) for field in self._fields], axis=1)
        runs = lengths.ravel()  # one run of terms for each document and field, in the order of `_occurring`
        numbers = ranks[np.array(self._occurring, dtype=np.int32)]
        run_of = np.repeat(np.arange(len(runs), dtype=np.int32), runs)
        positions = np.arange(len(numbers), dtype=np.int32)
        positions -= np.repeat((np.cumsum(runs) - runs).astype(np.int32), runs)
        order = np.argsort(numbers, kind="stable")
        return tabulate(
            names,
            self._fields,
            numbers[order],
            run_of[order] // len(self._fields),
            run_of[order] % len(self._fields),
            positions[order],
        )


def tabulate(  # noqa: PLR0913, PLR0917  # one column of occurrences each
    terms: Sequence[str],
    fields: tuple[TextField, ...],
    numbers: Integers,
    documents: Integers,
    field_numbers: Integers,
    positions: Integers,
) -> TermTable:
    """A table of occurrences, sorted by term number, document, field number and position."""
    is_first = np.ones(len(numbers), dtype=bool)
    is_first[1:] = (numbers[1:] != numbers[:-1]) | (documents[1:] != documents[:-1])
    posting_of = np.cumsum(is_first) - 1
    postings = int(is_first.sum())
    occurrences = {}
    for number, field in enumerate(fields):
        is_of_field = field_numbers == number
        occurrences[field] = FieldOccurrences(
            frequencies=compact(np.bincount(posting_of[is_of_field], minlength=postings)),
            positions=compact(positions[is_of_field]),
            starts=starts_of(numbers[is_of_field], len(terms)),
        )
    return TermTable(
        terms=terms,
        offsets=starts_of(numbers[is_first], len(terms)),
        documents=documents[is_first].astype(np.int32),
        fields=occurrences,
    )


def compact(values: Integers) -> Integers:
    """The values in the smallest unsigned type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))), copy=False)
