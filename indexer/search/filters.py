"""Conditions on articles, as a small algebra that every engine can evaluate."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TermField(StrEnum):
    """A field whose whole values can be asked for. Values are compared in canonical form (see `canonical.py`).

    `RELATED_URL` holds the webUrl of every article that an article names as related, `EXTRA` the terms of its extras.
    """

    TOPIC = "topic"
    PROVIDER = "provider"
    CATEGORY = "category"
    TYPE = "type"
    AUTHOR = "author"
    RELATED_URL = "related_url"
    EXTRA = "extra"


class NumberField(StrEnum):
    """A field that holds a whole number or nothing."""

    QUALITY = "quality"
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class Among:
    """Matches articles whose `field` holds at least one of `values`."""

    field: TermField
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Required(Among):
    """An `Among` of `all` conditions: further values narrow it, so facets of its own field count within it."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Matches articles whose `field` holds `value` or more; those without a value never."""

    field: NumberField
    value: int


@dataclass(frozen=True, slots=True)
class PublishedFrom:
    """Matches articles published at `instant` or later."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class PublishedBefore:
    """Matches articles published earlier than `instant`."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class HasImage:
    """Matches articles with at least one image of their own."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches articles that every one of `filters` matches; without any, all."""

    filters: tuple["Filter", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches articles that at least one of `filters` matches; without any, none."""

    filters: tuple["Filter", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """Matches articles that `filter` does not match."""

    filter: "Filter"


Filter = Among | AtLeast | PublishedFrom | PublishedBefore | HasImage | AllOf | AnyOf | Not

EVERYTHING = AllOf()
_LONG = 2_000  # characters
_CONDITION = 50  # of a condition without its values
_VALUE = 4  # of a value beside its own


def conditions_in(condition: Filter) -> int:
    """The number of innermost conditions, each of which is evaluated for all articles."""
    match condition:
        case AllOf(filters) | AnyOf(filters):
            return sum(map(conditions_in, filters))
        case Not(inner):
            return conditions_in(inner)
        case _:
            return 1


def is_long(condition: Filter) -> bool:
    """Tell whether a condition is too long, by its number of values or by their length, to be a key in memory."""
    return condition is not EVERYTHING and _length(condition) > _LONG


def _length(condition: Filter) -> int:
    """About the number of characters that a condition has in writing."""
    match condition:
        case Among(values=values):
            return _CONDITION + sum(map(len, values)) + _VALUE * len(values)
        case AllOf(filters) | AnyOf(filters):
            return _CONDITION + sum(map(_length, filters))
        case Not(inner):
            return _CONDITION + _length(inner)
        case _:
            return _CONDITION
