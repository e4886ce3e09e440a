"""Synonyms, by which queries are widened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from indexer.query.tree import Every, Phrase, Query, Some, TextField, Word, is_beginning
from indexer.text.analysis import parted_terms

Terms = tuple[str, ...]  # of a word or several, folded by `indexer.text.analysis.terms`

# The weight of a synonym in a score: so little that an article with the typed word comes first, however rare the
# synonym is, unless nearly every article has that word.
SYNONYM_WEIGHT = 0.005


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The alternatives of words and sequences of words, by their terms. No chains: a synonym brings none of its own."""

    alternatives: Mapping[Terms, tuple[Terms, ...]]
    _beginnings: frozenset[Terms] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        beginnings = (typed[:length] for typed in self.alternatives for length in range(len(typed)))
        object.__setattr__(self, "_beginnings", frozenset(beginnings))

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]] = (), one_way: Mapping[str, Sequence[str]] | None = None) -> "Synonyms":
        """Synonyms from texts: each of a group finds all others, and each key of `one_way` the texts it maps to.

        >>> Synonyms.of([["AI", "Artificial Intelligence"]]).alternatives
        {('ai',): (('artificial', 'intelligence'),), ('artificial', 'intelligence'): (('ai',),)}
        """
        lists: dict[Terms, list[Sequence[Terms]]] = {}  # of shared groups: no file of synonyms fills the memory
        for group in map(_folded, groups):
            for typed in group:
                lists.setdefault(typed, []).append(group)
        for key, others in (one_way or {}).items():
            lists.setdefault(tuple(parted_terms(key)), []).append(_folded(others))
        alternatives = ((typed, _besides(typed, chain.from_iterable(others))) for typed, others in lists.items())
        return cls({typed: also for typed, also in alternatives if typed and also})

    def __len__(self) -> int:
        """The number of words and sequences of words that have synonyms."""
        return len(self.alternatives)

    def applied(self, query: Query) -> Query:
        """The query, which matches synonyms too.

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

    def spans(self, queries: Sequence[Query]) -> list[tuple[int, int]]:
        """The range [start, end) of the queries that each part stands for, once all of them together are widened."""
        return [(start, end) for start, end, _ in self._sequences(queries)]

    def _widened(self, queries: Sequence[Query]) -> Iterator[Query]:
        for start, end, typed in self._sequences(queries):
            query = queries[start]
            if typed:
                yield _or_else(queries[start:end], self.alternatives[typed])
            else:
                yield self.applied(query) if isinstance(query, Some) and not _spellings(query) else query

    def _sequences(self, queries: Sequence[Query]) -> Iterator[tuple[int, int, Terms]]:
        """The ranges of queries that have synonyms together, with their terms, and of single ones that have none."""
        start = 0
        while start < len(queries):
            end, typed = self._longest(queries, start)
            yield start, end, typed
            start = end

    def _longest(self, queries: Sequence[Query], start: int) -> tuple[int, Terms]:
        """The end of the longest sequence from `start` that has synonyms, and its terms; without any, one query."""
        best: tuple[int, Terms] = (start + 1, ())
        fields = _fields(queries[start])
        waiting: list[tuple[int, Terms]] = [(start, ())]
        while waiting:
            index, before = waiting.pop()
            for spelling in _spellings(queries[index]):
                typed, end = (*before, *spelling), index + 1
                if typed in self.alternatives:
                    best = max(best, (end, typed))
                if typed in self._beginnings and end < len(queries) and _fields(queries[end]) == fields:
                    waiting.append((end, typed))
        return best


NO_SYNONYMS = Synonyms({})


def _folded(texts: Iterable[str]) -> tuple[Terms, ...]:
    return tuple(tuple(parted_terms(text)) for text in texts)


def _besides(typed: Terms, texts: Iterable[Terms]) -> tuple[Terms, ...]:
    """Each of the texts once, without the typed one."""
    return tuple(text for text in dict.fromkeys(texts) if text and text != typed)


def _spellings(query: Query) -> tuple[Terms, ...]:
    """The spellings of a word, or of several written together, typed without quotes; none for other queries."""
    match query:
        case Word(term):
            return ((term,),)
        case Phrase(together, is_open=False) if tuple(parted_terms("".join(together))) == together:
            return (together,)  # of a script without spaces, where quotes make no difference
        case Some(queries):
            whole = [part for part in queries if not is_beginning(part)]
            spelled = [_terms_of(part) for part in whole]
            is_one = len({("".join(part), _fields(query)) for part, query in zip(spelled, whole, strict=True)}) == 1
            return tuple(spelled) if is_one and all(spelled) else ()
        case _:
            return ()


def _terms_of(query: Query) -> Terms:
    """The terms of a word or phrase; none of anything else."""
    match query:
        case Word(term):
            return (term,)
        case Phrase(together, is_open=False):
            return together
        case _:
            return ()


def _fields(query: Query) -> tuple[TextField, ...]:
    """The fields in which a word is looked for; none for other queries."""
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
    spellings = _spellings(typed[0]) if len(typed) == 1 else ()
    others = tuple(_alternative(text, fields) for text in alternatives if text not in spellings)
    return Some((*spelled, *others)) if others else typed[0]


def _alternative(text: Terms, fields: tuple[TextField, ...]) -> Query:
    return Word(text[0], fields, SYNONYM_WEIGHT) if len(text) == 1 else Phrase(text, fields, SYNONYM_WEIGHT)
