"""Tables of several segments as one: sorted names brought together, and the documents of each renumbered.

Everywhere, `numbers` has for each table the new number of each document, -1 where it is gone. New numbers ascend, also
from table to table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, compress

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.segment.arrays import Documents, Integers, Mask
from indexer.whoosh_engine.segment.term_table import FieldOccurrences, TermTable, compact
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.writing.interleaving import Interleaving


def merged_values(tables: Sequence[ValueTable], numbers: Sequence[Documents]) -> ValueTable:
    """The values of all tables that any document has yet."""
    lists = [
        _Lists.of(table.values, table.offsets, table.documents, new) for table, new in zip(tables, numbers, strict=True)
    ]
    values, order = _brought_together(lists)
    return ValueTable(values, order.starts, order.joined([each.documents for each in lists]))


def merged_terms(tables: Sequence[TermTable], numbers: Sequence[Documents]) -> TermTable:
    """The terms of all tables that any document has yet."""
    lists = [
        _Lists.of(table.terms, table.offsets, table.documents, new) for table, new in zip(tables, numbers, strict=True)
    ]
    terms, order = _brought_together(lists)
    return TermTable(
        terms=terms,
        offsets=order.starts,
        documents=order.joined([each.documents for each in lists]),
        fields={
            field: _merged_field([table.fields[field] for table in tables], lists, order) for field in tables[0].fields
        },
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """The postings of one table that stay: of the names that have any, by new numbers of documents.

    `is_kept` tells of all postings of the table whether they stay.
    """

    names: Sequence[str]
    starts: Integers
    documents: Documents
    is_kept: Mask

    @classmethod
    def of(cls, names: Sequence[str], offsets: Integers, documents: Integers, new: Documents) -> "_Lists":
        numbers = new[documents]
        is_kept = numbers >= 0
        starts = _sums(is_kept)[offsets]
        has_any = np.diff(starts) > 0
        return cls(
            names=[*compress(names, has_any.tolist())],
            starts=np.append(starts[:-1][has_any], starts[-1]),
            documents=numbers[is_kept],
            is_kept=is_kept,
        )


def _brought_together(lists: Sequence[_Lists]) -> tuple[list[str], Interleaving]:
    """All names, sorted, and the order of the postings by name."""
    names = sorted(set(chain.from_iterable(each.names for each in lists)))
    ranks = {name: rank for rank, name in enumerate(names)}
    groups = [[ranks[name] for name in each.names] for each in lists]
    return names, Interleaving(groups, [each.starts for each in lists], len(names))


def _merged_field(
    fields: Sequence[FieldOccurrences], lists: Sequence[_Lists], postings: Interleaving
) -> FieldOccurrences:
    frequencies, positions, starts = [], [], []
    for field, each in zip(fields, lists, strict=True):
        kept = field.frequencies[each.is_kept]
        frequencies.append(kept)
        positions.append(field.positions[np.repeat(each.is_kept, field.frequencies)])
        starts.append(_sums(kept)[each.starts])
    order = postings.with_starts(starts)
    return FieldOccurrences(
        frequencies=compact(postings.joined(frequencies)),
        positions=compact(order.joined(positions)),
        starts=order.starts,
    )


def _sums(numbers: NDArray[np.generic]) -> NDArray[np.int64]:
    """The sum of all numbers before each index, and of all."""
    sums = np.zeros(len(numbers) + 1, dtype=np.int64)
    np.cumsum(numbers, out=sums[1:])
    return sums
