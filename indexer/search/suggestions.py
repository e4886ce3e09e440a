"""What a search box offers while a person types."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice
from typing import TypeVar

from indexer.article import Article
from indexer.text.typed_prefix import TypedPrefix

_Found = TypeVar("_Found")

# So many suggestions for one word are few: typing errors are tolerated. More words narrow so much that few are wanted.
_FEW = 3


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    TITLE = "title"
    TOPIC = "topic"
    PROVIDER = "provider"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """What was typed so far, and how many suggestions are wanted at the most. `now` is as in a search.

    The last word of `prefix` is the beginning of one, unless a space follows it; the words before it are whole.
    """

    now: datetime
    prefix: str
    size: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A completion of what was typed. `ranges` are the parts of `text` that were typed, as [start, end) code points.

    `count` is how many visible articles it leads to, at least 1: those with that title, topic or provider, or those
    that a search for the word finds. A title comes with its newest `article`; a word is a term.
    """

    kind: SuggestionKind
    text: str
    ranges: tuple[tuple[int, int], ...]
    count: int
    article: Article | None = None


def are_too_few(found: int, typed: TypedPrefix, *, size: int) -> bool:
    """Whether typing errors are tolerated, where so many suggestions fit what was typed exactly."""
    return found == 0 or (not typed.words and found < min(_FEW, size))


def mixed(
    leading: Iterator[_Found],
    titles: Iterator[_Found],
    elsewhere: Iterator[_Found],
    words: Iterator[_Found],
    *,
    size: int,
) -> list[_Found]:
    """How kinds are mixed, each of which comes best first.

    Topics and providers that begin with what was typed come first, on up to a quarter of the places, rounded up. Titles
    follow. Words have the last quarter, rounded down, as far as there are any. What titles leave goes to the other
    topics and providers, at first those that begin with what was typed; and then to words.
    """
    found = list(islice(leading, -(-size // 4)))
    kept = list(islice(words, min(size // 4, size - len(found))))
    found += islice(titles, size - len(found) - len(kept))
    found += islice(chain(leading, elsewhere), size - len(found) - len(kept))
    return [*found, *kept, *islice(words, size - len(found) - len(kept))]
