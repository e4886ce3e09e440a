"""One search over all segments of a generation."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer.language import parse
from indexer.query import TextField, is_scored, leaves
from indexer.search import Hit, Ranking, SearchRequest, SearchResult
from indexer.whoosh_engine.bm25f import Statistics
from indexer.whoosh_engine.columns import Mask
from indexer.whoosh_engine.conditions import matching
from indexer.whoosh_engine.evaluate import Evaluation, name_of
from indexer.whoosh_engine.facets import facet
from indexer.whoosh_engine.fields import microseconds
from indexer.whoosh_engine.found import Found
from indexer.whoosh_engine.occurrences import Occurrences, occurrences
from indexer.whoosh_engine.order import Ordered, Rankings, by_relevance
from indexer.whoosh_engine.page import Entry, page
from indexer.whoosh_engine.segment import Segment
from indexer.whoosh_engine.vocabulary import Vocabulary


class _Matches(NamedTuple):
    """The documents of a segment that match, as a mask, and those that match the text, with their scores."""

    mask: Mask
    text: Found


class Search:
    """Answers one request."""

    def __init__(self, rankings: Sequence[Rankings], vocabulary: Vocabulary, request: SearchRequest) -> None:
        """Take the orders of each segment, and the terms of all of them."""
        self._rankings = rankings
        self._vocabulary = vocabulary
        self._request = request
        self._query = parse(request.text)
        self._is_scored = is_scored(self._query)
        self._looked_up = [self._look_up(one.segment) for one in rankings]

    def result(self) -> SearchResult:
        """The answer. Raises RequestError for positions or statistics of another search."""
        request = self._request
        matches = [self._matches(place) for place in range(len(self._rankings))]
        masks = [(one.segment, match.mask) for one, match in zip(self._rankings, matches, strict=True)]
        orders = [self._ordered(one, match) for one, match in zip(self._rankings, matches, strict=True)]
        chosen = page(orders, request.window)
        return SearchResult(
            hits=tuple(self._hit(entry, matches[entry.segment].text) for entry in chosen.entries),
            has_previous=chosen.has_previous,
            has_next=chosen.has_next,
            total=sum(int(np.count_nonzero(mask)) for _, mask in masks) if request.total else None,
            facets=tuple(facet(part, masks) for part in request.facets),
            statistics=self._statistics.encoded() if self._is_scored else "",
        )

    def _look_up(self, segment: Segment) -> Mapping[str, Occurrences]:
        return {name_of(leaf): occurrences(leaf, segment, self._vocabulary) for leaf in leaves(self._query)}

    @cached_property
    def _statistics(self) -> Statistics:
        """Those of the search that this one continues, or else of this generation, drafts and later dates included."""
        if self._request.statistics:
            return Statistics.decoded(self._request.statistics)
        segments = [one.segment for one in self._rankings]
        documents = sum(int(np.count_nonzero(segment.live)) for segment in segments)
        lengths = {field: sum(segment.total_length(field) for segment in segments) for field in TextField}
        frequencies = dict.fromkeys(map(name_of, leaves(self._query)), 0)
        for name in frequencies:
            frequencies[name] = sum(len(looked_up[name].documents) for looked_up in self._looked_up)
        mean_lengths = {str(field): length / documents for field, length in lengths.items() if length}
        return Statistics(documents, mean_lengths, frequencies)

    def _matches(self, place: int) -> _Matches:
        request, segment = self._request, self._rankings[place].segment
        allowed = segment.visible(microseconds(request.now.timestamp())) & matching(request.filter, segment)
        evaluation = Evaluation(segment, self._vocabulary, self._statistics, self._looked_up[place])
        found = evaluation.found(self._query)
        kept = allowed[found.documents]
        text = Found(found.documents[kept], found.scores[kept])
        mask = np.zeros(segment.size, dtype=bool)
        mask[text.documents] = True
        return _Matches(mask, text)

    def _ordered(self, rankings: Rankings, matches: _Matches) -> Ordered:
        ranking = self._request.ranking
        if ranking is Ranking.RELEVANCE and self._is_scored:
            return by_relevance(rankings.segment, *matches.text)
        return rankings.among(matches.mask, ranking)

    def _hit(self, entry: Entry, text: Found) -> Hit:
        article = self._rankings[entry.segment].segment.article(entry.document)
        score = float(text.scores[np.searchsorted(text.documents, entry.document)]) if self._is_scored else None
        return Hit(article=article, position=entry.position, score=score)
