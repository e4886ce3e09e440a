"""The values of fields among the matches, and the ranges of numbers, as a cluster counts them: exactly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from indexer.listing.facet_page import facet_page
from indexer.listing.facet_values import ValueNames
from indexer.opensearch_engine.matching.view import Clause
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.search.facets import Facet, FacetField, FacetRequest, Spread, SpreadRequest
from indexer.search.filters import Filter, NumberField, TermField
from indexer.search.requests import SearchRequest

_MOST_VALUES = 10_000
"""Values that one request counts. Each shard sends all that it has, so that counts are exact; where a field has more,
they are gone through in pages."""

_COUNTS = "counts"


class Counted(NamedTuple):
    """Facets and spreads, in the order in which a request asks for them."""

    facets: tuple[Facet, ...]
    spreads: tuple[Spread | None, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One search: the clause of the documents that it counts, and what of them."""

    clause: Clause
    fields: Sequence[FacetField]
    numbers: Sequence[NumberField]

    def body(self) -> Body:
        aggregations: dict[str, Any] = {
            f"values of {field}": {"terms": {"field": _name(field), "size": _MOST_VALUES}} for field in self.fields
        }
        aggregations |= {f"range of {field}": {"stats": {"field": str(field)}} for field in self.numbers}
        return {"size": 0, "track_total_hits": False, "query": self.clause, "aggs": aggregations}


class FacetCounter:
    """Counts the matches of searches."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index

    async def count(self, request: SearchRequest, clauses: Mapping[Filter, Clause]) -> Counted:
        """All that a request wants counted; `clauses` has that of its matches under each filter.

        Raises RequestError for a facet without sense.
        """
        plans = _plans(request, clauses)
        answers = await self._cluster.searches(self._index, [plan.body() for plan in plans.values()])
        found = dict(zip(plans, answers, strict=True))
        counts: dict[tuple[Filter, FacetField], dict[str, int]] = {}
        for condition, plan in plans.items():
            for field in plan.fields:
                counts[condition, field] = await self._values(field, plan.clause, found[condition])
        return Counted(
            tuple(_facet(facet, counts[_own(facet, request), facet.field]) for facet in request.facets),
            tuple(
                _spread(found[_own(spread, request)]["aggregations"][f"range of {spread.field}"])
                for spread in request.spreads
            ),
        )

    async def _values(self, field: FacetField, clause: Clause, answer: Body) -> dict[str, int]:
        counted = answer["aggregations"][f"values of {field}"]
        if not counted["sum_other_doc_count"] and not counted["doc_count_error_upper_bound"]:
            return {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}
        return await self._all_values(field, clause)

    async def _all_values(self, field: FacetField, clause: Clause) -> dict[str, int]:
        """The counts of very many values, page by page."""
        counts: dict[str, int] = {}
        pages: dict[str, Any] = {"size": _MOST_VALUES, "sources": [{"value": {"terms": {"field": _name(field)}}}]}
        while True:
            body = {"size": 0, "track_total_hits": False, "query": clause, "aggs": {_COUNTS: {"composite": pages}}}
            [answer] = await self._cluster.searches(self._index, [body])
            page = answer["aggregations"][_COUNTS]
            counts |= {bucket["key"]["value"]: bucket["doc_count"] for bucket in page["buckets"]}
            if "after_key" not in page:
                return counts
            pages["after"] = page["after_key"]


def _plans(request: SearchRequest, clauses: Mapping[Filter, Clause]) -> dict[Filter, _Plan]:
    fields: dict[Filter, dict[FacetField, None]] = defaultdict(dict)
    numbers: dict[Filter, dict[NumberField, None]] = defaultdict(dict)
    for facet in request.facets:
        fields[_own(facet, request)][facet.field] = None
    for spread in request.spreads:
        numbers[_own(spread, request)][spread.field] = None
    return {
        condition: _Plan(clauses[condition], [*fields[condition]], [*numbers[condition]])
        for condition in {**fields, **numbers}
    }


def conditions_of(request: SearchRequest) -> set[Filter]:
    """The filters under which a request wants its matches counted."""
    facets = {_own(facet, request) for facet in request.facets}
    return facets | {_own(spread, request) for spread in request.spreads}


def _own(counted: FacetRequest | SpreadRequest, request: SearchRequest) -> Filter:
    return request.filter if counted.filter is None else counted.filter


def _name(field: FacetField) -> str:
    return mapping.value_field(field) if isinstance(field, TermField) else mapping.MONTH


def _facet(request: FacetRequest, counts: Mapping[str, int]) -> Facet:
    names = sorted(counts)
    return facet_page(request, ValueNames([names]), np.array([counts[name] for name in names], dtype=np.int64))


def _spread(stats: Mapping[str, float]) -> Spread | None:
    count = int(stats["count"])
    if not count:
        return None
    return Spread(minimum=int(stats["min"]), maximum=int(stats["max"]), mean=stats["sum"] / count, count=count)
