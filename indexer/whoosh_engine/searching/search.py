"""One search over all segments of a generation."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import Query, leaves, weight_of
from indexer.search.filters import Filter
from indexer.search.ranking import WORDS_ALONE, Ranking
from indexer.search.requests import Explanation, Hit, SearchRequest, SearchResult
from indexer.search.why_not import WhyNot, failed, unmatched
from indexer.whoosh_engine.matching.bm25f import Statistics
from indexer.whoosh_engine.matching.conditions import matching
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from indexer.whoosh_engine.ranking.explaining import Explainer, Weighing
from indexer.whoosh_engine.ranking.page import Entry, page
from indexer.whoosh_engine.ranking.ranked import ByOrder, ByScore, Ranked
from indexer.whoosh_engine.ranking.weights import tuned, turns
from indexer.whoosh_engine.searching.facets import FacetCounter, Findings
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.numbers import microseconds
from indexer.whoosh_engine.segment.value_column import Found
from indexer.whoosh_engine.understanding.interpretation import Interpretation, Matches, Meaning

# Letting providers take turns sorts all matches, keys included: so many times as much work as touching a posting.
_SORTING_COST = 100


class Search:
    """Answers one request."""

    def __init__(
        self, segments: Sequence[SearchableSegment], counter: FacetCounter, request: SearchRequest, meaning: Meaning
    ) -> None:
        """Take all segments, what counts their values, and what the request's text means."""
        self._segments = segments
        self._counter = counter
        self._request = request
        self._meaning = meaning
        self._interpretation = Interpretation(segments, request, meaning)
        self._counted: dict[Filter | None, Findings] = {}
        self._is_scored = meaning.is_scored

    def cost(self) -> int:
        """About how many postings and documents the search may touch, at the most."""
        request, documents = self._request, sum(one.segment.size for one in self._segments)
        cost = self._meaning.postings
        if request.tuning != WORDS_ALONE:
            cost += (_SORTING_COST if request.tuning.max_per_provider else 1) * documents
        return cost + (len(request.facets) + len(request.spreads)) * documents

    @cached_property
    def _evaluations(self) -> list[Scorer]:
        return [Scorer(one.words, self._statistics, size=one.segment.size) for one in self._segments]

    def result(self) -> SearchResult:
        """The answer. Raises RequestError for positions or statistics of another search."""
        request, counter = self._request, self._counter
        matches = self._matches
        chosen = page(self._ranked(matches), request.window)
        return SearchResult(
            hits=self._hits(chosen.entries),
            has_previous=chosen.has_previous,
            has_next=chosen.has_next,
            total=sum(found.total for found in matches) if request.total else None,
            facets=tuple(counter.facet(part, self._found(part.filter)) for part in request.facets),
            spreads=tuple(counter.spread(part, self._found(part.filter)) for part in request.spreads),
            statistics=self._statistics.encoded() if self._is_scored else "",
            understanding=self._interpretation.understanding() if request.understanding else None,
        )

    @cached_property
    def _statistics(self) -> Statistics:
        """Those of the search that this one continues, or else of this generation."""
        if self._request.statistics:
            return Statistics.decoded(self._request.statistics)
        concluded = self._interpretation.conclusion
        if concluded.statistics is None:
            concluded.statistics = self._meaning.statistics(self.query)
        return concluded.statistics

    @cached_property
    def query(self) -> Query:
        """What is looked for."""
        return self._interpretation.conclusion.query

    @property
    def condition(self) -> Filter:
        """What articles have to fulfil besides."""
        return self._request.filter

    def rank(self, place: int, document: int) -> int | None:
        """Where a document of the segment at `place` stands among all that are found, from 1 on; None where it is not.

        The window does not matter.
        """
        matches = self._matches
        if not matches[place].mask[document]:
            return None
        ranked = self._ranked(matches)
        position = ranked[place].position(document)
        return 1 + sum(one.count_before(position) for one in ranked)

    @cached_property
    def _matches(self) -> Sequence[Matches]:
        return self._interpretation.matches(self.query)

    def _found(self, condition: Filter | None) -> Findings:
        """What is counted under a condition; under the request's own where it is None."""
        if condition not in self._counted:
            matches = self._interpretation.matches(self.query, condition)
            key = (self.query, *(one.allowed.number for one in matches))
            found = [Found(one.documents, one.allowed.mask) for one in matches]
            self._counted[condition] = self._counter.findings(key, found)
        return self._counted[condition]

    @property
    def _is_by_score(self) -> bool:
        request = self._request
        return request.ranking is Ranking.RELEVANCE and (self._is_scored or request.tuning != WORDS_ALONE)

    def _ranked(self, matches: Sequence[Matches]) -> list[Ranked]:
        """The matches of all segments in the order that was asked for."""
        segments, ranking = [one.segment for one in self._segments], self._request.ranking
        if not self._is_by_score:
            ranking = Ranking.NEWEST if ranking is Ranking.RELEVANCE else ranking
            return [ByOrder(segment, ranking, one.mask) for segment, one in zip(segments, matches, strict=True)]
        scored = [
            (segment, found.listed, self._scores(place, found.listed))
            for place, (segment, found) in enumerate(zip(segments, matches, strict=True))
        ]
        if not (most := self._request.tuning.max_per_provider) or not scored:
            return [ByScore(*one) for one in scored]
        return [ByScore(*one, taken) for one, taken in zip(scored, turns(scored, most), strict=True)]

    @property
    def _has_weights(self) -> bool:
        return replace(self._request.tuning, max_per_provider=None) != WORDS_ALONE

    def _scores(self, place: int, documents: Documents) -> NDArray[np.number]:
        """What RELEVANCE ranks by; without words and weights that is the time, so that the newest are first."""
        scores = self._evaluations[place].scores(self.query, documents)
        if not self._has_weights:
            return scores if self._is_scored else self._segments[place].segment.published_at[documents]
        tuning, now, best = self._weighing
        return tuned(scores, documents, self._segments[place].segment, tuning=tuning, now=now, best=best)

    @cached_property
    def _weighing(self) -> Weighing:
        """What is weighed beside the words."""
        best = sum(weight_of(leaf) * self._statistics.rarity(leaf.name) for leaf in leaves(self.query))
        return Weighing(self._request.tuning, microseconds(self._request.now.timestamp()), best)

    def _hits(self, entries: Sequence[Entry]) -> tuple[Hit, ...]:
        """The entries of a page with their articles and, where there were words or weights, their scores."""
        scores: list[float | None] = [None] * len(entries)
        if self._is_by_score and (self._is_scored or self._has_weights):
            scores = [entry.position.values[-1] for entry in entries]
        elif self._is_scored:
            scores = [*self._text_scores(entries)]
        explained = self._explained(entries, scores) if self._request.explanations else {}
        return tuple(
            Hit(
                article=self._segments[place].article(document),
                position=position,
                score=score,
                explanation=explained.get((place, document)),
            )
            for (place, document, position), score in zip(entries, scores, strict=True)
        )

    def _explained(
        self, entries: Sequence[Entry], scores: Sequence[float | None]
    ) -> dict[tuple[int, int], Explanation]:
        """The parts of the scores, by segment and document; of entries without a score there are none."""
        weighing = self._weighing if self._is_by_score and self._has_weights else None
        explained: dict[tuple[int, int], Explanation] = {}
        for place, (one, evaluation) in enumerate(zip(self._segments, self._evaluations, strict=True)):
            known = {
                entry.document: score
                for entry, score in zip(entries, scores, strict=True)
                if entry.segment == place and score is not None
            }
            documents = np.array(sorted(known), dtype=np.int32)
            explainer = Explainer(evaluation, self.query, one.segment, weighing)
            found = explainer.explanations(documents, [known[document] for document in documents.tolist()])
            explained.update(((place, document), part) for document, part in zip(sorted(known), found, strict=True))
        return explained

    def _text_scores(self, entries: Sequence[Entry]) -> list[float]:
        """How well each entry matches the words, whatever it is ranked by."""
        scores: dict[tuple[int, int], float] = {}
        for place, evaluation in enumerate(self._evaluations):
            documents = sorted(entry.document for entry in entries if entry.segment == place)
            found = evaluation.scores(self.query, np.array(documents, dtype=np.int32)).tolist()
            scores.update(zip(((place, document) for document in documents), found, strict=True))
        return [scores[entry.segment, entry.document] for entry in entries]


def why_not(search: Search, one: SearchableSegment, *, place: int, document: int) -> WhyNot:
    """What keeps out a visible document of `one`, the segment at `place`, or its rank."""

    def holds(condition: Filter) -> bool:
        return bool(matching(condition, one.segment)[document])

    alone = np.array([document], dtype=np.int32)
    return WhyNot(
        rank=search.rank(place, document),
        unmatched=tuple(unmatched(search.query, lambda query: bool(one.matcher.holds(query, alone)[0]))),
        failed=tuple(failed(search.condition, holds)),
    )
