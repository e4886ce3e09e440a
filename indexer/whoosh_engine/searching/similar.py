"""Articles like another one, by the rules of `indexer.scoring.likeness`, from the arrays of all segments."""

from collections.abc import Iterator

import numpy as np
from msgspec import structs

from indexer.article import Article
from indexer.query.tree import WITH_BODY
from indexer.scoring.likeness import EXAMINED, SPARE, LikeList, Traits, topics_to_tell, traits, words_to_tell
from indexer.search.filters import TermField
from indexer.search.ranking import Window
from indexer.whoosh_engine.matching.searchable_segment import Collection, VisibleSegment
from indexer.whoosh_engine.ranking.page import cut
from indexer.whoosh_engine.ranking.ranked import ByValues
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.work import checkpoint


class MoreLikeThis:
    """Finds articles like others, among those that are visible at one moment."""

    def __init__(self, collection: Collection) -> None:
        """Take what is visible."""
        self._collection = collection
        self._segments = collection.segments
        self._mean_lengths = tuple(collection.mean_lengths.get(field, 0.0) for field in WITH_BODY)

    def like(self, number: int, document: int, size: int) -> list[Article]:
        """At most `size` articles like a document of one segment, the most similar first, ties by key.

        Neither the article itself is among them nor a copy of it or of one that comes before.
        """
        source = self._segments[number].article(document)
        found = LikeList(source, size)
        for article in self._candidates(source, number, document, size) if size else ():
            found.add(article)
            if found.is_full:
                break
        return found.articles

    def _candidates(self, source: Article, number: int, document: int, size: int) -> Iterator[Article]:
        """Articles that share enough with this one, the most similar first."""
        telling = self._traits(source, number, document)
        ranked = [ByValues(row.segment.segment, *self._scored(row, telling)) for row in self._collection.rows]
        window, examined = Window(size=size + SPARE), 0
        while examined < EXAMINED:
            page = cut(ranked, window)
            yield from (self._segments[entry.segment].article(entry.document) for entry in page.entries)
            if not page.has_next:
                return
            examined += len(page.entries)
            window = structs.replace(window, size=2 * window.size, after=page.entries[-1].position)

    def _traits(self, source: Article, number: int, document: int) -> Traits:
        segment = self._segments[number]
        words, topics = words_to_tell(source, segment.words.stem), topics_to_tell(source)
        return traits(
            self._collection.size,
            [(word, self._collection.count(word)) for word in words],
            segment.words.impacts_on(document, words, self._mean_lengths),
            [(topic, self._holders_of_topic(topic)) for topic in topics],
        )

    def _scored(self, row: VisibleSegment, telling: Traits) -> tuple[Documents, Scores]:
        """The documents that are like the article, and how much. The order of adding is the same in every segment."""
        segment = row.segment
        checkpoint()
        total = np.zeros(segment.segment.size, dtype=np.float32)
        for word, weight, _ in telling.words:
            total[segment.words.documents(word)] += weight * segment.words.impacts(word, self._mean_lengths)
        for topic, weight in telling.topics:
            total[segment.segment.values[TermField.TOPIC].documents_with(topic)] += weight
        is_like = (total > 0) & (total >= telling.least) & row.documents.mask
        documents = np.flatnonzero(is_like).astype(np.int32)
        return documents, total[documents]

    def _holders_of_topic(self, topic: str) -> int:
        return sum(
            visible.count_of(one.segment.values[TermField.TOPIC].documents_with(topic))
            for one, visible, _ in self._collection.rows
        )
