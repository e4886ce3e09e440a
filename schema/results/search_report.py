"""The report on how the text of a search was understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.query.tree import Prefix
from indexer.query.understanding import Match, Understanding, UnderstoodWord


@dataclass(frozen=True, slots=True)
class SearchedWord:
    """The attributes that the GraphQL type `SearchedWord` declares."""

    understood: UnderstoodWord

    @property
    def word(self) -> str:
        """The word as it is looked for."""
        leaf = self.understood.leaf
        return leaf.prefix if isinstance(leaf, Prefix) else leaf.term

    @property
    def match(self) -> Match:
        """The way in which articles have it."""
        return self.understood.match

    @property
    def found(self) -> Sequence[str]:
        """The words of articles that it stands for."""
        return self.understood.terms


@dataclass(frozen=True, slots=True)
class SearchReport:
    """The attributes that the GraphQL type `SearchUnderstanding` declares."""

    understanding: Understanding

    @property
    def words(self) -> list[SearchedWord]:
        """Every word, in order."""
        return list(map(SearchedWord, self.understanding.words))

    @property
    def did_you_mean(self) -> str | None:
        """The text with typing errors corrected."""
        return self.understanding.did_you_mean

    @property
    def relaxed(self) -> bool:
        """Whether words were given up."""
        return bool(self.understanding.left_out)

    @property
    def left_out(self) -> Sequence[str]:
        """The words and phrases given up."""
        return self.understanding.left_out
