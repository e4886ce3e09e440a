"""Filters, evaluated on a segment's arrays."""

from collections.abc import Sequence

import numpy as np

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
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.numbers import BEYOND, MISSING, microseconds
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.value_table import canonical_value


def matching(condition: Filter, segment: SegmentArrays) -> Mask:  # noqa: PLR0911  # one for each kind of filter
    """A mask of the documents that meet the condition."""
    match condition:
        case Among():
            return _among(condition, segment)
        case AtLeast(field, value):
            return segment.number(field) >= min(max(value, MISSING + 1), BEYOND)
        case PublishedFrom(instant):
            return segment.published_at >= microseconds(instant.timestamp())
        case PublishedBefore(instant):
            return segment.published_at < microseconds(instant.timestamp())
        case HasImage():
            return segment.has_image
        case AllOf(filters):
            return _all_of(filters, segment)
        case AnyOf(filters):
            return ~_all_of([Not(operand) for operand in filters], segment)
        case Not(operand):
            return ~matching(operand, segment)


def _all_of(conditions: Sequence[Filter], segment: SegmentArrays) -> Mask:
    mask = np.ones(segment.size, dtype=bool)
    for condition in conditions:
        mask &= matching(condition, segment)
    return mask


def _among(condition: Among, segment: SegmentArrays) -> Mask:
    mask = np.zeros(segment.size, dtype=bool)
    values = segment.values[condition.field]
    for value in condition.values:
        mask[values.documents_with(canonical_value(condition.field, value))] = True
    return mask
