"""What a search box offers while a person types."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from indexer.article import Article


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    TITLE = "title"
    TOPIC = "topic"
    PROVIDER = "provider"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """What was typed so far, and how many suggestions are wanted at the most. `now` is as in a search."""

    now: datetime
    prefix: str
    size: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A completion of what was typed. `ranges` are the parts of `text` that were typed, as [start, end) code points.

    `count` is how many visible articles it leads to, at least 1. A title comes with its `article`.
    """

    kind: SuggestionKind
    text: str
    ranges: tuple[tuple[int, int], ...]
    count: int
    article: Article | None = None
