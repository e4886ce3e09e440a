"""Numbers of visible articles: those that have words, and the mean lengths of their texts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.columns.numbers import length_column
from indexer.memory import OVERHEAD, Memory, Shelf
from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.view import Clause, View, every
from indexer.opensearch_engine.searching.known import CountOf
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.query.tree import WITH_BODY, Every
from indexer.search.filters import Filter

MeanLengths = Mapping[str, float]
_MOST_COUNTED = 256  # in one search


class Counts:
    """Counts articles in a cluster."""

    def __init__(self, cluster: Cluster, clauses: QueryClauses, memory: Memory) -> None:
        self._cluster = cluster
        self._clauses = clauses
        self._mean_lengths: Shelf[object, MeanLengths] = memory.shelf("moments", lambda _key, _means: OVERHEAD)

    async def counts(self, view: View, questions: Sequence[CountOf]) -> dict[CountOf, int]:
        """The answers to questions, in one request."""
        groups: dict[Filter, list[CountOf]] = defaultdict(list)
        for question in questions:
            groups[question.condition].append(question)
        asked = [
            (condition, some[start : start + _MOST_COUNTED])
            for condition, some in groups.items()
            for start in range(0, len(some), _MOST_COUNTED)
        ]
        bodies = [self._counting(view, condition, some) for condition, some in asked]
        answers = await self._cluster.searches(view.index, bodies)
        counts: dict[CountOf, int] = {}
        for (_, some), answer in zip(asked, answers, strict=True):
            buckets = answer["aggregations"]["counts"]["buckets"]
            counts.update(zip(some, (bucket["doc_count"] for bucket in buckets), strict=True))
        return counts

    async def mean_lengths(self, view: View) -> MeanLengths:
        """The mean length of each searched field, where any article has text in it."""
        means = self._mean_lengths.find(view.moment)
        if means is None:
            body = {
                **_visible(view),
                "aggs": {str(field): {"sum": {"field": length_column(field)}} for field in WITH_BODY},
                "track_total_hits": True,
            }
            [answer] = await self._cluster.searches(view.index, [body])
            means = self._mean_lengths.put(view.moment, _means(answer))
        return means

    def _counting(self, view: View, condition: Filter, questions: Sequence[CountOf]) -> Body:
        filters = [self._clauses.clause(question.query) for question in questions]
        return {**_visible(view, filter_clause(condition)), "aggs": {"counts": {"filters": {"filters": filters}}}}


def _visible(view: View, *conditions: Clause) -> dict[str, Any]:  # Any: JSON
    return {"size": 0, "track_total_hits": False, "query": every(*view.clauses(), *conditions)}


def _means(answer: Body) -> MeanLengths:
    size = answer["hits"]["total"]["value"]
    sums = {str(field): round(answer["aggregations"][str(field)]["value"]) for field in WITH_BODY}
    return {name: length / size for name, length in sums.items() if length}


EVERY_ARTICLE = CountOf(Every())
