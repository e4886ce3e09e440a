"""The likeness of two articles, written out: slow, and as the formula stands."""

from collections.abc import Sequence

from indexer.article import Article
from indexer.canonical import canonical_topic
from indexer.query.tree import SEARCHED, Word
from indexer.scoring.bm25f import SATURATION
from indexer.scoring.likeness import LEAST_ALIKE, LEAST_TELLING, TELLING_WORDS, TOPIC_WEIGHT
from tests.indexer.whoosh_engine.plain_bm25f import PlainBm25f, stem, words_of


class PlainLikeness:
    """The words that add most to an article's own score, and its topics, looked for in other articles."""

    def __init__(self, articles: Sequence[Article], source: Article) -> None:
        self._bm25f = PlainBm25f(articles)
        self._articles = articles
        telling = {word: self._bm25f.rarity(word) * self._impact(source, word) for word in first_forms(source)}
        words = sorted(telling, key=lambda word: (-telling[word], word.term))[:TELLING_WORDS]
        topics = {topic: TOPIC_WEIGHT * self._bm25f.rarity_of(self._with_topic(topic)) for topic in topics_of(source)}
        least = LEAST_TELLING * max((*telling.values(), *topics.values()), default=0.0)
        self.words = {word: telling[word] for word in words if telling[word] >= least}
        self.topics = {topic: weight for topic, weight in topics.items() if weight >= least}
        self.least = LEAST_ALIKE * self.score(source)

    def score(self, article: Article) -> float:
        """The traits that the article shares."""
        of_words = sum(weight * self._impact(article, word) for word, weight in self.words.items())
        return of_words + sum(weight for topic, weight in self.topics.items() if topic in topics_of(article))

    def _impact(self, article: Article, word: Word) -> float:
        frequency = self._bm25f.frequency(article, word)
        return frequency / (SATURATION + frequency)

    def _with_topic(self, topic: str) -> int:
        return sum(topic in topics_of(article) for article in self._articles)


def first_forms(article: Article) -> list[Word]:
    """The article's words, each in the form that comes first."""
    forms: dict[str, Word] = {}
    for field in SEARCHED:
        for term in words_of(article, field):
            forms.setdefault(stem(term), Word(term))
    return [*forms.values()]


def topics_of(article: Article) -> set[str]:
    return {canonical_topic(topic) for topic in article.topics}
