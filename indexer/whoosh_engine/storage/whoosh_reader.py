"""Reads one Whoosh segment back into arrays: whole columns, and whole blocks of postings."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from itertools import chain
from typing import NamedTuple, cast

import numpy as np
from whoosh.codec.whoosh3 import W3TermsReader
from whoosh.columns import NumericColumn
from whoosh.formats import Positions
from whoosh.reading import IndexReader

from indexer.query.tree import TextField
from indexer.search.filters import TermField
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.term_table import TABLES, TermTable, tabulate
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS, NUMBERS, value_field


def read_contents(reader: IndexReader) -> Contents:
    """All documents of a segment, deleted ones among them.

    `reader` is of one segment, whoever wrote it, and stays its owner's to close.
    """
    with closing(reader.codec().terms_reader(reader.storage(), reader.segment())) as terms:
        return Contents(
            keys=[key.decode() for key in reader.column_reader("key", translate=False)],
            articles=list(reader.column_reader("article", translate=False)),
            numbers={field: _numbers(reader, field) for field in NUMBERS},
            tables={name: _table(terms, fields) for name, fields in TABLES.items()},
            values={field: _values(terms, value_field(field)) for field in TermField},
        )


def _numbers(reader: IndexReader, field: str) -> Integers:
    """The numbers of a column. Whoosh leaves out the last ones that are the default, and a file of nothing else."""
    column = NUMBERS[field]
    kind = np.dtype(column._typecode)  # noqa: SLF001  # here and below: the column's own reader goes number by number
    values = np.full(reader.doc_count_all(), column.default_value(), dtype=kind)
    if reader.has_column(field):
        source = cast("NumericColumn.Reader", reader.column_reader(field, column, translate=False))
        size = source._count * source._fixedlen  # noqa: SLF001
        stored = np.frombuffer(source._dbfile.get(source._basepos, size), dtype=kind.newbyteorder(">"))  # noqa: SLF001
        values[: len(stored)] = stored
    return values


def _values(terms: W3TermsReader, field: str) -> ValueTable:
    """The whole values of a field."""
    lists = {value: documents for value, documents, _ in _postings(terms, field)}
    counts = [len(documents) for documents in lists.values()]
    return ValueTable(list(lists), np.cumsum([0, *counts]).astype(np.int64), _joined(list(lists.values())))


class _Occurrences(NamedTuple):
    """All occurrences of the words of one field, in order of the words, the documents and the positions."""

    names: Sequence[str]
    counts: Sequence[int]
    documents: Integers
    positions: Integers


def _table(terms: W3TermsReader, fields: tuple[TextField, ...]) -> TermTable:
    """The words of some fields, together."""
    occurrences = [_occurrences(terms, field) for field in fields]
    names = sorted({name for field in occurrences for name in field.names})
    ranks = {name: rank for rank, name in enumerate(names)}
    numbers = _joined(
        [np.repeat([ranks[name] for name in field.names], field.counts) for field in occurrences if field.names]
    )
    documents = _joined([field.documents for field in occurrences])
    positions = _joined([field.positions for field in occurrences])
    field_numbers = np.repeat(np.arange(len(fields)), [len(field.documents) for field in occurrences])
    order = np.lexsort((documents, numbers))  # keeps the order of the fields and that of the positions
    return tabulate(names, fields, numbers[order], documents[order], field_numbers[order], positions[order])


def _occurrences(terms: W3TermsReader, field: str) -> _Occurrences:
    positions_of = cache(Positions().decode_positions)  # few payloads differ
    names: list[str] = []
    documents: list[Integers] = []
    positions: list[Integers] = []
    for name, holders, payloads in _postings(terms, field):
        lists = [positions_of(payload) for payload in payloads]
        names.append(name)
        documents.append(np.repeat(holders, [*map(len, lists)]))
        positions.append(np.fromiter(chain.from_iterable(lists), dtype=np.int32))
    return _Occurrences(names, [*map(len, documents)], _joined(documents), _joined(positions))


def _postings(terms: W3TermsReader, field: str) -> Iterator[tuple[str, Integers, Sequence[bytes]]]:
    """Each term of a field, its documents, and Whoosh's payload of each of them."""
    for name, term in terms.terms_from(field, b""):
        if name != field:
            return
        matcher = terms.matcher(field, term, FIELDS[field].format)
        documents: list[int] = []
        payloads: list[bytes] = []
        while matcher.is_active():
            matcher.id()  # decodes the documents of the block
            matcher.value()  # and their payloads
            documents += matcher._ids  # noqa: SLF001  # here and below: its public methods go posting by posting
            payloads += matcher._values  # noqa: SLF001
            matcher._next_block()  # noqa: SLF001
        yield term.decode(), np.array(documents, dtype=np.int32), payloads


def _joined(arrays: Sequence[Integers]) -> Integers:
    return np.concatenate([np.empty(0, dtype=np.int32), *arrays])
