"""Where a word or prefix occurs in a segment: all of its forms in all of its fields, taken together."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.query import Prefix, TextField, Word
from indexer.whoosh_engine.bm25f import OTHER_FORM
from indexer.whoosh_engine.columns import Documents
from indexer.whoosh_engine.found import Found, union
from indexer.whoosh_engine.segment import Segment
from indexer.whoosh_engine.vocabulary import Vocabulary


class Occurrences(NamedTuple):
    """The documents of a segment that have a word in any form, and how often each has it in each field."""

    documents: Documents
    frequencies: Mapping[TextField, NDArray[np.float64]]


def occurrences(leaf: Word | Prefix, segment: Segment, vocabulary: Vocabulary) -> Occurrences:
    """Look a word or prefix up, in all its fields and forms."""
    found = {field: _in_field(leaf, field, segment, vocabulary) for field in leaf.fields}
    documents = np.unique(np.concatenate([one.documents for one in found.values()]))
    return Occurrences(documents, {field: _aligned(one, documents) for field, one in found.items()})


def _in_field(leaf: Word | Prefix, field: TextField, segment: Segment, vocabulary: Vocabulary) -> Found:
    if isinstance(leaf, Prefix):
        weights = dict.fromkeys(vocabulary.beginning_with(field, leaf.prefix), 1.0)
    else:
        forms = vocabulary.forms(field, leaf.term)
        weights = {form: 1.0 if form == leaf.term else OTHER_FORM for form in forms}
    parts = [(segment.postings(field, form), weight) for form, weight in weights.items()]
    return union([Found(postings.documents, weight * postings.frequencies) for postings, weight in parts])


def _aligned(found: Found, documents: Documents) -> NDArray[np.float64]:
    values = np.zeros(len(documents))
    values[np.searchsorted(documents, found.documents)] = found.scores
    return values
