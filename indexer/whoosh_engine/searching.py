"""One search over all segments of a generation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.language import parse
from indexer.query import SEARCHED, Every, is_scored, leaves
from indexer.search import WORDS_ALONE, Hit, Ranking, SearchRequest, SearchResult
from indexer.whoosh_engine.bm25f import Statistics
from indexer.whoosh_engine.documents import as_mask
from indexer.whoosh_engine.evaluate import Evaluation
from indexer.whoosh_engine.facets import facet
from indexer.whoosh_engine.fields import microseconds
from indexer.whoosh_engine.open_segment import Allowed, OpenSegment
from indexer.whoosh_engine.page import Entry, page
from indexer.whoosh_engine.ranked import ByOrder, ByScore, Ranked
from indexer.whoosh_engine.segment import Documents, Mask
from indexer.whoosh_engine.tuning import tuned, turns

# Letting providers take turns sorts all matches, keys included: so many times as much work as touching a posting.
_SORTING_COST = 100


class Collection(NamedTuple):
    """What all articles of a generation have in common: their number, and the mean lengths of the searched fields.

    Drafts and articles dated later count as well.
    """

    documents: int
    mean_lengths: Mapping[str, float]


class _Matches(NamedTuple):
    """The documents of a segment that were found, ascending. None stands for all that are allowed."""

    documents: Documents | None
    allowed: Allowed

    @property
    def total(self) -> int:
        """How many they are."""
        return self.allowed.count if self.documents is None else len(self.documents)

    @property
    def listed(self) -> Documents:
        """The same as a list."""
        return np.flatnonzero(self.allowed.mask).astype(np.int32) if self.documents is None else self.documents

    @property
    def mask(self) -> Mask:
        """The same as a mask."""
        if self.documents is None:
            return self.allowed.mask
        return as_mask(len(self.allowed.mask), self.documents)


class Search:
    """Answers one request."""

    def __init__(self, segments: Sequence[OpenSegment], collection: Collection, request: SearchRequest) -> None:
        """Take all segments, and what their articles have in common."""
        self._segments = segments
        self._collection = collection
        self._request = request
        self._query = parse(request.text)
        self._is_scored = is_scored(self._query)

    def cost(self) -> int:
        """About how many postings and documents the search may touch, at the most."""
        request, documents = self._request, sum(one.segment.size for one in self._segments)
        cost = sum(one.words.postings(leaf) for one in self._segments for leaf in leaves(self._query))
        if request.tuning != WORDS_ALONE:
            cost += (_SORTING_COST if request.tuning.max_per_provider else 1) * documents
        return cost + len(request.facets) * documents

    @cached_property
    def _evaluations(self) -> list[Evaluation]:
        return [Evaluation(one.words, self._statistics, size=one.segment.size) for one in self._segments]

    def result(self) -> SearchResult:
        """The answer. Raises RequestError for positions or statistics of another search."""
        request = self._request
        matches = [self._matches(place) for place in range(len(self._segments))]
        chosen = page(self._ranked(matches), request.window)
        return SearchResult(
            hits=self._hits(chosen.entries),
            has_previous=chosen.has_previous,
            has_next=chosen.has_next,
            total=sum(found.total for found in matches) if request.total else None,
            facets=tuple(
                facet(part, [(one.segment, found.mask) for one, found in zip(self._segments, matches, strict=True)])
                for part in request.facets
            ),
            statistics=self._statistics.encoded() if self._is_scored else "",
        )

    @cached_property
    def _statistics(self) -> Statistics:
        """Those of the search that this one continues, or else of this generation."""
        if self._request.statistics:
            return Statistics.decoded(self._request.statistics)
        frequencies = {
            leaf.name: sum(len(one.words.occurrences(leaf).documents) for one in self._segments)
            for leaf in leaves(self._query)
        }
        return Statistics(self._collection.documents, self._collection.mean_lengths, frequencies)

    def _matches(self, place: int) -> _Matches:
        now = microseconds(self._request.now.timestamp())
        allowed = self._segments[place].allowed(self._request.filter, now)
        if self._query == Every():
            return _Matches(None, allowed)
        documents = self._evaluations[place].documents(self._query)
        is_allowed = allowed.mask[documents]
        return _Matches(documents if is_allowed.all() else documents[is_allowed], allowed)

    @property
    def _is_by_score(self) -> bool:
        request = self._request
        return request.ranking is Ranking.RELEVANCE and (self._is_scored or request.tuning != WORDS_ALONE)

    def _ranked(self, matches: Sequence[_Matches]) -> list[Ranked]:
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
        scores = self._evaluations[place].scores(self._query, documents)
        tuning, now = self._request.tuning, microseconds(self._request.now.timestamp())
        if not self._has_weights:
            return scores if self._is_scored else self._segments[place].segment.published_at[documents]
        best = sum(self._statistics.rarity(leaf.name) for leaf in leaves(self._query))
        return tuned(scores, documents, self._segments[place].segment, tuning=tuning, now=now, best=best)

    def _hits(self, entries: Sequence[Entry]) -> tuple[Hit, ...]:
        """The entries of a page with their articles and, where there were words or weights, their scores."""
        scores: list[float | None] = [None] * len(entries)
        if self._is_by_score and (self._is_scored or self._has_weights):
            scores = [entry.position.values[-1] for entry in entries]
        elif self._is_scored:
            scores = [*self._text_scores(entries)]
        return tuple(
            Hit(article=self._segments[place].segment.article(document), position=position, score=score)
            for (place, document, position), score in zip(entries, scores, strict=True)
        )

    def _text_scores(self, entries: Sequence[Entry]) -> list[float]:
        """How well each entry matches the words, whatever it is ranked by."""
        scores: dict[tuple[int, int], float] = {}
        for place, evaluation in enumerate(self._evaluations):
            documents = sorted(entry.document for entry in entries if entry.segment == place)
            found = evaluation.scores(self._query, np.array(documents, dtype=np.int32)).tolist()
            scores.update(zip(((place, document) for document in documents), found, strict=True))
        return [scores[entry.segment, entry.document] for entry in entries]


def collection_of(segments: Sequence[OpenSegment]) -> Collection:
    """What the articles of these segments have in common."""
    documents = sum(int(np.count_nonzero(one.segment.live)) for one in segments)
    lengths = {
        field: sum(int(one.segment.lengths(field)[one.segment.live].sum()) for one in segments) for field in SEARCHED
    }
    return Collection(documents, {str(field): length / documents for field, length in lengths.items() if length})
