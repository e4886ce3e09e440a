"""Filters, evaluated on a segment's arrays."""

from collections.abc import Sequence

import numpy as np

from indexer.columns.numbers import BEYOND, MISSING, microseconds
from indexer.columns.values import canonical_value
from indexer.search.filters import (
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    PublishedBefore,
    PublishedFrom,
)
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.segment import SegmentArrays

_ALL = slice(None)


def matching(  # noqa: PLR0911 - one for each kind of filter
    condition: Filter, segment: SegmentArrays, documents: Documents | slice = _ALL
) -> Mask:
    """A mask over the documents, all by default, that is true for those that meet the condition."""
    match condition:
        case Among():
            return _among(condition, segment, documents)
        case AtLeast(field, value):
            return segment.number(field)[documents] >= min(max(value, MISSING + 1), BEYOND)
        case PublishedFrom(instant):
            return segment.published_at[documents] >= microseconds(instant.timestamp())
        case PublishedBefore(instant):
            return segment.published_at[documents] < microseconds(instant.timestamp())
        case HasImage():
            return segment.has_image[documents]
        case AllOf(filters):
            return _all_of(filters, segment, documents)
        case AnyOf(filters):
            return ~_all_of([Not(operand) for operand in filters], segment, documents)
        case Not(operand):
            return ~matching(operand, segment, documents)


def _all_of(conditions: Sequence[Filter], segment: SegmentArrays, documents: Documents | slice) -> Mask:
    mask = np.ones(segment.size if isinstance(documents, slice) else len(documents), dtype=bool)
    for condition in conditions:
        mask &= matching(condition, segment, documents)
    return mask


def _among(condition: Among, segment: SegmentArrays, documents: Documents | slice) -> Mask:
    mask = np.zeros(segment.size, dtype=bool)
    values = segment.values[condition.field]
    for value in condition.values:
        mask[values.documents_with(canonical_value(condition.field, value))] = True
    return mask[documents]
