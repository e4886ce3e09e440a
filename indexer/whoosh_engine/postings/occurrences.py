"""The occurrences of a word in one segment, in all its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from indexer.columns.stems import Stems
from indexer.query.tree import Prefix, TextField, Word
from indexer.scoring.bm25f import OTHER_FORM
from indexer.whoosh_engine.segment.arrays import Documents, Frequencies, Indices, Integers, Mask, distinct
from indexer.whoosh_engine.segment.term_table import TermTable, table_name

if TYPE_CHECKING:
    from indexer.whoosh_engine.segment.segment import SegmentArrays

# With fewer postings than this share of the segment, sorting them is faster than counting over all documents.
_SPARSE_SHARE = 1 / 8


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The documents that have a word, ascending, and how often each has it in each field; other forms count less.

    Each of `counts` has the `weight`. Of a word in one form, all arrays are parts of the segment's.
    """

    documents: Documents
    counts: Mapping[TextField, Integers | Frequencies]
    weight: float = 1.0

    @property
    def nbytes(self) -> int:
        """The memory this takes beside the segment's."""
        return sum(values.nbytes for values in (self.documents, *self.counts.values()) if values.base is None)

    def frequencies(self, field: TextField, indices: Indices | None = None) -> Frequencies:
        """The number of times that the documents, or those at some indices, have the word in a field."""
        counts = self.counts[field] if indices is None else self.counts[field][indices]
        if self.weight == 1:
            return counts.astype(np.float32, copy=False)
        return np.multiply(counts, self.weight, dtype=np.float32)


def forms(leaf: Word | Prefix, segment: "SegmentArrays", stems: Stems) -> Sequence[int]:
    """The numbers of the terms that are forms of a word, or of those that begin with a prefix: a range."""
    name = table_name(leaf.fields)
    if isinstance(leaf, Prefix):
        return segment.tables[name].beginning_with(leaf.prefix)
    numbers: list[int] = segment.lexicons[name].forms(stems.of(leaf.term)).tolist()
    return numbers


def occurrences(leaf: Word | Prefix, forms: Sequence[int], segment: "SegmentArrays") -> Occurrences:
    """The occurrences of a word or prefix in these forms. Deleted documents are left out."""
    table = segment.tables[table_name(leaf.fields)]
    if isinstance(leaf, Prefix):
        merged = _union([_run(table, forms, leaf.fields, 1.0)], leaf.fields, segment.size)
    else:
        weights = [1.0 if table.terms[form] == leaf.term else OTHER_FORM for form in forms]
        parts = [_run(table, (form,), leaf.fields, weight) for form, weight in zip(forms, weights, strict=True)]
        merged = parts[0] if len(parts) == 1 else _union(parts, leaf.fields, segment.size)
    if table.has_only(leaf.fields) and not segment.deleted:
        return merged
    occurs = np.logical_or.reduce([values > 0 for values in merged.counts.values()])
    if segment.deleted:
        occurs &= segment.live[merged.documents]
    return merged if occurs.all() else _chosen(merged, occurs)


def _run(table: TermTable, run: Sequence[int], fields: Sequence[TextField], weight: float) -> Occurrences:
    """The postings of a run of terms that lie side by side. Of several, a document may come several times."""
    start, stop = (int(table.offsets[run[0]]), int(table.offsets[run[-1] + 1])) if run else (0, 0)
    return Occurrences(
        table.documents[start:stop],
        {field: table.fields[field].frequencies[start:stop] for field in fields},
        weight,
    )


def _chosen(merged: Occurrences, mask: Mask) -> Occurrences:
    counts = {field: values[mask] for field, values in merged.counts.items()}
    return Occurrences(merged.documents[mask], counts, merged.weight)


def _union(parts: Sequence[Occurrences], fields: Sequence[TextField], size: int) -> Occurrences:
    """All documents of the parts, each once, with the sum of their frequencies."""
    if not parts:
        return Occurrences(np.empty(0, dtype=np.int32), {field: np.empty(0, dtype=np.float32) for field in fields})
    documents = np.concatenate([part.documents for part in parts])
    columns = {field: np.concatenate([part.frequencies(field) for part in parts]) for field in fields}
    if len(documents) < size * _SPARSE_SHARE:
        merged, indices = distinct(documents)
        return Occurrences(merged, _sums(columns, indices, len(merged)))
    sums = _sums(columns, documents, size)
    merged = np.flatnonzero(np.logical_or.reduce([values > 0 for values in sums.values()])).astype(np.int32)
    return Occurrences(merged, {field: values[merged] for field, values in sums.items()})


def _sums(columns: Mapping[TextField, Frequencies], indices: Integers, count: int) -> dict[TextField, Frequencies]:
    """Each column's values added up at `count` indices."""
    return {
        field: np.bincount(indices, weights=values, minlength=count).astype(np.float32)
        for field, values in columns.items()
    }
