"""Relevance: the scores of matches by their words and by other weights, the order they give, and their parts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import Query, TextField
from indexer.scoring.bm25f import Statistics
from indexer.scoring.pairs import Pair
from indexer.scoring.term_weights import TermWeights
from indexer.scoring.weights import tuned, weighed, weighing
from indexer.search.filters import NumberField
from indexer.search.ranking import WORDS_ALONE, End, Ranking, Window
from indexer.search.requests import Explanation, SearchRequest
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from indexer.whoosh_engine.ranking.best_matches import best_matches, is_worth_it
from indexer.whoosh_engine.ranking.page import Entry
from indexer.whoosh_engine.ranking.ranked import ByOrder, ByValues, Ranked
from indexer.whoosh_engine.ranking.turns import TurnOrder
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.segment import SegmentArrays

_FEW = 16  # times as many documents in a segment as matches: these are sorted sooner than the order is gone through
_NEARNESS = "nearness"
_Parts = Mapping[str, NDArray[np.floating]]  # by the names of `Explanation`, one number for each document


class Relevance:
    """Ranks and scores the matches of one search."""

    def __init__(  # noqa: PLR0913 - all that scores depend on
        self,
        segments: Sequence[SearchableSegment],
        request: SearchRequest,
        query: Query,
        statistics: Statistics,
        weights: TermWeights,
        *,
        has_words: bool,
        now: int,
        turn_order: TurnOrder,
    ) -> None:
        """Take all segments, a query with words to look for or without, and a clock in microseconds since 1970."""
        self._segments = segments
        self._query = query
        self._weights = weights
        self.statistics = statistics
        self._has_words = has_words
        self._turn_order = turn_order
        self._ranking = request.ranking
        self._max_per_provider = request.tuning.max_per_provider
        self._is_by_score = request.ranking is Ranking.RELEVANCE and (has_words or request.tuning != WORDS_ALONE)
        self._weighing = weighing(request, query, statistics, now=now)
        self._is_by_words_alone = self._is_by_score and self._weighing is None and not self._max_per_provider

    def best(self, allowed: Sequence[DocSet], window: Window) -> list[Ranked] | None:
        """The best matches of all segments, enough for the window, if it is one at the beginning.

        None where all that match had better be ranked. `allowed` are the documents of each segment that may match.
        """
        is_first = window.after is None and window.before is None and window.end is End.START
        count = window.offset + window.size + 1
        if not is_first or not self._is_by_words_alone or not is_worth_it(self._weights, allowed, count):
            return None
        matchers = [segment.matcher for segment in self._segments]
        found = best_matches(self._query, matchers, self._weights, allowed, count)
        if found is None:
            return None
        return [ByValues(one.segment, *best) for one, best in zip(self._segments, found, strict=True)]

    def rank(self, matches: Sequence[DocSet]) -> list[Ranked]:
        """The matches of all segments in the order that was asked for."""
        segments = [segment.segment for segment in self._segments]
        if not self._is_by_score:
            ranking = Ranking.NEWEST if self._ranking is Ranking.RELEVANCE else self._ranking
            return [_ordered(segment, ranking, doc_set) for segment, doc_set in zip(segments, matches, strict=True)]
        scored = [
            (segment, doc_set.documents, self._ranked_by(number, doc_set.documents))
            for number, (segment, doc_set) in enumerate(zip(segments, matches, strict=True))
        ]
        if not self._max_per_provider or not scored:
            return [ByValues(*columns) for columns in scored]
        rows = zip(scored, self._turn_order.turns(scored, self._max_per_provider), strict=True)
        return [ByValues(segment, documents, -turns_of, scores) for (segment, documents, scores), turns_of in rows]

    def scores(self, entries: Sequence[Entry]) -> Sequence[float | None]:
        """The scores of ranked entries, in any ranking; None where there are no words and no weights."""
        if self._is_by_score and (self._has_words or self._weighing):
            return [entry.position.values[-1] for entry in entries]
        if not self._has_words:
            return [None] * len(entries)
        scores: dict[tuple[int, int], float] = {}
        for number in range(len(self._segments)):
            documents = sorted(entry.document for entry in entries if entry.segment == number)
            texts = self._scorer(number).scores(np.array(documents, dtype=np.int32)).tolist()
            scores.update(zip(((number, document) for document in documents), texts, strict=True))
        return [scores[entry.segment, entry.document] for entry in entries]

    def explanations(
        self, entries: Sequence[Entry], scores: Sequence[float | None]
    ) -> dict[tuple[int, int], Explanation]:
        """The parts of the scores, by segment and document; of entries without a score there are none."""
        explained: dict[tuple[int, int], Explanation] = {}
        for number in range(len(self._segments)):
            scored = sorted(
                (entry.document, score)
                for entry, score in zip(entries, scores, strict=True)
                if entry.segment == number and score is not None
            )
            parts = self._parts(number, np.array([document for document, _ in scored], dtype=np.int32))
            rows = zip(*(column.tolist() for column in parts.values()), strict=True)
            for (document, score), row in zip(scored, rows, strict=True):
                explained[number, document] = Explanation(score=score, **dict(zip(parts, row, strict=True)))
        return explained

    def _ranked_by(self, number: int, documents: Documents) -> NDArray[np.number]:
        """The numbers that RELEVANCE ranks by: scores, or without words and weights the time, the newest first."""
        scores = self._scorer(number).scores(documents)
        segment = self._segments[number].segment
        if self._weighing is None:
            return scores if self._has_words else segment.published_at[documents]
        return tuned(scores, _Columns(segment, documents), self._weighing)

    def _scorer(self, number: int) -> Scorer:
        return Scorer(self._segments[number].matcher, self._weights)

    def _parts(self, number: int, documents: Documents) -> _Parts:
        """The parts of the scores of a segment's documents."""
        parts = self._text_parts(self._scorer(number), documents)
        if self._weighing is None:
            return parts
        tuning, _, best = self._weighing
        nothing = np.zeros(len(documents), dtype=np.float32)
        columns = _Columns(self._segments[number].segment, documents)
        _, recency, quality, heat = weighed(nothing, columns, self._weighing)
        scale = tuning.text / best if best else 0.0
        scaled = {name: column * scale for name, column in parts.items()}
        return {**scaled, "recency": recency, "quality": quality, "heat": heat}

    def _text_parts(self, scorer: Scorer, documents: Documents) -> _Parts:
        """The words' part of the scores by field: a word is shared out by its weighted, normalised occurrences in each.

        A word saturates over all fields together, so that only proportions can say which field it owes its score to.
        """
        parts: dict[str, Scores] = {
            name: np.zeros(len(documents), dtype=np.float32) for name in (*TextField, _NEARNESS)
        }
        for source, added in scorer.added(documents):
            if isinstance(source, Pair):
                parts[_NEARNESS] += added
                continue
            for field, share in scorer.shares(source, documents).items():
                parts[field] += added * share
        return parts


def _ordered(segment: SegmentArrays, ranking: Ranking, matches: DocSet) -> Ranked:
    """Matches in an order that no query changes: found in it one after another, or sorted where they are few."""
    if matches.count * _FEW < matches.size:
        columns = [column[matches.documents] for column in segment.sort_values[ranking]]
        return ByValues(segment, matches.documents, *columns)
    return ByOrder(segment, ranking, matches.mask)


class _Columns(NamedTuple):
    """The numbers of a segment's documents."""

    segment: SegmentArrays
    documents: Documents

    def published_at(self) -> NDArray[np.integer]:
        return self.segment.published_at[self.documents]

    def number(self, field: NumberField) -> NDArray[np.integer]:
        return self.segment.number(field)[self.documents]
