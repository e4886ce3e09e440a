"""The words of visible articles, by which texts are corrected and relaxed."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from indexer.query.tree import Phrase, Prefix, Word

MOST_TERMS = 50
"""Terms that a prefix is said to stand for."""


class Alike(NamedTuple):
    """A term that is nearly another: the number of errors between them, and of visible articles that have it."""

    errors: int
    articles: int


class VisibleWords(Protocol):
    """The words of the articles that are visible at one moment. A term that none of them has does not exist."""

    @property
    def size(self) -> int:
        """The number of visible articles."""

    def count(self, words: Word | Prefix | Phrase) -> int:
        """The number of visible articles that have a word, any word with a prefix, or a phrase."""

    def counts(self, words: Sequence[Word | Prefix | Phrase]) -> Sequence[int]:
        """The same for several at once."""

    def terms(self, leaf: Word | Prefix) -> Collection[str]:
        """The terms that a word or prefix stands for; of a prefix, the first `MOST_TERMS` at least."""

    def alike(self, word: Word, *, loosely: bool) -> Mapping[str, Alike]:
        """The terms that may have been meant by a word (see `misspellings`), but for its own forms."""
