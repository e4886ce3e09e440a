"""Filters in the language of OpenSearch's queries."""

from collections.abc import Sequence

from indexer.columns.numbers import BEYOND, MISSING, microseconds
from indexer.columns.values import canonical_value
from indexer.opensearch_engine.matching.view import Clause, every, sendable, some, without
from indexer.opensearch_engine.storage import mapping
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

_MOST_VALUES = 65_536  # in one clause, by a setting of each index


def filter_clause(condition: Filter) -> Clause:  # noqa: PLR0911 - one for each kind of filter
    """The clause that matches what a filter does."""
    match condition:
        case Among(field, values):
            canonical = sorted({sendable(canonical_value(field, value)) for value in values})
            return some(*_terms(mapping.value_field(field), canonical))
        case AtLeast(field, value):
            return {"range": {str(field): {"gte": value}}} if MISSING < value < BEYOND else _at_the_limit(condition)
        case PublishedFrom(instant):
            return {"range": {mapping.PUBLISHED_AT: {"gte": microseconds(instant.timestamp())}}}
        case PublishedBefore(instant):
            return {"range": {mapping.PUBLISHED_AT: {"lt": microseconds(instant.timestamp())}}}
        case HasImage():
            return {"term": {mapping.HAS_IMAGE: True}}
        case AllOf(filters):
            return every(*map(filter_clause, filters))
        case AnyOf(filters):
            return some(*map(filter_clause, filters))
        case Not(operand):
            return without(filter_clause(operand))


def _terms(name: str, values: Sequence[str]) -> list[Clause]:
    starts = range(0, len(values), _MOST_VALUES)
    return [{"terms": {name: values[start : start + _MOST_VALUES]}} for start in starts]


def _at_the_limit(condition: AtLeast) -> Clause:
    """A number beyond all that articles have: all that have one, or none."""
    return some() if condition.value >= BEYOND else {"exists": {"field": str(condition.field)}}
