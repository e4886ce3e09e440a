"""Where a word or the words with a prefix occur in a segment: in all forms and fields, taken together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.query import Prefix, TextField, Word
from indexer.whoosh_engine.bm25f import OTHER_FORM
from indexer.whoosh_engine.documents import distinct
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.segment import Documents, Segment
from indexer.whoosh_engine.term_table import TermTable, table_name

Frequencies = NDArray[np.float32]

# With fewer postings than this share of the segment, sorting them is faster than counting over all documents.
_SPARSE_SHARE = 1 / 64


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The documents that have a word, ascending, and how often each has it in each field; other forms count less."""

    documents: Documents
    frequencies: Mapping[TextField, Frequencies]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + sum(values.nbytes for values in self.frequencies.values())


def occurrences(leaf: Word | Prefix, segment: Segment, stems: Stems) -> Occurrences:
    """Look a word or prefix up. Deleted documents are left out."""
    table = segment.tables[table_name(leaf.fields)]
    if isinstance(leaf, Prefix):
        numbers = table.beginning_with(leaf.prefix)
        parts = [_run(table, numbers.start, numbers.stop, leaf.fields, 1.0)]
    else:
        typed = table.number(leaf.term)
        forms = segment.lexicons[table_name(leaf.fields)].forms(stems.of(leaf.term)).tolist()
        parts = [_run(table, form, form + 1, leaf.fields, 1.0 if form == typed else OTHER_FORM) for form in forms]
    is_single = len(parts) == 1 and isinstance(leaf, Word)
    found = parts[0] if is_single else _union(parts, leaf.fields, segment.size)
    is_there = np.logical_or.reduce([values > 0 for values in found.frequencies.values()])
    if segment.deleted:
        is_there &= segment.live[found.documents]
    return found if is_there.all() else _chosen(found, is_there)


def postings(leaf: Word | Prefix, segment: Segment, stems: Stems) -> int:
    """How many postings a word has in all its forms, or all words with a prefix."""
    table = segment.tables[table_name(leaf.fields)]
    if isinstance(leaf, Prefix):
        numbers = table.beginning_with(leaf.prefix)
        return int(table.offsets[numbers.stop] - table.offsets[numbers.start])
    forms = segment.lexicons[table_name(leaf.fields)].forms(stems.of(leaf.term))
    return int((table.offsets[forms + 1] - table.offsets[forms]).sum())


def _run(table: TermTable, first: int, end: int, fields: Sequence[TextField], weight: float) -> Occurrences:
    """The postings of terms that lie side by side. Of several terms, a document may come several times."""
    start, stop = int(table.offsets[first]), int(table.offsets[end])
    return Occurrences(
        table.documents[start:stop],
        {field: np.multiply(table.fields[field].frequencies[start:stop], weight, dtype=np.float32) for field in fields},
    )


def _chosen(found: Occurrences, chosen: NDArray[np.bool_]) -> Occurrences:
    return Occurrences(found.documents[chosen], {field: values[chosen] for field, values in found.frequencies.items()})


def _union(parts: Sequence[Occurrences], fields: Sequence[TextField], size: int) -> Occurrences:
    """All documents of the parts, each once, their frequencies added."""
    if not parts:
        return Occurrences(np.empty(0, dtype=np.int32), {field: np.empty(0, dtype=np.float32) for field in fields})
    documents = np.concatenate([part.documents for part in parts])
    columns = {field: np.concatenate([part.frequencies[field] for part in parts]) for field in fields}
    if len(documents) < size * _SPARSE_SHARE:
        having, places = distinct(documents)
        count = len(having)
    else:
        having, places, count = None, documents, size
    added = {
        field: np.bincount(places, weights=values, minlength=count).astype(np.float32)
        for field, values in columns.items()
    }
    if having is None:
        having = np.flatnonzero(np.logical_or.reduce([values > 0 for values in added.values()])).astype(np.int32)
        added = {field: values[having] for field, values in added.items()}
    return Occurrences(having, added)
