"""How the text of a search was understood."""

from dataclasses import dataclass
from enum import StrEnum

from indexer.query.tree import Prefix, Query, Word


class Match(StrEnum):
    """How a word of the text was found in the articles."""

    EXACT = "exact"  # as typed, perhaps in other forms too
    STEM = "stem"  # in other forms only
    PREFIX = "prefix"  # as the beginning of words
    FUZZY = "fuzzy"  # misspelt, or so it seems: as words that are nearly the same
    SYNONYM = "synonym"  # not typed, but means the same as what was
    NONE = "none"  # not at all


@dataclass(frozen=True, slots=True)
class UnderstoodWord:
    """One word of the text: how it was found, and the terms of the index that it stands for, the best first."""

    leaf: Word | Prefix
    match: Match
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was looked for in the end.

    `query` is what was evaluated, `words` are its leaves in order and those that were left out. `left_out` are the
    words that were given up because nothing matches all of them. `did_you_mean` is a text that finds something.
    """

    query: Query
    words: tuple[UnderstoodWord, ...]
    left_out: tuple[str, ...] = ()
    did_you_mean: str | None = None
