"""A segment's per-article values as arrays, read at once rather than article by article."""

from collections.abc import Iterable
from typing import cast

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn
from whoosh.reading import IndexReader

from indexer.whoosh_engine.fields import NUMBERS

Documents = NDArray[np.int32]  # document numbers within one segment, ascending
Mask = NDArray[np.bool_]  # one truth for each document of a segment


def numbers(reader: IndexReader, field: str) -> NDArray[np.int64]:
    """The numeric column `field`, one number for each document.

    Reads the bytes of Whoosh's column file in one go; the column's own reader unpacks them one by one.
    """
    column = NUMBERS[field]
    values = np.full(reader.doc_count_all(), column.default_value(), dtype=np.int64)
    if reader.has_column(field):
        source = cast("NumericColumn.Reader", reader.column_reader(field, column, translate=False))
        stored = source._dbfile.get(source._basepos, source._count * source._fixedlen)  # noqa: SLF001  # see above
        read = np.frombuffer(stored, dtype=np.dtype(column._typecode).newbyteorder(">"))  # noqa: SLF001  # see above
        values[: len(read)] = read
    return values


class ValueColumn:
    """Which documents have which whole values of one field; a document may have several."""

    def __init__(self, postings: Iterable[tuple[str, Documents]]) -> None:
        """Take each value with its documents, values ascending."""
        self._documents = dict(postings)

    @classmethod
    def read(cls, reader: IndexReader, field: str) -> "ValueColumn":
        """Read the values of a Whoosh field."""
        return cls((term.decode(), _documents(reader, field, term)) for term in reader.lexicon(field))

    def having(self, value: str) -> Documents:
        """The documents that have `value`."""
        return self._documents.get(value, _NONE)

    def counts(self, among: Mask) -> dict[str, int]:
        """How many of the documents in `among` have each value; values that none has are left out."""
        counted = {value: int(np.count_nonzero(among[found])) for value, found in self._documents.items()}
        return {value: count for value, count in counted.items() if count}


def _documents(reader: IndexReader, field: str, term: bytes) -> Documents:
    return np.fromiter(reader.postings(field, term).all_ids(), dtype=np.int32)


_NONE: Documents = np.empty(0, dtype=np.int32)
