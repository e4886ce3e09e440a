"""Articles like another one: those that share its telling words and topics.

The idea is that of Lucene's MoreLikeThis: of all the words of an article, those that are frequent in it and rare
elsewhere become a query, which weighs each word by how telling it is. Here a word tells as much as it adds to the
article's own BM25F score (see `bm25f.py`), and topics, which an article has or has not, tell a share of their rarity.
A word that no other article has finds none, but makes it harder to be like the article.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.columns.values import canonical_value
from indexer.errors import RequestError
from indexer.query.tree import Word
from indexer.scoring.bm25f import rarity
from indexer.search.filters import TermField
from indexer.text.analysis import terms
from indexer.text.same_story import Stories, Story
from indexer.work import checkpoint

TELLING_WORDS = 25  # of an article are looked for
LEAST_TELLING = 0.1  # share of the most telling word or topic: one that tells less is too common to count
LEAST_ALIKE = 0.08  # share of an article's traits that others must have to be like it
TOPIC_WEIGHT = 0.5  # share of its rarity that a topic counts; a word that both have once in the title counts 0.39

EXAMINED = 400
"""Articles that are compared with those listed before, to leave copies out. Where stories have more copies, the list is
shorter than the request asks for."""

SPARE = 4
"""Articles that are looked at first beside those asked for."""


class TellingWord(NamedTuple):
    """A word of an article. `impact` is the share of its rarity that it adds to the article's score.

    For another article it counts `weight` times the share that it adds there.
    """

    word: Word
    weight: np.float32
    impact: np.float32


class TellingTopic(NamedTuple):
    """A topic of an article, in canonical form. For another article that has it, it counts `weight`."""

    value: str
    weight: np.float32


class Traits(NamedTuple):
    """The telling words and topics of an article, and the least score of articles like it."""

    words: list[TellingWord]
    topics: list[TellingTopic]
    least: float


def words_to_tell(article: Article, stem: Callable[[str], str]) -> list[Word]:
    """The words of an article, each in the form that comes first."""
    forms: dict[str, Word] = {}
    for term in (*terms(article.title), *terms(article.summary or "")):
        forms.setdefault(stem(term), Word(term))
    return [*forms.values()]


def topics_to_tell(article: Article) -> list[str]:
    """The topics of an article, in canonical form."""
    return sorted({canonical_value(TermField.TOPIC, topic) for topic in article.topics})


def traits(
    size: int,
    words: Sequence[tuple[Word, int]],
    impacts: NDArray[np.float32],
    topics: Sequence[tuple[str, int]],
) -> Traits:
    """The traits among the words and topics of an article, each with the number of its holders out of `size`.

    `impacts` are the shares of their rarity that the words add to the article's score.
    """
    telling = [
        TellingWord(word, np.float32(rarity(size, holders)) * impact, impact)
        for (word, holders), impact in zip(words, impacts, strict=True)
    ]
    telling = sorted(telling, key=lambda trait: (-trait.weight, trait.word.term))[:TELLING_WORDS]
    share = np.float32(TOPIC_WEIGHT)
    labels = [TellingTopic(topic, share * np.float32(rarity(size, holders))) for topic, holders in topics]
    weights = *(word.weight for word in telling), *(topic.weight for topic in labels)
    least = LEAST_TELLING * max(weights, default=0.0)
    telling = [word for word in telling if word.weight >= least]
    labels = [topic for topic in labels if topic.weight >= least]
    own = sum(word.weight * word.impact for word in telling) + sum(topic.weight for topic in labels)
    return Traits(telling, labels, LEAST_ALIKE * float(own))


class LikeList:
    """At most `size` articles like a source, in the order in which they are added.

    Neither the source itself is among them nor a copy of it or of one that comes before.
    """

    def __init__(self, source: Article, size: int) -> None:
        """Begin without any. Raises RequestError for a negative size."""
        if size < 0:
            raise RequestError(f"there cannot be {size} similar articles; ask for 0 or more")
        self.articles: list[Article] = []
        self._source = source
        self._size = size
        self._stories = Stories()
        self._stories.add(Story(source))

    @property
    def is_full(self) -> bool:
        """True where no more articles are wanted."""
        return len(self.articles) >= self._size

    def add(self, article: Article) -> None:
        """List an article, unless it is a copy."""
        checkpoint()
        if not self.is_full and article.key != self._source.key and self._stories.add(Story(article)):
            self.articles.append(article)
