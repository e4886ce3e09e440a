"""Stories, and the copies of them that articles of several providers are."""

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
