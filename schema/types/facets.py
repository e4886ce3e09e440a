"""The GraphQL types of a list's facets."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from indexer.search.facets import Calendar, FacetOrder, FacetRequest, Spread
from indexer.search.filters import NumberField, TermField
from schema.inputs.bad_input import check_length
from schema.inputs.enums import declare_enum
from schema.inputs.paging import page_size
from schema.limits.limits import DEFAULT_MONTHS, DEFAULT_VALUES
from schema.loading.context import Info
from schema.results.facet_counts import CountedValues, FacetCounts

declare_enum(
    FacetOrder,
    "The order of the values of a facet.",
    {
        FacetOrder.COUNT: "Values of most articles first, equal ones by value.",
        FacetOrder.NAME: "By value: 5g, ai, robots.",
    },
)

_First = Annotated[
    int | None,
    strawberry.argument(name="first", description="How many values at most; 0 to 100, and 10 where it is not given."),
]
_FirstMonths = Annotated[
    int | None,
    strawberry.argument(name="first", description="How many months at most; 0 to 100, and 12 where it is not given."),
]
_Order = Annotated[FacetOrder | None, strawberry.argument(name="orderBy", description="Which values come first.")]
_Prefix = Annotated[
    str | None,
    strawberry.argument(
        name="prefix",
        description="Only values of which a word begins with this, case and accents ignored: `lea` finds "
        "`machine learning`, and so does `machine le`. A blank one is none.",
    ),
]


@strawberry.type(description="A value, and how many articles of the list have it.")
class FacetValue:
    """Resolves from `schema.results.facet_counts.CountedValue`."""

    value: str = strawberry.field(
        description="The value as `filter` takes it, and as it is compared: `machine learning`, `cnet.com`, `2020-02`."
    )
    name: str = strawberry.field(
        description="The value as people write it: a topic, category, type or author as the newest article that has it "
        "spells it, a provider's name, or its domain where it has none. A month is as it is in `value`."
    )
    count: int = strawberry.field(description="How many articles have it.")


@strawberry.type(description="The values of one field that articles of the list have, with how many have each.")
class Facet:
    """Resolves from `schema.results.facet_counts.CountedValues`."""

    values: list[FacetValue] = strawberry.field(description="The values that were asked for, in order.")
    total_count: int = strawberry.field(
        description="How many different values there are, with `prefix` how many it leaves; more than `values` where "
        "`first` cuts the list."
    )


@strawberry.type(description="Between which numbers the articles of the list lie.")
class NumberSpread:
    """Resolves from `indexer.search.facets.Spread`."""

    minimum: int = strawberry.field(name="min", description="The smallest number.")
    maximum: int = strawberry.field(name="max", description="The largest number.")
    mean: float = strawberry.field(description="The arithmetic mean.")
    count: int = strawberry.field(description="How many articles have a number.")


def _values(field: TermField) -> Callable[..., Awaitable[CountedValues]]:
    def values(
        parent: strawberry.Parent[FacetCounts],
        info: Info,
        *,
        first: _First = DEFAULT_VALUES,
        order: _Order = FacetOrder.COUNT,
        prefix: _Prefix = None,
    ) -> Awaitable[CountedValues]:
        beginning = (prefix or "").strip()
        check_length(beginning, info.context.limits, argument="prefix", remedy="type fewer letters")
        request = FacetRequest(
            field=field,
            size=page_size(DEFAULT_VALUES if first is None else first, argument="first"),
            order=order or FacetOrder.COUNT,
            prefix=beginning,
        )
        return parent.facet(request)

    return values


def _months(parent: strawberry.Parent[FacetCounts], first: _FirstMonths = DEFAULT_MONTHS) -> Awaitable[CountedValues]:
    size = page_size(DEFAULT_MONTHS if first is None else first, argument="first")
    return parent.facet(FacetRequest(field=Calendar.MONTH, size=size, order=FacetOrder.NAME))


def _spread(field: NumberField) -> Callable[..., Awaitable[Spread | None]]:
    def spread(parent: strawberry.Parent[FacetCounts]) -> Awaitable[Spread | None]:
        return parent.spread(field)

    return spread


@strawberry.type(
    description="What the articles of a list are: all of them, not only this page. What `filter` or `topic` requires "
    "of a field does not narrow the facet of that field, so that it shows what else could be chosen: with "
    '`filter: {provider: {any: ["cnet.com"]}}` the facet `providers` counts the articles of all providers that match '
    "everything else. That holds for conditions that must hold by themselves or within `and`; what is within `or` or "
    "`not`, excluded by `none`, or required by `all`, narrows every facet. The articles of one topic or provider stay "
    "those."
)
class ArticleFacets:
    """Resolves from `schema.results.facet_counts.FacetCounts`."""

    topics = strawberry.field(
        resolver=_values(TermField.TOPIC),
        graphql_type=Facet,
        description="What the articles are about: `topics(first: 5) { values { name count } }`.",
    )
    providers = strawberry.field(
        resolver=_values(TermField.PROVIDER), graphql_type=Facet, description="Who published them, by domain."
    )
    categories = strawberry.field(
        resolver=_values(TermField.CATEGORY), graphql_type=Facet, description="The sections they belong to."
    )
    types = strawberry.field(
        resolver=_values(TermField.TYPE), graphql_type=Facet, description="What kinds of pieces they are."
    )
    authors = strawberry.field(resolver=_values(TermField.AUTHOR), graphql_type=Facet, description="Who wrote them.")
    months = strawberry.field(
        resolver=_months,
        graphql_type=Facet,
        description="In which calendar months, in UTC, they were published, the newest first: `2020-02`. Months "
        "without articles are left out. `publishedAfter` and `publishedBefore` do not narrow it.",
    )
    quality = strawberry.field(
        resolver=_spread(NumberField.QUALITY),
        graphql_type=NumberSpread | None,
        description="Their qualities, null where none has one. `qualityAtLeast` does not narrow it.",
    )
    heat = strawberry.field(
        resolver=_spread(NumberField.HEAT),
        graphql_type=NumberSpread | None,
        description="Their heats, null where none has one. `heatAtLeast` does not narrow it.",
    )
