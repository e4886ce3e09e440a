"""One search, from its text to a page: `search` does all work in order and, for the text, `understand`."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.memory import OVERHEAD, Memory, Shelf, Sized, plain_bytes
from indexer.query.synonyms import Synonyms
from indexer.query.tree import SEARCHED, Every, Query, TextField, leaves
from indexer.query.understanding import Understanding
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights
from indexer.search.filters import Filter, conditions_in, is_long
from indexer.search.ranking import WORDS_ALONE
from indexer.search.requests import Hit, SearchRequest, SearchResult
from indexer.search.why_not import WhyNot, failed, unmatched
from indexer.understanding import understand as understanding
from indexer.understanding.corrections import Speller
from indexer.understanding.texts import ReadText, Texts
from indexer.whoosh_engine.matching.conditions import matching
from indexer.whoosh_engine.matching.searchable_segment import Collection, Moment, SearchableSegment
from indexer.whoosh_engine.matching.searcher import Searcher
from indexer.whoosh_engine.ranking.page import Entry, cut
from indexer.whoosh_engine.ranking.ranked import Ranked
from indexer.whoosh_engine.ranking.relevance import Relevance
from indexer.whoosh_engine.ranking.turns import TurnOrder
from indexer.whoosh_engine.searching.facets import FacetCounter, Findings

# Letting providers take turns sorts all matches: so many times as much work as touching a posting.
_SORTING_COST = 100
_LONG_TEXT = 200  # characters of a text that takes milliseconds to read
_CHARACTER_COST = 10_000  # of such a text
_LEAF_COST = 50_000  # of a word, however few postings it has
_UNKNOWN_COST = 200_000  # of a word without postings, for which others are looked for; as many postings take as long
_PASSED_COST = 2_000  # of an entry that a page passes over
_FEW = 3_000  # matches that are known: to score them takes less time than to look for the best
_LEAF_BYTES = 1_000  # of a word, about, with the terms that it stands for
_MATCH_BYTES = 32  # of a ranked match, at the most: lists of documents and scores, and its turn


def search(index: "Index", request: SearchRequest, moment: Moment) -> SearchResult:
    """Answer one request. Raises RequestError for positions or statistics of another search."""
    searcher = Searcher(index.collection(moment.appeared))
    text = index.parsed(request.text, is_forgiving=request.forgiving, typing=request.typing)
    understood = index.understood(text, request, searcher)
    relevance = _relevance(index, request, text, understood, moment)

    count = searcher.count(understood.query, request.filter) if request.total else None
    are_few = count is not None and count <= _FEW
    best = None if are_few else relevance.best(searcher.allowed(request.filter), request.window)
    page = cut(best or relevance.rank(searcher.doc_sets(understood.query, request.filter)), request.window)

    def findings(own_filter: Filter | None) -> Findings:
        condition = own_filter or request.filter
        key = None if is_long(condition) else (understood.query, condition, moment.appeared)
        return index.counter.findings(key, searcher.doc_sets(understood.query, condition))

    return SearchResult(
        hits=tuple(_loaded(index.segments, page.entries, relevance, request)),
        has_previous=page.has_previous,
        has_next=page.has_next,
        total=count,
        facets=tuple(index.counter.facet(facet, findings(facet.filter)) for facet in request.facets),
        spreads=tuple(index.counter.spread(spread, findings(spread.filter)) for spread in request.spreads),
        statistics=relevance.statistics.encoded() if text.read.has_words else b"",
        understanding=understood.report,
    )


def understand(index: "Index", text: "ParsedText", request: SearchRequest, searcher: Searcher) -> "Understood":
    """Understand a text, by the words of the visible articles."""
    query, left_out, report = understanding.understand(
        text.read,
        request,
        texts=index.texts,
        speller=index.speller(searcher.collection),
        terms_of=searcher.collection.terms,
        count=lambda query: searcher.count(index.texts.within(query), request.filter),
    )
    size = _LEAF_BYTES * len(leaves(Every((query, *left_out))))
    statistics = searcher.collection.statistics(query)
    return Understood(query, statistics, TermWeights.of(query, statistics), report, size)


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text that was read.

    `leaves` counts its words, beginnings and the like, `postings` theirs, and `unknown` those without any.
    """

    read: ReadText
    leaves: int
    postings: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Understood:
    """The query in the end, the statistics that it is scored with, and where it was asked for, a report for the reader.

    `weights` are those by the statistics. `nbytes` is about the memory that all of it takes.
    """

    query: Query
    statistics: Statistics
    weights: TermWeights
    report: Understanding | None
    nbytes: int


class Index:
    """All segments of a generation, and all that searches share: texts are parsed, corrected and understood once."""

    def __init__(
        self,
        segments: Sequence[SearchableSegment],
        synonyms: Synonyms,
        memory: Memory,
        *,
        language: str,
        searched: tuple[TextField, ...] = SEARCHED,
    ) -> None:
        """Take the segments, the synonyms that forgiving searches find, the memory, and the fields of plain words."""
        self.segments = segments
        self.texts = Texts(language=language, synonyms=synonyms, searched=searched)
        self.counter = FacetCounter([segment.segment for segment in segments], memory)
        self.turn_order = TurnOrder([segment.segment for segment in segments])
        self._memory = memory
        self._collections = memory.kept("moments", _collection_size, self._collected)
        self._spellers = memory.kept("moments", _speller_size, self._speller_at)
        self._parsed = memory.kept("texts", _parsed_bytes, self._parsed_anew)
        self._understood: Shelf[Hashable, Understood] = memory.shelf("texts", _size)
        self._evaluations = memory.kept("evaluations", _size, self._evaluated)

    def collection(self, appeared: tuple[int, ...]) -> Collection:
        """The collection that is visible once so many articles of each segment have appeared."""
        return self._collections(appeared)

    def speller(self, collection: Collection) -> Speller:
        """The speller that corrects by the words of visible articles."""
        return self._spellers(collection.appeared)

    def parsed(self, text: str, *, is_forgiving: bool, typing: bool = False) -> ParsedText:
        """A text parsed and, for a forgiving search, widened by synonyms."""
        return self._parsed((text, is_forgiving, typing))

    def query(self, request: SearchRequest) -> Query:
        """The query of a text as it is typed, with synonyms where the request is forgiving, and neither more nor less.

        It depends on no article.
        """
        return self.parsed(request.text, is_forgiving=request.forgiving).read.widened

    def _collected(self, appeared: tuple[int, ...]) -> Collection:
        return Collection(self.segments, appeared)

    def _speller_at(self, appeared: tuple[int, ...]) -> Speller:
        return Speller(self.collection(appeared), self._memory)

    def _parsed_anew(self, key: tuple[str, bool, bool]) -> ParsedText:
        text, is_forgiving, typing = key
        read = self.texts.read(text, is_forgiving=is_forgiving, typing=typing)
        counts = [sum(segment.words.postings(leaf) for segment in self.segments) for leaf in leaves(read.widened)]
        return ParsedText(read, leaves=len(counts), postings=sum(counts), unknown=counts.count(0))

    def understood(self, text: ParsedText, request: SearchRequest, searcher: Searcher) -> Understood:
        """The text of a request understood: kept for all who search for the same while the same is visible."""
        if is_long(request.filter):
            return understand(self, text, request, searcher)
        asked = request.text, request.filter, request.forgiving, request.typing, request.understanding
        key = asked, searcher.collection.appeared
        understood = self._understood.find(key)
        if understood is None:
            understood = self._understood.put(key, understand(self, text, request, searcher))
        return understood

    def evaluation(self, request: SearchRequest, moment: Moment) -> "Evaluation":
        """The evaluation of a search, kept for other articles that are asked about."""
        return self._evaluations((request, moment))

    def _evaluated(self, key: tuple[SearchRequest, Moment]) -> "Evaluation":
        return Evaluation(self, *key)

    def cost(self, request: SearchRequest, moment: Moment) -> int:
        """About how many postings and documents a search may touch, at the most. Long texts are not read for that."""
        if len(request.text) > _LONG_TEXT:
            return _CHARACTER_COST * len(request.text)
        documents = sum(segment.segment.size for segment in self.segments)
        text = self.parsed(request.text, is_forgiving=request.forgiving, typing=request.typing)
        cost = text.postings + _LEAF_COST * text.leaves + _UNKNOWN_COST * text.unknown * request.forgiving
        cost += _PASSED_COST * request.window.offset
        if request.tuning != WORDS_ALONE:
            cost += (_SORTING_COST if request.tuning.max_per_provider else 1) * documents
        conditions = conditions_in(request.filter)
        if conditions and self._has_at_hand(request.filter, moment):
            conditions = 0
        return cost + (conditions + len(request.facets) + len(request.spreads)) * documents

    def _has_at_hand(self, condition: Filter, moment: Moment) -> bool:
        rows = zip(self.segments, moment.appeared, strict=True)
        return not is_long(condition) and all(one.has_at_hand(condition, appeared) for one, appeared in rows)


class Evaluation:
    """All matches of a search, ranked once for all articles that are asked about."""

    def __init__(self, index: Index, request: SearchRequest, moment: Moment) -> None:
        searcher = Searcher(index.collection(moment.appeared))
        text = index.parsed(request.text, is_forgiving=request.forgiving, typing=request.typing)
        understood = index.understood(text, request, searcher)
        self.query = understood.query
        self.matches = searcher.doc_sets(understood.query, request.filter)
        self._relevance = _relevance(index, request, text, understood, moment)

    @property
    def nbytes(self) -> int:
        """The memory that the matches take in every form that is made of them."""
        return sum(documents.size + _MATCH_BYTES * documents.count for documents in self.matches)

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The matches of all segments in order."""
        return self._relevance.rank(self.matches)


def _collection_size(_appeared: tuple[int, ...], collection: Collection) -> int:
    return OVERHEAD + sum(OVERHEAD + row.documents.nbytes for row in collection.rows)


def _speller_size(_appeared: tuple[int, ...], _speller: Speller) -> int:
    return OVERHEAD


def _size(key: object, value: Sized) -> int:
    return OVERHEAD + plain_bytes(key) + value.nbytes


def _parsed_bytes(key: tuple[str, bool, bool], parsed: ParsedText) -> int:
    return OVERHEAD + plain_bytes(key) + _LEAF_BYTES * len(leaves(parsed.read.widened))


def why_not(index: Index, request: SearchRequest, moment: Moment, number: int, document: int) -> WhyNot:
    """Tell why a visible document of the segment with this number is not in a search, or else its rank there."""
    evaluation = index.evaluation(request, moment)
    rank = None
    if evaluation.matches[number].mask[document]:
        position = evaluation.ranked[number].position(document)
        rank = 1 + sum(of_segment.count_before(position) for of_segment in evaluation.ranked)
    segment, alone = index.segments[number], np.array([document], dtype=np.int32)
    return WhyNot(
        rank=rank,
        unmatched=tuple(unmatched(evaluation.query, lambda query: bool(segment.matcher.holds(query, alone)[0]))),
        failed=tuple(failed(request.filter, lambda condition: bool(matching(condition, segment.segment)[document]))),
    )


def _relevance(
    index: Index, request: SearchRequest, text: ParsedText, understood: Understood, moment: Moment
) -> Relevance:
    """Score with the statistics of the search that this one continues, where it has the same words, else its own."""
    statistics, weights = understood.statistics, understood.weights
    if request.statistics:
        earlier = Statistics.decoded(request.statistics, statistics.document_frequencies)
        if earlier is not None:
            statistics, weights = earlier, TermWeights.of(understood.query, earlier)
    return Relevance(
        index.segments,
        request,
        understood.query,
        statistics,
        weights,
        has_words=text.read.has_words,
        now=moment.now,
        turn_order=index.turn_order,
    )


def _loaded(
    segments: Sequence[SearchableSegment], entries: Sequence[Entry], relevance: Relevance, request: SearchRequest
) -> list[Hit]:
    """The entries of a page with their articles and scores."""
    scores = relevance.scores(entries) if request.asks_for_scores else [None] * len(entries)
    explained = relevance.explanations(entries, scores) if request.explanations else {}
    return [
        Hit(
            article=segments[number].article(document),
            position=position,
            score=score,
            explanation=explained.get((number, document)),
        )
        for (number, document, position), score in zip(entries, scores, strict=True)
    ]
