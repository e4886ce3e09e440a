"""Gives words up where nothing matches all of them: the rarest are kept, since they say most."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeGuard

from indexer.query.tree import Every, Query, Some, Without, Word, is_scored


def relaxed(
    query: Every, typed: Query, count: Callable[[Query], int], guesses: Mapping[Query, Sequence[Word]]
) -> tuple[Query, tuple[Query, ...]]:
    """The rest of a query that matches nothing, which matches something, and the parts that were left out.

    From the rarest required part on, each is kept that leaves something to be found with those before it; of equally
    rare ones, those that stand as they were `typed` (the query before it was corrected) come first. Parts with
    `guesses`, which may be rare because they are misspelt, come last, and where they are left out their guesses need
    not match, but rank higher. Exclusions stay. The query is the same where no part of it matches. `count` tells how
    many visible articles match a query.
    """
    as_typed = typed.queries if isinstance(typed, Every) else (typed,)
    required = [part for part in query.queries if is_scored(part)]
    others = [part for part in query.queries if not is_scored(part)]
    kept: list[Query] = []
    for part in sorted(required, key=lambda part: (part in guesses, count(part), part not in as_typed)):
        if count(Every((*kept, part, *others))):
            kept.append(part)
    if not kept:
        return query, ()
    left_out = tuple(part for part in required if part not in kept)
    remaining = tuple(part for part in query.queries if part not in left_out)
    rest = remaining[0] if len(remaining) == 1 else Every(remaining)
    meant = [Some((Every(), *guesses[part])) for part in left_out if part in guesses]
    return Every((rest, *meant)) if meant else rest, left_out


def is_relaxable(query: Query) -> TypeGuard[Every]:
    """Tell whether the query requires more than one part, so that one can be given up."""
    return isinstance(query, Every) and sum(not isinstance(part, Without) for part in query.queries) > 1
