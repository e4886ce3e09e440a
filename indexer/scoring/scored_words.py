"""The words of a query that add to a score, and what has to match for each of them to do so."""

from collections.abc import Iterator
from typing import NamedTuple

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word


class ScoredWord(NamedTuple):
    """A word that adds to the score of articles that match `condition`, or of all that have it."""

    leaf: Word | Prefix
    condition: Query | None = None


def scored_words(query: Query) -> Iterator[ScoredWord]:
    """The words that add to the score, in order.

    The words of a phrase count only where all of it matches, and so do those of an alternative that requires several.
    """
    match query:
        case Word() | Prefix():
            yield ScoredWord(query)
        case Phrase():
            yield from (ScoredWord(word, query) for word in query.words())
        case Every(queries):
            for part in queries:
                yield from scored_words(part)
        case Some(queries):
            for part in queries:
                yield from _within(part) if isinstance(part, Every) else scored_words(part)


def _within(query: Every) -> Iterator[ScoredWord]:
    for leaf, condition in scored_words(query):
        yield ScoredWord(leaf, query if condition is None else Every((query, condition)))
