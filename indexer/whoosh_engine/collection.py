"""What all articles of a generation have in common."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.query import SEARCHED
from indexer.whoosh_engine.open_segment import OpenSegment


class Collection(NamedTuple):
    """The number of articles, and the mean lengths of the searched fields.

    Drafts and articles dated later count as well.
    """

    documents: int
    mean_lengths: Mapping[str, float]


def collection_of(segments: Sequence[OpenSegment]) -> Collection:
    """What the articles of these segments have in common."""
    documents = sum(int(np.count_nonzero(one.segment.live)) for one in segments)
    lengths = {
        field: sum(int(one.segment.lengths(field)[one.segment.live].sum()) for one in segments) for field in SEARCHED
    }
    means = {str(field): length / documents for field, length in lengths.items() if length}
    return Collection(documents, means)
