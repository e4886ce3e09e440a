"""Stories, and the copies of them that articles of several providers are."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

from indexer.article import Article
from indexer.text.analysis import terms

SAME = 0.8  # of all words of two articles, so many are in both where they tell one story


@dataclass(frozen=True)
class Story:
    """An article to compare with others. Providers copy stories from agencies, with and without changes."""

    article: Article

    @cached_property
    def title(self) -> list[str]:
        """The terms of the title: case, accents and punctuation do not count."""
        return terms(self.article.title)

    @cached_property
    def words(self) -> frozenset[str]:
        """The terms of title and summary."""
        return frozenset((*self.title, *terms(self.article.summary or "")))

    def is_copy_of(self, other: "Story") -> bool:
        """True if both have one title, or nearly the same words: of all that either has, more than `SAME` are shared.

        The measure is Jaccard's, as in A. Broder, On the Resemblance and Containment of Documents, SEQUENCES 1997, but
        of single words, since titles and summaries are short.
        """
        if self.title == other.title and self.title:
            return True
        fewer, more = sorted((len(self.words), len(other.words)))
        if fewer <= SAME * more:  # then no number of shared words is enough
            return False
        return len(self.words & other.words) > SAME * len(self.words | other.words)


class Stories:
    """Stories of which none is a copy of another.

    A new one is compared only with those that have the same title, or one of the first words of both in common: where
    so many words are shared that one is a copy, not all words of such a beginning can be missing in the other's. This
    is the prefix filter of S. Chaudhuri, V. Ganti, R. Kaushik, A Primitive Operator for Similarity Joins in Data
    Cleaning, ICDE 2006.
    """

    def __init__(self) -> None:
        self._sharing: dict[Hashable, list[Story]] = {}

    def add(self, story: Story) -> bool:
        """Add a story that is no copy of another. True where it was added."""
        names = tuple(story.title), *_telling(story.words)
        alike = {id(other): other for name in names for other in self._sharing.get(name, ())}
        if any(map(story.is_copy_of, alike.values())):
            return False
        for name in names:
            self._sharing.setdefault(name, []).append(story)
        return True


def _telling(words: frozenset[str]) -> list[str]:
    """The first words, so many that all others are too few to make a copy."""
    return sorted(words)[: len(words) - int(SAME * len(words))]
