"""The reasons that keep an article out of a search in a cluster, or else its rank there."""

from collections.abc import Sequence

from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.view import Clause, View, every, sendable
from indexer.opensearch_engine.searching.known import CountOf, Question, Unknown, settled
from indexer.opensearch_engine.searching.search import Searching
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.query.tree import Every, Query
from indexer.search.filters import Filter
from indexer.search.requests import SearchRequest
from indexer.search.why_not import WhyNot, failed, unmatched


async def why_not(
    cluster: Cluster, searching: Searching, key: str, request: SearchRequest, view: View
) -> WhyNot | None:
    """Tell why the article with this key is not in a search, or else its rank there. None where it is not visible."""
    visible = every(*view.clauses(), {"term": {mapping.KEY: sendable(key)}})
    body = {"size": 1, "query": visible, "_source": False, "track_total_hits": False}
    hits = (await cluster.search(view.index, body))["hits"]["hits"]
    if not hits:
        return None
    document = hits[0]["_id"]
    meaning = await searching.meaning(request, view)
    rank = await searching.listed(meaning).rank(document)
    if rank is not None:
        return WhyNot(rank=rank)
    one = _One(cluster, searching.clauses, view.index, document)
    return WhyNot(
        unmatched=tuple(await settled(lambda: [*unmatched(meaning.query, one.matches)], one.look_up)),
        failed=tuple(await settled(lambda: [*failed(request.filter, one.meets)], one.look_up)),
    )


class _One:
    """One document, and which queries and conditions it was found to match."""

    def __init__(self, cluster: Cluster, clauses: QueryClauses, index: str, document: str) -> None:
        self._cluster = cluster
        self._clauses = clauses
        self._index = index
        self._document = document
        self._held: dict[Question, bool] = {}

    def matches(self, query: Query) -> bool:
        """Tell whether the document matches a query. Raises `Unknown` where nobody has asked yet."""
        return self._holds(CountOf(query))

    def meets(self, condition: Filter) -> bool:
        """Tell whether the document meets a condition, likewise."""
        return self._holds(CountOf(Every(), condition))

    def _holds(self, question: CountOf) -> bool:
        if question not in self._held:
            raise Unknown([question])
        return self._held[question]

    async def look_up(self, questions: Sequence[Question]) -> None:
        """Ask whether the document matches."""
        asked = [question for question in questions if isinstance(question, CountOf)]
        answers = await self._cluster.searches(self._index, [*map(self._asking, asked)])
        for question, answer in zip(asked, answers, strict=True):
            self._held[question] = bool(answer["hits"]["total"]["value"])

    def _asking(self, question: CountOf) -> Body:
        this: Clause = {"ids": {"values": [self._document]}}
        query = every(this, filter_clause(question.condition), self._clauses.clause(question.query))
        return {"size": 0, "query": query, "track_total_hits": True}
