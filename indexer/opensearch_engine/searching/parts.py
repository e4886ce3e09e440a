"""The scores of the articles of a page, whatever its order, and the parts of which they consist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.columns.numbers import microseconds
from indexer.columns.values import number_of
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.score_parts import PARTS, ScoreParts
from indexer.opensearch_engine.matching.scores import ScoredQuery, weighed_clause
from indexer.opensearch_engine.matching.view import Clause
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.query.tree import Query
from indexer.scoring.bm25f import Statistics
from indexer.scoring.weights import Weighing, weighed
from indexer.search.filters import NumberField
from indexer.search.requests import Explanation

_MOST_SCORED = 600
"""Clauses of a query's scores. Nodes take 1,024 of a search, also those that match."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A query with all that its matches are scored by."""

    query: Query
    statistics: Statistics
    clauses: QueryClauses
    weighing: Weighing | None

    def clause(self, matches: Clause) -> Clause:
        """The clause of matches with their scores."""
        query = ScoredQuery(self.query, self.statistics, self.clauses)
        scored = query.clause(matches) if query.size <= _MOST_SCORED else self.parts.clause(matches)
        return weighed_clause(scored, self.weighing) if self.weighing else scored

    @property
    def parts(self) -> ScoreParts:
        """The parts of the scores."""
        return ScoreParts(self.query, self.statistics, self.clauses)


async def scores_of(cluster: Cluster, index: str, scored: Scored, documents: Sequence[str]) -> list[float]:
    """The score of each document."""
    if not documents:
        return []
    [answer] = await cluster.searches(index, [_body(scored.clause(_these(documents)), documents)])
    scores = _scores(answer)
    return [scores[document] for document in documents]


async def explanations(  # noqa: PLR0913, PLR0917 - all that scores are made of
    cluster: Cluster,
    index: str,
    scored: Scored,
    documents: Sequence[str],
    scores: Sequence[float | None],
    articles: Sequence[Article],
) -> list[Explanation | None]:
    """The parts of the score of each document; None where there is no score."""
    these = _these(documents)
    bodies = [_body(scored.parts.clause(these, part=part), documents) for part in PARTS]
    columns = [_scores(answer) for answer in await cluster.searches(index, bodies)]
    weights = _weights(scored.weighing, articles)
    scale = 1.0
    if scored.weighing is not None:
        tuning, _, best = scored.weighing
        scale = tuning.text / best if best else 0.0
    explained: list[Explanation | None] = []
    for number, (document, score) in enumerate(zip(documents, scores, strict=True)):
        words = {name: scale * column[document] for name, column in zip(PARTS, columns, strict=True)}
        others = {name: float(column[number]) for name, column in weights.items()}
        explained.append(None if score is None else Explanation(score=score, **words, **others))
    return explained


@dataclass(frozen=True, slots=True)
class _Columns:
    """The numbers of articles. See `Columns`."""

    articles: Sequence[Article]

    def published_at(self) -> NDArray[np.integer]:
        times = [microseconds(article.published_date_time.timestamp()) for article in self.articles]
        return np.array(times, dtype=np.int64)

    def number(self, field: NumberField) -> NDArray[np.integer]:
        return np.array([number_of(article, field) for article in self.articles], dtype=np.int64)


def _weights(weighing: Weighing | None, articles: Sequence[Article]) -> dict[str, NDArray[np.floating]]:
    if weighing is None:
        return {}
    nothing = np.zeros(len(articles), dtype=np.float32)
    _, recency, quality, heat = weighed(nothing, _Columns(articles), weighing)
    return {"recency": recency, "quality": quality, "heat": heat}


def _these(documents: Sequence[str]) -> Clause:
    return {"ids": {"values": [*documents]}}


def _body(clause: Clause, documents: Sequence[str]) -> dict[str, Any]:  # Any: JSON
    return {"size": len(documents), "query": clause, "_source": False, "track_total_hits": False}


def _scores(answer: Body) -> dict[str, float]:
    return {hit["_id"]: float(np.float32(hit["_score"])) for hit in answer["hits"]["hits"]}
