"""Articles like another one, by the rules of `indexer.scoring.likeness`, from a cluster."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from indexer.article import Article
from indexer.columns.words import words_of
from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.scores import ScoredQuery, script_score
from indexer.opensearch_engine.matching.view import Clause, View, every, some, without
from indexer.opensearch_engine.searching.known import CountOf
from indexer.opensearch_engine.searching.page import SORT_COLUMNS, RankedList
from indexer.opensearch_engine.searching.search import Searching
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.query.tree import SEARCHED, Every, Word
from indexer.scoring.bm25f import OTHER_FORM, Statistics, length_norms, saturated
from indexer.scoring.likeness import EXAMINED, SPARE, LikeList, Traits, topics_to_tell, traits, words_to_tell
from indexer.search.filters import Among, TermField
from indexer.search.ranking import Window


class MoreLikeThis:
    """Finds articles like others, among those that are visible in one view."""

    def __init__(self, cluster: Cluster, searching: Searching, view: View) -> None:
        self._cluster = cluster
        self._searching = searching
        self._view = view

    async def like(self, source: Article, size: int) -> list[Article]:
        """At most `size` articles like another, the most similar first, ties by key.

        Neither the article itself is among them nor a copy of it or of one that comes before.
        """
        found = LikeList(source, size)
        if size:
            async for article in self._candidates(source, size):
                found.add(article)
                if found.is_full:
                    break
        return found.articles

    async def _candidates(self, source: Article, size: int) -> AsyncIterator[Article]:
        """Articles that share enough with this one, the most similar first."""
        statistics, telling = await self._traits(source)
        clause = self._clause(source, telling, statistics)
        if clause is None:
            return
        ranked = RankedList(self._cluster, self._view.index, clause, SORT_COLUMNS[None])
        window, examined = Window(size=size + SPARE), 0
        while examined < EXAMINED:
            page = await ranked.page(window)
            for article in await self._searching.articles(self._view.index, page.entries):
                yield article
            if not page.has_next:
                return
            examined += len(page.entries)
            window = structs.replace(window, size=2 * window.size, after=page.entries[-1].position)

    async def _traits(self, source: Article) -> tuple[Statistics, Traits]:
        """The statistics of the article's words, and what tells it from others."""
        words, topics = words_to_tell(source, self._searching.clauses.stem), topics_to_tell(source)
        known = self._searching.known(self._view)
        holders = [CountOf(Every(), Among(TermField.TOPIC, frozenset({topic}))) for topic in topics]
        statistics = await self._searching.statistics(self._view, known, words, holders)
        return statistics, traits(
            statistics.documents,
            [(word, statistics.document_frequencies[word.name]) for word in words],
            self._impacts(source, words, statistics),
            [(topic, known.count_of(*asked)) for topic, asked in zip(topics, holders, strict=True)],
        )

    def _impacts(self, source: Article, words: Sequence[Word], statistics: Statistics) -> NDArray[np.float32]:
        """The shares of their rarity that words add to the article's score."""
        stem = self._searching.clauses.stem
        total = np.zeros(len(words), dtype=np.float32)
        for field in SEARCHED:
            found = words_of(source, field, self._searching.language)
            exact, stems = Counter(found), Counter(map(stem, found))
            frequencies = [
                exact[word.term] + OTHER_FORM * (stems[stem(word.term)] - exact[word.term]) for word in words
            ]
            mean = statistics.mean_lengths.get(field, 0.0)
            total += np.array(frequencies, dtype=np.float32) * length_norms(field, np.array([len(found)]), mean)
        return saturated(total)

    def _clause(self, source: Article, telling: Traits, statistics: Statistics) -> Clause | None:
        """The clause of the articles that are like the source, scored by how much; None where nothing tells."""
        words = [structs.replace(trait.word, weight=float(trait.impact)) for trait in telling.words]
        clauses = self._searching.clauses
        scored = [ScoredQuery(word, statistics, clauses).clause(clauses.clause(word)) for word in words]
        topics = [filter_clause(Among(TermField.TOPIC, frozenset({topic.value}))) for topic in telling.topics]
        scored += [
            {"constant_score": {"filter": clause, "boost": float(topic.weight)}}
            for clause, topic in zip(topics, telling.topics, strict=True)
        ]
        if not scored:
            return None
        others = without({"term": {mapping.KEY: source.key}})
        either = some(*map(clauses.clause, words), *topics)
        alike = {"bool": {"filter": [every(*self._view.clauses(), others, either)], "should": scored}}
        score = script_score(alike, "return _score;", {})
        score["script_score"]["min_score"] = telling.least
        return score
