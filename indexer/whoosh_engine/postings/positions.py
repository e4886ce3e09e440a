"""The positions of words in one segment, and the phrases in which words stand in order."""

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.query.tree import Phrase, TextField
from indexer.whoosh_engine.postings.nearness import PositionsOf
from indexer.whoosh_engine.segment.arrays import (
    Documents,
    Positions,
    documents_of,
    located,
    positions_in,
    starts_of_runs,
)
from indexer.whoosh_engine.segment.term_table import TermTable


def positions_of(forms: Sequence[int], fields: Sequence[TextField], table: TermTable) -> Positions:
    """All positions of terms, by number, in the fields; ascending. Deleted documents are among them."""
    positions = [each for number in forms for each in _of_term(number, fields, table)]
    if len(positions) == 1:
        return positions[0]
    merged = np.concatenate([np.empty(0, dtype=np.int64), *positions])
    merged.sort()
    return merged


def _of_term(number: int, fields: Sequence[TextField], table: TermTable) -> Iterator[Positions]:
    """The positions of a term in each field that has it."""
    postings = slice(int(table.offsets[number]), int(table.offsets[number + 1]))
    documents = table.documents[postings]
    for place, field in enumerate(fields):
        occurrences = table.fields[field]
        start, end = int(occurrences.starts[number]), int(occurrences.starts[number + 1])
        if start < end:
            firsts = positions_in(documents, place).repeat(occurrences.frequencies[postings])
            yield firsts + occurrences.positions[start:end]


def documents_with_phrase(phrase: Phrase, positions_of: PositionsOf) -> Documents:
    """The documents, deleted ones among them, that have the words of the phrase in order in one of its fields."""
    starts = [positions_of(word, phrase.fields) - offset for offset, word in enumerate(phrase.words())]
    fewest, *others = sorted(starts, key=len)
    for other in others:
        fewest = fewest[located(fewest, other)[1]]
    documents = documents_of(fewest)
    return documents[starts_of_runs(documents)]
