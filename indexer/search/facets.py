"""What can be counted about the articles found, beside the articles themselves."""

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
    """What of an article's time can be counted: the calendar month in which it was published, in UTC: `2020-02`."""

    MONTH = "month"


FacetField = TermField | Calendar


class FacetOrder(StrEnum):
    """Which values come first: those of most articles, ties by value; or by value, in the order of code points.

    By value, months begin with the newest.
    """

    COUNT = "count"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRequest:
    """Asks between which numbers the articles found lie.

    `filter` says which articles to look at instead of those that the request's filter matches; the text must match all
    the same.
    """

    field: NumberField
    filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The numbers of one field among the articles found; `count` of them have one."""

    minimum: int
    maximum: int
    mean: float
    count: int


def without(condition: Filter, field: FacetField | NumberField) -> Filter:
    """The condition without what it requires of `field`, so that a facet offers other values than those chosen.

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
    """Asks for the values of `field` among the articles found.

    `prefix` keeps values that have its words in a row, the last of them perhaps unfinished: `lea` and `machine le` keep
    `machine learning`. Case and accents do not count, and a blank prefix keeps every value. `filter` says which
    articles to look at instead of those that the request's filter matches; the text must match all the same.
    """

    field: FacetField
    size: int = 20
    after: Position | None = None
    order: FacetOrder = FacetOrder.COUNT
    prefix: str = ""
    filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a field, in canonical form, and how many of the articles found have it."""

    value: str
    count: int
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values of one field among the articles found. `total` counts the different values."""

    field: FacetField
    values: tuple[FacetValue, ...]
    has_next: bool
    total: int
