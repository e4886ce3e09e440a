"""The score of one article, written out: slow, and as the formula stands."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from statistics import fmean

import Stemmer

from indexer.article import Article
from indexer.query.tree import SEARCHED, WITH_BODY, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.scoring.bm25f import COMMON, FIELD_WEIGHTS, OTHER_FORM, PAIR_WEIGHT, SATURATION
from indexer.scoring.pairs import REACH
from tests.plain_text import plain_terms


class PlainBm25f:
    """BM25F of Robertson, Zaragoza and Taylor, with `OTHER_FORM` for other forms of a word, and pairs of near words."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self._holders: dict[Word | Prefix, int] = {}
        self.mean_lengths = {
            field: fmean(len(words_of(article, field)) for article in articles) if articles else 0.0
            for field in WITH_BODY
        }

    def score(self, article: Article, query: Query) -> float | None:
        """The score of the article; None where it does not match."""
        single = self.single(article, query)
        return None if single is None else single + self.near(article, query)

    def single(self, article: Article, query: Query) -> float | None:
        """The worth of the words on their own; None where the article does not match."""
        match query:
            case Word() | Prefix():
                frequency = self.frequency(article, query)
                return self.rarity(query) * frequency / (SATURATION + frequency) if frequency else None
            case Phrase():
                parts = [self.single(article, word) for word in query.words()]
                return sum(part or 0.0 for part in parts) if has_phrase(article, query) else None
            case Some(queries):
                matched = [part for one in queries if (part := self.single(article, one)) is not None]
                return sum(matched) if matched else None
            case Every(queries):
                required = [self.single(article, one) for one in queries]
                return None if None in required else sum(part or 0.0 for part in required)
            case Without(part):
                return 0.0 if self.single(article, part) is None else None

    def near(self, article: Article, query: Query) -> float:
        """The worth of words of the query that are near each other."""
        total = 0.0
        for (first, second), gap in typed_near(query).items():
            if min(self.holders(first), self.holders(second)) <= COMMON * len(self.articles):
                count = times_near(article, first, second, gap)
                rarity = self.rarity(first) + self.rarity(second)
                total += PAIR_WEIGHT * rarity * count / (SATURATION + count)
        return total

    def frequency(self, article: Article, leaf: Word | Prefix) -> float:
        total = 0.0
        for field in leaf.fields:
            words, weight = words_of(article, field), FIELD_WEIGHTS[field]
            count = sum(worth(word, leaf) for word in words)
            if count and field in WITH_BODY:
                count /= 1 - weight.length_penalty + weight.length_penalty * len(words) / self.mean_lengths[field]
            total += weight.weight * count
        return total

    def holders(self, leaf: Word | Prefix) -> int:
        if leaf not in self._holders:
            self._holders[leaf] = sum(self.frequency(article, leaf) > 0 for article in self.articles)
        return self._holders[leaf]

    def rarity(self, leaf: Word | Prefix) -> float:
        return self.rarity_of(self.holders(leaf))

    def rarity_of(self, count: int) -> float:
        return math.log(1 + (len(self.articles) - count + 0.5) / (count + 0.5))


def typed_near(query: Query) -> dict[tuple[Word, Word], int]:
    """The pairs of words that were typed near each other, and how far apart at the least."""
    gaps: dict[tuple[Word, Word], int] = {}
    for (start, first), (end, second) in combinations(enumerate(scored(query)), 2):
        is_pair = isinstance(first, Word) and isinstance(second, Word) and first != second
        if is_pair and end - start <= REACH and first.fields == second.fields in (SEARCHED, WITH_BODY):
            gaps[first, second] = min(end - start, gaps.get((first, second), REACH))
    return gaps


def scored(query: Query) -> Iterator[Word | Prefix]:
    """The parts of the score, in the order in which they were typed."""
    match query:
        case Word() | Prefix():
            yield query
        case Phrase():
            yield from query.words()
        case Every(queries) | Some(queries):
            for part in queries:
                yield from scored(part)


def times_near(article: Article, first: Word, second: Word, gap: int) -> float:
    """The number of places of the first word that have the second at most `gap` words behind, weighted by field."""
    total = 0.0
    for field in SEARCHED:
        stems = [stem(word) for word in words_of(article, field)]
        for place, found in enumerate(stems):
            if found == stem(first.term) and stem(second.term) in stems[place + 1 : place + 1 + gap]:
                total += FIELD_WEIGHTS[field].weight
    return total


@cache
def words_of(article: Article, field: TextField) -> list[str]:
    return [word for text in texts_of(article, field) for word in plain_terms(text)]


def texts_of(article: Article, field: TextField) -> tuple[str, ...]:
    return {
        TextField.TITLE: (article.title,),
        TextField.EXCERPT: (article.summary or "",),
        TextField.BODY: (article.text or "",),
        TextField.TOPIC: article.topics,
        TextField.PROVIDER: (f"{article.provider.name or ''} {article.provider.domain}",),
    }[field]


@cache
def stem(word: str) -> str:
    return Stemmer.Stemmer("english").stemWord(word) if word.isalpha() else word


def worth(word: str, leaf: Word | Prefix) -> float:
    """The worth of an occurrence of `word` for the word that is looked for."""
    if isinstance(leaf, Prefix):
        return float(word.startswith(leaf.prefix))
    if word == leaf.term:
        return 1.0
    return OTHER_FORM if stem(word) == stem(leaf.term) else 0.0


def has_phrase(article: Article, phrase: Phrase) -> bool:
    wanted = phrase.words()
    for text in (text for field in phrase.fields for text in texts_of(article, field)):
        words = plain_terms(text)
        for start in range(len(words) - len(wanted) + 1):
            if all(worth(word, leaf) for word, leaf in zip(words[start:], wanted, strict=False)):
                return True
    return False
