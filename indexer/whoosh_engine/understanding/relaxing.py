"""Gives words up where nothing matches all of them: the rarest are kept, since they say most."""

from collections.abc import Callable, Sequence
from typing import TypeGuard

from indexer.query.tree import Every, Query, Without, is_scored
from indexer.whoosh_engine.segment.arrays import Documents

# The visible documents of each segment that match a query.
Found = Callable[[Query], Sequence[Documents]]


def relaxed(query: Every, found: Found, is_doubtful: Callable[[Query], bool]) -> tuple[Query, tuple[Query, ...]]:
    """What of a query that matches nothing still matches something, and the parts that were left out.

    From the rarest required part on, each is kept that leaves something to be found with those before it; doubtful
    ones, which may be rare because they are misspelt, come last. Exclusions stay. The query is the same where no part
    of it matches.
    """
    wanted = [part for part in query.queries if is_scored(part)]
    others = [part for part in query.queries if not is_scored(part)]
    kept: list[Query] = []
    for part in sorted(wanted, key=lambda part: (is_doubtful(part), sum(map(len, found(part))))):
        if any(map(len, found(Every((*kept, part, *others))))):
            kept.append(part)
    if not kept:
        return query, ()
    left_out = tuple(part for part in wanted if part not in kept)
    remaining = tuple(part for part in query.queries if part not in left_out)
    return (remaining[0] if len(remaining) == 1 else Every(remaining)), left_out


def is_relaxable(query: Query) -> TypeGuard[Every]:
    """Whether the query requires more than one part, so that one can be given up."""
    return isinstance(query, Every) and sum(not isinstance(part, Without) for part in query.queries) > 1
