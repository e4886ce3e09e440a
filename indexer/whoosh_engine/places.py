"""Where words stand: document and position in one number, so that neighbours are found by adding one."""

import numpy as np
from numpy.typing import NDArray

from indexer.query import TextField, Word
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.segment import Documents, Mask, Segment
from indexer.whoosh_engine.term_table import TermTable, table_name

Places = NDArray[np.int64]  # a document number and, in the lower 32 bits, a position there

_POSITION_BITS = 32


def places(word: Word, field: TextField, candidates: Mask, segment: Segment, stems: Stems) -> Places:
    """Where the word stands, in any form, in the field of the candidates; ascending."""
    name = table_name(word.fields)
    table = segment.tables[name]
    found = [
        _of_term(number, field, table, candidates)
        for number in segment.lexicons[name].forms(stems.of(word.term)).tolist()
    ]
    if len(found) == 1:
        return found[0]
    merged = np.concatenate([np.empty(0, dtype=np.int64), *found])
    merged.sort()
    return merged


def documents_of(found: Places) -> Documents:
    """The document of each place."""
    return (found >> _POSITION_BITS).astype(np.int32)


def _of_term(number: int, field: TextField, table: TermTable, candidates: Mask) -> Places:
    postings = slice(int(table.offsets[number]), int(table.offsets[number + 1]))
    occurrences = table.fields[field]
    positions = occurrences.positions[int(occurrences.starts[number]) : int(occurrences.starts[number + 1])]
    documents, frequencies = table.documents[postings], occurrences.frequencies[postings]
    is_candidate = candidates[documents]
    if is_candidate.all():
        repeated = np.repeat(documents, frequencies)
    else:
        repeated = np.repeat(documents[is_candidate], frequencies[is_candidate])
        positions = positions[np.repeat(is_candidate, frequencies)]
    return (repeated.astype(np.int64) << _POSITION_BITS) + positions
