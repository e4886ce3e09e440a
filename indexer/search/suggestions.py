"""Suggestions of a search box while a person types."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice
from typing import TypeVar

from indexer.article import Article
from indexer.search.filters import EVERYTHING, Filter

_Suggestion = TypeVar("_Suggestion")

# With fewer suggestions for one word, typing errors are tolerated. More words narrow so much that few are expected.
_FEW = 3


class SuggestionKind(StrEnum):
    """The source of a suggestion."""

    TITLE = "title"
    TOPIC = "topic"
    PROVIDER = "provider"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """The text typed so far, and the most suggestions to give. `now` is as in a search.

    The last word of `prefix` is the beginning of one, unless a space follows it; the words before it are whole. Only
    articles that match `filter` count, and what they have is suggested.
    """

    now: datetime
    prefix: str
    size: int = 8
    filter: Filter = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A completion. `ranges` are the typed parts of `text`, as [start, end) code points.

    `count` is the number of visible articles it leads to, at least 1: those with that title, topic or provider, or
    those that a search for the word finds. A title comes with its newest `article`; a word is a term.
    """

    kind: SuggestionKind
    text: str
    ranges: tuple[tuple[int, int], ...]
    count: int
    article: Article | None = None


def are_too_few(count: int, words: Sequence[str], *, size: int) -> bool:
    """Tell whether so few suggestions fit exactly that typing errors are tolerated; `words` were typed to their end."""
    return count == 0 or (not words and count < min(_FEW, size))


def mixed(
    leading: Iterator[_Suggestion],
    titles: Iterator[_Suggestion],
    elsewhere: Iterator[_Suggestion],
    words: Iterator[_Suggestion],
    *,
    size: int,
) -> list[_Suggestion]:
    """Mix suggestions of all kinds, each of which comes best first.

    Topics and providers that begin with the typed text come first, up to a quarter of `size`, rounded up. Titles
    follow. Words have the last quarter, rounded down, as far as there are any. Room that titles leave goes to the other
    topics and providers, at first those that begin with the typed text; and then to words.
    """
    mix = list(islice(leading, -(-size // 4)))
    last = list(islice(words, min(size // 4, size - len(mix))))
    mix += islice(titles, size - len(mix) - len(last))
    mix += islice(chain(leading, elsewhere), size - len(mix) - len(last))
    return [*mix, *last, *islice(words, size - len(mix) - len(last))]
