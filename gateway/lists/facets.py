"""The facets of a plain list, by the names that they have in GraphQL."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

from gateway.lists.parameters import remedy_for
from indexer.search.facets import Calendar, FacetOrder, FacetRequest, Spread
from indexer.search.filters import NumberField, TermField
from schema.inputs.bad_input import BadUserInput, quoted
from schema.limits.limits import DEFAULT_MONTHS, DEFAULT_VALUES, Switch
from schema.loading.loaders import awaited
from schema.results.facet_counts import CountedValues, FacetCounts

VALUES: Mapping[str, FacetRequest] = {
    "topics": FacetRequest(field=TermField.TOPIC, size=DEFAULT_VALUES),
    "providers": FacetRequest(field=TermField.PROVIDER, size=DEFAULT_VALUES),
    "categories": FacetRequest(field=TermField.CATEGORY, size=DEFAULT_VALUES),
    "types": FacetRequest(field=TermField.TYPE, size=DEFAULT_VALUES),
    "authors": FacetRequest(field=TermField.AUTHOR, size=DEFAULT_VALUES),
    "months": FacetRequest(field=Calendar.MONTH, size=DEFAULT_MONTHS, order=FacetOrder.NAME),
}
SPREADS: Mapping[str, NumberField] = {"quality": NumberField.QUALITY, "heat": NumberField.HEAT}
_NAMES = (*VALUES, *SPREADS)


def read_facets(text: str, hints: Switch) -> tuple[str, ...]:
    """The names of facets, divided by commas. Raises `BadUserInput` for a name of none."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in _NAMES:
            remedy = remedy_for(name, _NAMES, "there are", hints)
            raise BadUserInput("facets", f"{quoted(name)} is no facet; {remedy}")
    return names


def counted(names: Sequence[str], counts: FacetCounts) -> Awaitable[Mapping[str, object]]:
    """The facets, asked for at once, so that they join the search of the page."""
    values = {name: counts.facet(VALUES[name]) for name in names if name in VALUES}
    spreads = {name: counts.spread(SPREADS[name]) for name in names if name in SPREADS}
    return _encoded(values, spreads)


async def _encoded(
    values: Mapping[str, Awaitable[CountedValues]], spreads: Mapping[str, Awaitable[Spread | None]]
) -> Mapping[str, object]:
    facets = await asyncio.gather(*values.values())
    names = await asyncio.gather(*(awaited(value.name) for facet in facets for value in facet.values))
    rest = iter(names)
    encoded: dict[str, object] = {
        name: {
            "values": [{"value": each.value, "name": next(rest), "count": each.count} for each in facet.values],
            "totalCount": facet.total_count,
        }
        for name, facet in zip(values, facets, strict=True)
    }
    return encoded | {name: _range(await spread) for name, spread in spreads.items()}


def _range(spread: Spread | None) -> Mapping[str, float] | None:
    if spread is None:
        return None
    return {"min": spread.minimum, "max": spread.maximum, "mean": spread.mean, "count": spread.count}
