"""Conditions on articles, as a small algebra that every engine can evaluate."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


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


class Among(Struct, frozen=True, gc=False):
    """Matches articles whose `field` holds at least one of `values`."""

    field: TermField
    values: frozenset[str]


class Required(Among, frozen=True, gc=False):
    """An `Among` of `all` conditions: further values narrow it, so facets of its own field count within it."""


class AtLeast(Struct, frozen=True, gc=False):
    """Matches articles whose `field` holds `value` or more; those without a value never."""

    field: NumberField
    value: int


class PublishedFrom(Struct, frozen=True, gc=False):
    """Matches articles published at `instant` or later."""

    instant: datetime


class PublishedBefore(Struct, frozen=True, gc=False):
    """Matches articles published earlier than `instant`."""

    instant: datetime


class HasImage(Struct, frozen=True, gc=False):
    """Matches articles with at least one image of their own."""


class AllOf(Struct, frozen=True, gc=False):
    """Matches articles that every one of `filters` matches; without any, all."""

    filters: tuple["Filter", ...] = ()


class AnyOf(Struct, frozen=True, gc=False):
    """Matches articles that at least one of `filters` matches; without any, none."""

    filters: tuple["Filter", ...] = ()


class Not(Struct, frozen=True, gc=False):
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
