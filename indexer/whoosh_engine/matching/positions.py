"""The positions of words in one segment, and the phrases in which words stand in order."""

from collections.abc import Sequence

import numpy as np

from indexer.query.tree import Phrase, TextField
from indexer.whoosh_engine.matching.nearness import PositionsOf
from indexer.whoosh_engine.segment.arrays import Documents, Positions, distinct, documents_of, located, positions_in
from indexer.whoosh_engine.segment.term_table import TermTable


def positions_of(forms: Sequence[int], field: TextField, table: TermTable) -> Positions:
    """All positions of terms, by number, in the field; ascending. Deleted documents are among them."""
    positions = [_of_term(number, field, table) for number in forms]
    if len(positions) == 1:
        return positions[0]
    merged = np.concatenate([np.empty(0, dtype=np.int64), *positions])
    merged.sort()
    return merged


def _of_term(number: int, field: TextField, table: TermTable) -> Positions:
    postings = slice(int(table.offsets[number]), int(table.offsets[number + 1]))
    occurrences = table.fields[field]
    positions = occurrences.positions[int(occurrences.starts[number]) : int(occurrences.starts[number + 1])]
    documents = positions_in(table.documents[postings])
    return documents.repeat(occurrences.frequencies[postings]) + positions


def documents_with_phrase(phrase: Phrase, positions_of: PositionsOf) -> Documents:
    """The documents, deleted ones among them, that have the words of the phrase in order in one of its fields."""
    documents = []
    for field in phrase.fields:
        starts = [positions_of(word, field) - offset for offset, word in enumerate(phrase.words())]
        fewest, *others = sorted(starts, key=len)
        for other in others:
            fewest = fewest[located(fewest, other)[1]]
        documents.append(documents_of(fewest))
    return distinct(np.concatenate(documents))[0]
