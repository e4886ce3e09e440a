"""Articles like another one: those that share its telling words and topics.

The idea is that of Lucene's MoreLikeThis: of all the words of an article, those that are frequent in it and rare
elsewhere become a query, which weighs each word by how telling it is. Here a word tells as much as it adds to the
article's own BM25F score (see `bm25f.py`), and topics, which an article has or has not, tell a share of their rarity.
A word that no other article has finds none, but makes it harder to be like the article.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from indexer.article import Article
from indexer.columns.values import canonical_value
from indexer.errors import RequestError
from indexer.query.tree import WITH_BODY, Word
from indexer.scoring.bm25f import rarity
from indexer.search.filters import TermField
from indexer.search.ranking import Window
from indexer.text.analysis import terms
from indexer.text.same_story import Stories, Story
from indexer.whoosh_engine.matching.searchable_segment import Collection, VisibleSegment
from indexer.whoosh_engine.ranking.page import cut
from indexer.whoosh_engine.ranking.ranked import ByScore
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.work import checkpoint

TELLING_WORDS = 25  # of an article are looked for
LEAST_TELLING = 0.1  # share of the most telling word or topic: one that tells less is too common to count
LEAST_ALIKE = 0.08  # share of an article's traits that others must have to be like it
TOPIC_WEIGHT = 0.5  # share of its rarity that a topic counts; a word that both have once in the title counts 0.39

# Articles that are compared with those listed before, to leave copies out. Where stories have more copies, the list is
# shorter than the request asks for.
_EXAMINED = 400
_SPARE = 4  # articles that are looked at first beside those asked for


class _Word(NamedTuple):
    """A word of an article. `impact` is the share of its rarity that it adds to the article's score.

    For another article it counts `weight` times the share that it adds there.
    """

    word: Word
    weight: np.float32
    impact: np.float32


class _Topic(NamedTuple):
    """A topic of an article, in canonical form. For another article that has it, it counts `weight`."""

    value: str
    weight: np.float32


class _Traits(NamedTuple):
    """The telling words and topics of an article, and the least score of articles like it."""

    words: list[_Word]
    topics: list[_Topic]
    least: float


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
        if size < 0:
            raise RequestError(f"there cannot be {size} similar articles; ask for 0 or more")
        source = self._segments[number].article(document)
        listed: list[Article] = []
        stories = Stories()
        stories.add(Story(source))
        for article in self._candidates(source, number, document, size) if size else ():
            checkpoint()
            if article.key != source.key and stories.add(Story(article)):
                listed.append(article)
            if len(listed) == size:
                break
        return listed

    def _candidates(self, source: Article, number: int, document: int, size: int) -> Iterator[Article]:
        """Articles that share enough with this one, the most similar first."""
        traits = self._traits(source, number, document)
        ranked = [ByScore(row.segment.segment, *self._scored(row, traits)) for row in self._collection.rows]
        window, examined = Window(size=size + _SPARE), 0
        while examined < _EXAMINED:
            page = cut(ranked, window)
            yield from (self._segments[entry.segment].article(entry.document) for entry in page.entries)
            if not page.has_next:
                return
            examined += len(page.entries)
            window = replace(window, size=2 * window.size, after=page.entries[-1].position)

    def _traits(self, source: Article, number: int, document: int) -> _Traits:
        words, topics = self._words(source, number, document), self._topics(source)
        weights = *(word.weight for word in words), *(topic.weight for topic in topics)
        least = LEAST_TELLING * max(weights, default=0.0)
        words = [word for word in words if word.weight >= least]
        topics = [topic for topic in topics if topic.weight >= least]
        own = sum(word.weight * word.impact for word in words) + sum(topic.weight for topic in topics)
        return _Traits(words, topics, LEAST_ALIKE * float(own))

    def _words(self, source: Article, number: int, document: int) -> list[_Word]:
        """The article's most telling words."""
        words = self._words_of(source, number)
        impacts = self._segments[number].words.impacts_on(document, words, self._mean_lengths)
        traits = [
            _Word(word, self._rarity(self._collection.count(word)) * impact, impact)
            for word, impact in zip(words, impacts, strict=True)
        ]
        return sorted(traits, key=lambda trait: (-trait.weight, trait.word.term))[:TELLING_WORDS]

    def _topics(self, source: Article) -> list[_Topic]:
        """The article's topics."""
        topics = sorted({canonical_value(TermField.TOPIC, topic) for topic in source.topics})
        weight = np.float32(TOPIC_WEIGHT)
        return [_Topic(topic, weight * self._rarity(self._holders_of_topic(topic))) for topic in topics]

    def _words_of(self, source: Article, number: int) -> list[Word]:
        """The article's words, each in the form that comes first."""
        forms: dict[str, Word] = {}
        for term in (*terms(source.title), *terms(source.summary or "")):
            forms.setdefault(self._segments[number].words.stem(term), Word(term))
        return [*forms.values()]

    def _scored(self, row: VisibleSegment, traits: _Traits) -> tuple[Documents, Scores]:
        """The documents that are like the article, and how much. The order of adding is the same in every segment."""
        segment = row.segment
        checkpoint()
        total = np.zeros(segment.segment.size, dtype=np.float32)
        for word, weight, _ in traits.words:
            total[segment.words.occurrences(word).documents] += weight * segment.words.impacts(word, self._mean_lengths)
        for topic, weight in traits.topics:
            total[segment.segment.values[TermField.TOPIC].documents_with(topic)] += weight
        is_like = (total > 0) & (total >= traits.least) & row.documents.mask
        documents = np.flatnonzero(is_like).astype(np.int32)
        return documents, total[documents]

    def _rarity(self, holders: int) -> np.float32:
        return np.float32(rarity(self._collection.size, holders))

    def _holders_of_topic(self, topic: str) -> int:
        return sum(
            visible.count_of(one.segment.values[TermField.TOPIC].documents_with(topic))
            for one, visible, _ in self._collection.rows
        )
