"""Where words stand: document and position in one number, so that neighbours are found by adding one."""

import numpy as np
from numpy.typing import NDArray

from indexer.query import TextField, Word
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.segment import Documents, Segment
from indexer.whoosh_engine.term_table import TermTable, table_name

Places = NDArray[np.int64]  # a document number and, in the lower 32 bits, a position there

_POSITION_BITS = 32


def places(word: Word, field: TextField, segment: Segment, stems: Stems) -> Places:
    """Where the word stands, in any form, in the field; ascending. Deleted documents are among them."""
    name = table_name(word.fields)
    table = segment.tables[name]
    found = [_of_term(number, field, table) for number in segment.lexicons[name].forms(stems.of(word.term)).tolist()]
    if len(found) == 1:
        return found[0]
    merged = np.concatenate([np.empty(0, dtype=np.int64), *found])
    merged.sort()
    return merged


def documents_of(found: Places) -> Documents:
    """The document of each place."""
    return (found >> _POSITION_BITS).astype(np.int32)


def _of_term(number: int, field: TextField, table: TermTable) -> Places:
    postings = slice(int(table.offsets[number]), int(table.offsets[number + 1]))
    occurrences = table.fields[field]
    positions = occurrences.positions[int(occurrences.starts[number]) : int(occurrences.starts[number + 1])]
    documents = table.documents[postings].astype(np.int64) << _POSITION_BITS
    return documents.repeat(occurrences.frequencies[postings]) + positions
