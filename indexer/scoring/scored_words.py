"""The words of a query that add to a score, and what has to match for each of them to do so."""

from collections.abc import Iterator
from typing import NamedTuple

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word


class ScoredWord(NamedTuple):
    """A word that adds to the score of articles that match `condition`, or of all matches that have it."""

    leaf: Word | Prefix
    condition: Query | None = None


def scored_words(query: Query) -> Iterator[ScoredWord]:
    """The words that add to the scores of matches, in order.

    The words of an alternative that is a phrase, or requires several, count only where all of it matches.
    """
    match query:
        case Word() | Prefix():
            yield ScoredWord(query)
        case Phrase():
            yield from map(ScoredWord, query.words())
        case Every(queries):
            for part in queries:
                yield from scored_words(part)
        case Some(queries):
            for part in queries:
                yield from _within(part) if isinstance(part, Every | Phrase) else scored_words(part)


def _within(query: Every | Phrase) -> Iterator[ScoredWord]:
    for leaf, condition in scored_words(query):
        yield ScoredWord(leaf, query if condition is None else Every((query, condition)))
