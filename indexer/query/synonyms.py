"""What means the same as what: queries are widened by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from indexer.query.tree import Every, Phrase, Query, Some, TextField, Word
from indexer.text.analysis import terms

Terms = tuple[str, ...]  # of a word or several, as indexer.analysis.terms folds them

# What a synonym counts in a score: so little that an article with the word that was typed comes first, however rare the
# synonym is, unless nearly every article has that word.
SYNONYM_WEIGHT = 0.005


@dataclass(frozen=True, slots=True)
class Synonyms:
    """By the terms of what is typed, the terms of what is found too. No chains: a synonym brings none of its own."""

    alternatives: Mapping[Terms, tuple[Terms, ...]]
    _beginnings: frozenset[Terms] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        beginnings = (typed[:length] for typed in self.alternatives for length in range(len(typed)))
        object.__setattr__(self, "_beginnings", frozenset(beginnings))

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]] = (), one_way: Mapping[str, Sequence[str]] | None = None) -> "Synonyms":
        """Synonyms from texts: each of a group finds all others, and each key of `one_way` what it maps to.

        >>> Synonyms.of([["AI", "Artificial Intelligence"]]).alternatives
        {('ai',): (('artificial', 'intelligence'),), ('artificial', 'intelligence'): (('ai',),)}
        """
        found: dict[Terms, list[Sequence[Terms]]] = {}  # the lists are shared: no file's meanings fill the memory
        for group in map(_folded, groups):
            for typed in group:
                found.setdefault(typed, []).append(group)
        for key, others in (one_way or {}).items():
            found.setdefault(tuple(terms(key)), []).append(_folded(others))
        alternatives = ((typed, _besides(typed, chain.from_iterable(lists))) for typed, lists in found.items())
        return cls({typed: also for typed, also in alternatives if typed and also})

    def __len__(self) -> int:
        """How many words and sequences of words have synonyms."""
        return len(self.alternatives)

    def applied(self, query: Query) -> Query:
        """The query, which finds what means the same too.

        Words typed next to each other count as one where they have synonyms together, the longest sequence first.
        Phrases in quotes, prefixes and exclusions are meant as typed.

        >>> Synonyms.of([["AI", "artificial intelligence"]]).applied(parse("artificial intelligence laws"))
        Every((Some((Every((Word('artificial'), Word('intelligence'))), Word('ai', ...))), Word('laws')))
        """
        if not self.alternatives or query == Every():
            return query
        match query:
            case Every(queries):
                parts = tuple(self._widened(queries))
                return parts[0] if len(parts) == 1 else Every(parts)
            case Some(queries) if not _spellings(query):
                return Some(tuple(map(self.applied, queries)))
            case _:
                return next(self._widened((query,)))

    def _widened(self, queries: Sequence[Query]) -> Iterator[Query]:
        place = 0
        while place < len(queries):
            end, typed = self._longest(queries, place)
            if typed:
                yield _or_else(queries[place:end], self.alternatives[typed])
            else:
                one = queries[place]
                yield self.applied(one) if isinstance(one, Some) and not _spellings(one) else one
            place = end

    def _longest(self, queries: Sequence[Query], start: int) -> tuple[int, Terms]:
        """The end of the longest sequence from `start` that has synonyms, and its terms; without any, one query."""
        best: tuple[int, Terms] = (start + 1, ())
        fields = _fields(queries[start])
        waiting: list[tuple[int, Terms]] = [(start, ())]
        while waiting:
            place, before = waiting.pop()
            for spelling in _spellings(queries[place]):
                typed, end = (*before, *spelling), place + 1
                if typed in self.alternatives:
                    best = max(best, (end, typed))
                if typed in self._beginnings and end < len(queries) and _fields(queries[end]) == fields:
                    waiting.append((end, typed))
        return best


NO_SYNONYMS = Synonyms({})


def _folded(texts: Iterable[str]) -> tuple[Terms, ...]:
    return tuple(tuple(terms(text)) for text in texts)


def _besides(typed: Terms, found: Iterable[Terms]) -> tuple[Terms, ...]:
    """Each of those found once, without what was typed."""
    return tuple(one for one in dict.fromkeys(found) if one and one != typed)


def _spellings(query: Query) -> tuple[Terms, ...]:
    """The ways in which one thing, typed without quotes, is spelled; none for whatever else a query is."""
    match query:
        case Word(term):
            return ((term,),)
        case Phrase(together) if tuple(terms("".join(together))) == together:
            return (together,)  # of a script without spaces, where quotes make no difference
        case Some((Phrase(apart, fields), Word(joined, others)) | (Word(joined, others), Phrase(apart, fields))):
            return (apart, (joined,)) if fields == others and "".join(apart) == joined else ()
        case _:
            return ()


def _fields(query: Query) -> tuple[TextField, ...]:
    """Where a word is looked for; nowhere for what is no word."""
    match query:
        case Word() | Phrase():
            return query.fields
        case Some((first, *_)) if _spellings(query):
            return _fields(first)
        case _:
            return ()


def _or_else(typed: Sequence[Query], alternatives: Sequence[Terms]) -> Query:
    fields = _fields(typed[0])
    spelled = tuple(typed) if len(typed) == 1 else (Every(tuple(typed)),)
    if isinstance(typed[0], Some) and len(typed) == 1:
        spelled = typed[0].queries
    known = _spellings(typed[0]) if len(typed) == 1 else ()
    others = tuple(_alternative(one, fields) for one in alternatives if one not in known)
    return Some((*spelled, *others)) if others else typed[0]


def _alternative(one: Terms, fields: tuple[TextField, ...]) -> Query:
    return Word(one[0], fields, SYNONYM_WEIGHT) if len(one) == 1 else Phrase(one, fields, SYNONYM_WEIGHT)
