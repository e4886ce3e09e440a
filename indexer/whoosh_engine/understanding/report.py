"""Tells how the text of a search was understood."""

import re
from collections.abc import Iterator, Sequence

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word, leaves
from indexer.query.understanding import Match, UnderstoodWord
from indexer.text.analysis import terms
from indexer.whoosh_engine.matching.searchable_segment import MOST_TERMS, SearchableSegment

_WORD = re.compile(r"[^\W_]+")


class UnderstoodWords:
    """Looks up what the words of a query stand for."""

    def __init__(self, segments: Sequence[SearchableSegment], now: int, *, typed: Query, synonymous: Query) -> None:
        """Take the query as it was typed, and with synonyms; `now` is in microseconds since 1970."""
        self._segments = segments
        self._now = now
        self._typed = {leaf.name for leaf in leaves(typed)}
        self._synonymous = {leaf.name for leaf in leaves(synonymous)}

    def of(self, query: Query) -> tuple[UnderstoodWord, ...]:
        """Every word that the query looks for, each once, in order."""
        wanted = {leaf.name: leaf for leaf in _wanted(query)}
        return tuple(map(self._understood, wanted.values()))

    def _understood(self, leaf: Word | Prefix) -> UnderstoodWord:
        found = self._beginning(leaf) if isinstance(leaf, Prefix) else self._forms(leaf)
        return UnderstoodWord(leaf, self._match(leaf, found), tuple(found))

    def _match(self, leaf: Word | Prefix, found: Sequence[str]) -> Match:
        if not found:
            return Match.NONE
        if isinstance(leaf, Prefix):
            return Match.PREFIX
        if leaf.name not in self._synonymous:
            return Match.FUZZY
        if leaf.name not in self._typed:
            return Match.SYNONYM
        return Match.EXACT if leaf.term in found else Match.STEM

    def _forms(self, word: Word) -> list[str]:
        found = {form for one in self._segments for form in one.visible_terms(word, self._now)}
        return sorted(found, key=lambda form: (form != word.term, form))

    def _beginning(self, prefix: Prefix) -> list[str]:
        return sorted({term for one in self._segments for term in one.visible_terms(prefix, self._now)})[:MOST_TERMS]


def rewritten(text: str, corrections: dict[str, str]) -> str:
    """The text with misspelt terms replaced by others, or left out; what begins with a capital still does."""

    def replaced(match: re.Match[str]) -> str:
        typed = match[0]
        better = corrections.get("".join(terms(typed)))
        if better is None:
            return typed
        return better.capitalize() if typed[0].isupper() else better

    return " ".join(_WORD.sub(replaced, text).split())


def corrections(typed: Query, corrected: Query) -> dict[str, str]:
    """What each misspelt term was replaced by: the two queries have the same shape but for that."""
    match typed, corrected:
        case (Word(term), Word(other)) | (Word(term), Some((Word(other), *_))) if term != other:
            return {term: other}
        case Word(term), Some((Word(same), Word(other), *_)) if term == same:
            return {term: other}
        case Word(term), Phrase(apart):
            return {term: " ".join(apart)}
        case Phrase(), Phrase():
            return {term: other for term, other in zip(typed.terms, corrected.terms, strict=True) if term != other}
        case (Every(queries), Every(others)) | (Some(queries), Some(others)):
            return {
                key: value for pair in zip(queries, others, strict=True) for key, value in corrections(*pair).items()
            }
        case _:
            return {}


def _wanted(query: Query) -> Iterator[Word | Prefix]:
    """The leaves, those of exclusions left out."""
    match query:
        case Every(queries) | Some(queries):
            for part in queries:
                yield from _wanted(part)
        case Word() | Prefix() | Phrase():
            yield from leaves(query)
