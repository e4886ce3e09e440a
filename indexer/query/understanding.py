"""Reports about the text of a search: its words as they were understood."""

from dataclasses import dataclass
from enum import StrEnum

from indexer.query.tree import Prefix, Query, Word


class Match(StrEnum):
    """The kind of match of a word with the articles."""

    EXACT = "exact"  # as typed, perhaps in other forms too
    STEM = "stem"  # in other forms only
    PREFIX = "prefix"  # as the beginning of words
    FUZZY = "fuzzy"  # misspelt, or so it seems: as words that are nearly the same
    SYNONYM = "synonym"  # not typed, but with the same meaning
    NONE = "none"  # not at all


@dataclass(frozen=True, slots=True)
class UnderstoodWord:
    """One word of the text: its kind of match, and the terms of the index that it stands for, the best first."""

    leaf: Word | Prefix
    match: Match
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """The query in the end, and the words of the text.

    `words` are the leaves of `query` in order, and those left out. `left_out` are the words that were given up because
    nothing matches all of them. `did_you_mean` is a better text, which finds something. Texts in the index are in a
    `language`.
    """

    query: Query
    words: tuple[UnderstoodWord, ...]
    left_out: tuple[str, ...] = ()
    did_you_mean: str | None = None
    language: str = "english"
