"""Facets and spreads: counts of values, and ranges of numbers, among the matches of a search."""

from dataclasses import dataclass
from enum import StrEnum

from indexer.search.filters import (
    EVERYTHING,
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedBefore,
    PublishedFrom,
    Required,
    TermField,
)
from indexer.search.ranking import Position


class Calendar(StrEnum):
    """Units of an article's time: the calendar month in which it was published, in UTC: `2020-02`."""

    MONTH = "month"


FacetField = TermField | Calendar


class FacetOrder(StrEnum):
    """The order of values: those of most articles first, ties by value; or by value, in the order of code points.

    By value, months begin with the newest.
    """

    COUNT = "count"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRequest:
    """Asks for the range of a number among the matches: of the text, and of `filter` instead of the request's."""

    field: NumberField
    filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The numbers of one field among the matches; `count` of them have one."""

    minimum: int
    maximum: int
    mean: float
    count: int


def without(condition: Filter, field: FacetField | NumberField) -> Filter:
    """The condition without its requirements of `field`, so that a facet offers other values than those chosen.

    Only requirements that stand by themselves or in an `AllOf` are left out: values of which one must be there, a
    least number, and for months both ends of a time. Alternatives, exclusions and `Required` values hold on.
    """
    match condition:
        case Required():
            return condition
        case AllOf(parts):
            kept = (without(part, field) for part in parts)
            return AllOf(tuple(part for part in kept if part != EVERYTHING))
        case Among(required) | AtLeast(required) if required is field:
            return EVERYTHING
        case PublishedFrom() | PublishedBefore() if field is Calendar.MONTH:
            return EVERYTHING
        case Among() | AtLeast() | PublishedFrom() | PublishedBefore() | HasImage() | AnyOf() | Not():
            return condition


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRequest:
    """Asks for the values of `field` among the matches: of the text, and of `filter` instead of the request's.

    `prefix` keeps values that have its words in a row, the last of them perhaps unfinished: `lea` and `machine le` keep
    `machine learning`. Case and accents do not count, and a blank prefix keeps every value.
    """

    field: FacetField
    size: int = 20
    after: Position | None = None
    order: FacetOrder = FacetOrder.COUNT
    prefix: str = ""
    filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a field, in canonical form, and the number of matches that have it."""

    value: str
    count: int
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values of one field among the matches. `total` counts the different values."""

    field: FacetField
    values: tuple[FacetValue, ...]
    has_next: bool
    total: int
