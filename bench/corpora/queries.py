"""The queries that every engine answers, drawn from the articles themselves: the same log for the same seed."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from corpora.documents import Document
from indexer.text.analysis import terms

_LONGEST_TEXT = 3  # words
_COMMON = 30  # so many of the most frequent words are common ones


class Form(StrEnum):
    """The bond between the words of a query."""

    ALL = "all"
    ANY = "any"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query, in no engine's language. `topic` is canonical and narrows it; `by_date` lists the newest first."""

    kind: str
    words: tuple[str, ...]
    form: Form = Form.ALL
    topic: str | None = None
    by_date: bool = False


def query_log(documents: Sequence[Document], *, count: int, seed: int) -> list[Query]:
    """`count` queries of every kind by turns, in random order. Words are plain Latin ones, which no engine splits."""
    draw = _Draw(documents, random.Random(seed))  # noqa: S311  # a fixed log, no secret
    kinds: list[Callable[[], Query]] = [
        lambda: Query(kind="one word", words=draw.words(1)),
        lambda: Query(kind="two words, all", words=draw.words(2)),
        lambda: Query(kind="three words, all", words=draw.words(3)),
        lambda: Query(kind="two words, any", words=draw.words(2), form=Form.ANY),
        lambda: Query(kind="three words, any", words=draw.words(3), form=Form.ANY),
        lambda: Query(kind="phrase of two", words=draw.phrase(), form=Form.PHRASE),
        lambda: Query(kind="prefix", words=draw.prefix(), form=Form.PREFIX),
        lambda: Query(kind="two common words, all", words=draw.common(2)),
        draw.with_topic,
        lambda: Query(kind="two words, by date", words=draw.words(2), by_date=True),
    ]
    log = [kinds[place % len(kinds)]() for place in range(count)]
    draw.random.shuffle(log)
    return log


def drawn_words(documents: Sequence[Document], count: int, source: random.Random) -> tuple[str, ...]:
    """Different words of one article, `count` of them, each of four letters or more, in any order."""
    return _Draw(documents, source).words(count)


def drawn_texts(documents: Sequence[Document], count: int, *, seed: int) -> list[str]:
    """Texts that people might search for: one to three words of an article, each text once."""
    draw = _Draw(documents, random.Random(seed))  # noqa: S311  # a fixed choice, no secret
    texts: dict[str, None] = {}
    for place in itertools.count():
        if len(texts) == count:
            break
        texts[" ".join(draw.words(1 + place % _LONGEST_TEXT))] = None
    return list(texts)


class _Draw:
    """Draws words and topics from articles."""

    def __init__(self, documents: Sequence[Document], source: random.Random) -> None:
        self.random = source
        self._documents = documents

    @cached_property
    def _common(self) -> list[str]:
        sample = self.random.sample(self._documents, min(len(self._documents), 2_000))
        counts = Counter(word for document in sample for word in _plain(f"{document.title} {document.excerpt}"))
        return [word for word, _ in counts.most_common(_COMMON)]

    def words(self, count: int) -> tuple[str, ...]:
        """Different words of one article, in any order."""
        return self._words_of(self._document(), count) or self.words(count)

    def phrase(self) -> tuple[str, ...]:
        """Two neighbours in one excerpt."""
        found = [pair for pair in pairwise(terms(self._document().excerpt)) if all(map(_is_plain, pair))]
        return self.random.choice(found) if found else self.phrase()

    def prefix(self) -> tuple[str, ...]:
        """The first two to four letters of a word."""
        [word] = self.words(1)
        return (word[: self.random.randint(2, 4)],)

    def common(self, count: int) -> tuple[str, ...]:
        """Some of the most frequent words."""
        return tuple(self.random.sample(self._common, count))

    def with_topic(self) -> Query:
        """Two words and a topic of one article."""
        document = self._document()
        words = self._words_of(document, 2)
        if not words or not document.topics:
            return self.with_topic()
        return Query(kind="two words, one topic", words=words, topic=self.random.choice(document.topics))

    def _document(self) -> Document:
        return self.random.choice(self._documents)

    def _words_of(self, document: Document, count: int) -> tuple[str, ...]:
        """Words of four letters or more; none where the article has too few."""
        found = sorted({word for word in _plain(f"{document.title} {document.excerpt}") if len(word) > 3})  # noqa: PLR2004  # four letters
        return tuple(self.random.sample(found, count)) if len(found) >= count else ()


def _plain(text: str) -> list[str]:
    return [word for word in terms(text) if _is_plain(word)]


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) > 1
