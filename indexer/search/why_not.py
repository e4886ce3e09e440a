"""The words and conditions that keep an article out of a list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from msgspec import structs

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Without, Word, without_spellings
from indexer.search.filters import AllOf, AnyOf, Filter, Not

HoldsQuery = Callable[[Query], bool]
HoldsFilter = Callable[[Filter], bool]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A part of a query that an article does not match: a word, prefix or phrase, or an excluded one that it has.

    `elsewhere` are the fields that have it, though they were not searched. `is_scattered` is true of a phrase
    whose words are all there, but not in a row. `others` are the parts of which one would have been enough.
    """

    query: Query
    elsewhere: tuple[TextField, ...] = ()
    is_scattered: bool = False
    others: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The reasons that keep an article out of a search, or its `rank` from 1 on if nothing does.

    `unmatched` are parts of the query, and `failed` the innermost conditions of the filter. An article without a rank
    has at least one of them.
    """

    rank: int | None = None
    unmatched: tuple[Unmatched, ...] = ()
    failed: tuple[Filter, ...] = ()


def unmatched(query: Query, holds: HoldsQuery) -> Iterator[Unmatched]:
    """The smallest parts of the query that keep an article out; `holds` tells whether it matches a part."""
    if holds(query):
        return
    match query:
        case Every(queries):
            for part in queries:
                yield from unmatched(part, holds)
        case Some(queries):
            yield from _unmatched_alternatives(queries, holds)
        case Without(Some(queries)):
            yield from (Unmatched(Without(part)) for part in queries if holds(part))
        case Without(Without(part)):
            yield from unmatched(part, holds)
        case Without():
            yield Unmatched(query)
        case Word() | Prefix() | Phrase():
            is_scattered = isinstance(query, Phrase) and all(map(holds, query.words()))
            others = (field for field in TextField if field not in query.fields)
            elsewhere = tuple(field for field in others if holds(structs.replace(query, fields=(field,))))
            yield Unmatched(query, elsewhere, is_scattered)


def failed(condition: Filter, holds: HoldsFilter) -> Iterator[Filter]:
    """The innermost conditions that keep an article out; `holds` tells whether it meets one.

    Where one of several would have to hold, all of them are named; so are all of those that must not hold together.
    """
    if holds(condition):
        return
    match condition:
        case AllOf(filters) | AnyOf(filters) if filters:
            parts: list[Filter] = [*filters]
        case Not(AllOf(filters) | AnyOf(filters)) if filters:
            parts = [Not(part) for part in filters]
        case Not(Not(part)):
            parts = [part]
        case _:
            yield condition
            return
    for part in parts:
        yield from failed(part, holds)


def _unmatched_alternatives(queries: tuple[Query, ...], holds: HoldsQuery) -> Iterator[Unmatched]:
    """Each typed alternative, with all others, which may be synonyms."""
    alternatives = [*without_spellings(queries)]
    typed = [part for part in alternatives if not isinstance(part, Word) or part.weight == 1]
    for part in typed or alternatives:
        others = tuple(other for other in alternatives if other != part)
        yield from (replace(reason, others=others) for reason in unmatched(part, holds))
