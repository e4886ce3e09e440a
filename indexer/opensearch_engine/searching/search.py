"""One search in a cluster, from its text to a page: `Searching.search` does all work in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.memory import Memory
from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.scores import unscored
from indexer.opensearch_engine.matching.view import Clause, View, every
from indexer.opensearch_engine.searching.counts import EVERY_ARTICLE, Counts
from indexer.opensearch_engine.searching.facets import Counted, FacetCounter, conditions_of
from indexer.opensearch_engine.searching.known import CountOf, Facts, Known, settled
from indexer.opensearch_engine.searching.look_up import LookUp
from indexer.opensearch_engine.searching.page import SORT_COLUMNS, Entry, RankedList
from indexer.opensearch_engine.searching.parts import Scored, explanations, scores_of
from indexer.opensearch_engine.searching.turns import TurnList
from indexer.opensearch_engine.searching.vocabulary import Vocabulary
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.articles import Articles
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.opensearch_engine.storage.together import both
from indexer.query.tree import Prefix, Query, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.scoring.weights import Weighing, weighing
from indexer.search.filters import Filter
from indexer.search.ranking import WORDS_ALONE, Ranking
from indexer.search.requests import Explanation, Hit, SearchRequest, SearchResult
from indexer.understanding.corrections import Speller
from indexer.understanding.texts import Texts
from indexer.understanding.understand import Sense, understand


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A search as it was understood: the query in the end, and the numbers by which its matches are scored."""

    view: View
    request: SearchRequest
    sense: Sense
    statistics: Statistics
    weighing: Weighing | None
    has_words: bool

    @property
    def query(self) -> Query:
        """The query in the end."""
        return self.sense.query

    @property
    def is_by_score(self) -> bool:
        """True where scores, or weights of another kind, make the order, and turns are taken."""
        is_weighed = self.has_words or self.request.tuning != WORDS_ALONE
        return self.request.ranking is Ranking.RELEVANCE and is_weighed

    @property
    def has_scores(self) -> bool:
        """True where the order is that of scores."""
        return self.is_by_score and (self.has_words or self.weighing is not None)


class Searching:
    """Searches one generation of an index in a cluster."""

    def __init__(self, cluster: Cluster, texts: Texts, stems: Stems, articles: Articles, memory: Memory) -> None:
        """Take the reader of texts, which has the index's synonyms and fields, and the stems of its language."""
        self._kept = articles
        self.language = stems.language
        self.texts = texts
        self.clauses = QueryClauses(stems)
        self.vocabulary = Vocabulary(cluster, self.clauses)
        self._cluster = cluster
        self._memory = memory
        self._facts = Facts(memory)
        self._counts = Counts(cluster, self.clauses, memory)

    async def search(self, request: SearchRequest, view: View) -> SearchResult:
        """Answer one request. Raises RequestError for positions or statistics of another search."""
        meaning = await self.meaning(request, view)
        page, counted = await both(
            self.listed(meaning).page(request.window, total=request.total), self._counted(meaning)
        )
        return SearchResult(
            hits=tuple(await self._hits(meaning, page.entries)),
            has_previous=page.has_previous,
            has_next=page.has_next,
            total=page.total,
            facets=counted.facets,
            spreads=counted.spreads,
            statistics=meaning.statistics.encoded() if meaning.has_words else b"",
            understanding=meaning.sense.report,
        )

    async def meaning(self, request: SearchRequest, view: View) -> Meaning:
        """Understand the text of a request, and look up what its matches are scored by.

        Statistics are those of the search that this one continues, where it has the same words, else its own.
        """
        text = self.texts.read(request.text, is_forgiving=request.forgiving, typing=request.typing)
        known = self.known(view)
        look_up = self.look_up(view, known)
        speller = Speller(known, self._memory)

        def understood() -> Sense:
            return understand(
                text,
                request,
                texts=self.texts,
                speller=speller,
                terms_of=known.terms,
                count=lambda query: known.count_of(self.texts.within(query), request.filter),
            )

        sense = await settled(understood, look_up)
        statistics = Statistics(0, {})
        if text.has_words:
            statistics = await self.statistics(view, known, leaves(sense.query))
        if request.statistics:
            statistics = Statistics.decoded(request.statistics, statistics.document_frequencies) or statistics
        return Meaning(
            view=view,
            request=request,
            sense=sense,
            statistics=statistics,
            weighing=weighing(request, sense.query, statistics, now=view.now),
            has_words=text.has_words,
        )

    def matches(self, meaning: Meaning, condition: Filter) -> Clause:
        """The clause of the visible articles that match, and meet a condition."""
        return every(*meaning.view.clauses(), filter_clause(condition), self.clauses.clause(meaning.query))

    def listed(self, meaning: Meaning) -> RankedList | TurnList:
        """The matches in the order that was asked for."""
        matches = self.matches(meaning, meaning.request.filter)
        ranking = meaning.request.ranking
        if meaning.has_scores:
            clause, columns = self.scored(meaning).clause(matches), SORT_COLUMNS[None]
        else:
            by_time = Ranking.NEWEST if ranking is Ranking.RELEVANCE else ranking
            clause, columns = unscored(matches), SORT_COLUMNS[by_time]
        ranked = RankedList(self._cluster, meaning.view.index, clause, columns)
        most = meaning.request.tuning.max_per_provider
        return TurnList(ranked, most) if meaning.is_by_score and most else ranked

    def scored(self, meaning: Meaning) -> Scored:
        """The scores of the matches."""
        return Scored(meaning.query, meaning.statistics, self.clauses, meaning.weighing)

    def look_up(self, view: View, known: Known) -> LookUp:
        """The look-up of questions about what is visible."""
        return LookUp(view, known, self._counts, self.vocabulary)

    def known(self, view: View) -> Known:
        """Facts about the articles that are visible in a view."""
        return Known(self._facts, view.moment)

    async def statistics(
        self, view: View, known: Known, words: Sequence[Word | Prefix], others: Sequence[CountOf] = ()
    ) -> Statistics:
        """The statistics that words are scored with; the answers to other questions are made known, too."""
        asked = [EVERY_ARTICLE, *map(CountOf, words), *others]
        look_up = self.look_up(view, known)
        means, _ = await both(self._counts.mean_lengths(view), look_up(known.unknown(asked)))
        return Statistics(known.size, means, {word.name: known.count_of(word) for word in words})

    async def _counted(self, meaning: Meaning) -> Counted:
        request = meaning.request
        clauses = {condition: self.matches(meaning, condition) for condition in conditions_of(request)}
        return await FacetCounter(self._cluster, meaning.view.index).count(request, clauses)

    async def _hits(self, meaning: Meaning, entries: Sequence[Entry]) -> list[Hit]:
        """The entries of a page with their articles and scores."""
        request, index = meaning.request, meaning.view.index
        scores: Sequence[float | None] = [None] * len(entries)
        ids = [entry.document for entry in entries]
        if meaning.has_scores:
            scores = [entry.position.values[-1] for entry in entries]
        elif meaning.has_words and request.asks_for_scores:
            scores = await scores_of(self._cluster, index, self.scored(meaning), ids)
        articles = await self.articles(index, entries)
        explained: Sequence[Explanation | None] = [None] * len(entries)
        if request.explanations and any(score is not None for score in scores):
            explained = await explanations(self._cluster, index, self.scored(meaning), ids, scores, articles)
        rows = zip(articles, entries, scores, explained, strict=True)
        return [
            Hit(article=article, position=entry.position, score=score, explanation=explanation)
            for article, entry, score, explanation in rows
        ]

    async def articles(self, index: str, entries: Sequence[Entry]) -> list[Article]:
        """The articles of entries, those that came without theirs in one more request."""
        missing = [entry.document for entry in entries if entry.article is None]
        stored = {entry.document: entry.article for entry in entries if entry.article is not None}
        if missing:
            query = {"ids": {"values": missing}}
            body = {"size": len(missing), "query": query, "_source": [mapping.ARTICLE], "track_total_hits": False}
            [answer] = await self._cluster.searches(index, [body])
            stored |= {hit["_id"]: hit["_source"][mapping.ARTICLE] for hit in answer["hits"]["hits"]}
        return [self._kept.article(entry.document, stored[entry.document]) for entry in entries]
