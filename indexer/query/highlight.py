"""Matches of a search, marked on the words of articles as written. Knows no engine."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from indexer.query.marked_text import MarkedRange, MarkedText
from indexer.query.stretch import stretches
from indexer.query.tree import Phrase, Prefix, TextField, Word, is_beginning, leaves, targets
from indexer.query.understanding import Understanding
from indexer.text.analysis import BOUNDARY, Token, parted_tokens, plain_words
from indexer.text.language import with_plain_thousands
from indexer.text.typed_prefix import end_of

_MANY = 40  # words, from which on comparing with those of a text is quicker than looking for each in it
_LOOKED_FOR = 4  # forms of a word, to find the stretch of a text that it stands in
_RUN = re.compile("[a-z0-9]+")

_Leaf = Word | Prefix


class Highlighter:
    """Marks the words of a search. Make one for all articles of a page: it prepares the words once."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self._sought: dict[TextField, _Sought] = {}

    def mark(self, text: str, field: TextField) -> MarkedText | None:
        """The text of a field with its matches; None where it has none.

        A word marks every term that it was understood as, a prefix all terms that begin with it, and a phrase a
        sequence of terms, in one range. Of a word that is still being typed, what was typed is marked. Words that were
        given up are marked too, and excluded ones are not.
        """
        return MarkedText.of(text, self._ranges(text, field))

    def mark_stretch(self, text: str, field: TextField) -> MarkedText | None:
        """The same for a long text, with the matches of one stretch; None where the likely stretches have none."""
        words = (word for word in self._understanding.words if field in word.leaf.fields)
        terms = [term for word in words for term in word.terms[:_LOOKED_FOR]]
        for start, end in stretches(text, terms):
            ranges = self._ranges(text[start:end], field)
            if ranges:
                return MarkedText.of(text, [MarkedRange(start + at, start + to, words) for at, to, words in ranges])
        return None

    def _ranges(self, text: str, field: TextField) -> list[MarkedRange]:
        sought = self._sought.get(field)
        if sought is None:
            sought = self._sought[field] = _Sought.of(self._understanding, field)
        read = with_plain_thousands(text, self._understanding.language)
        plain = plain_words(read)
        return list(sought.among(read) if plain is None else sought.within(plain))


@dataclass(frozen=True, slots=True)
class _Position:
    """One word of a phrase: as typed, and the terms that may stand for it; or the prefix that a term begins with."""

    word: str
    terms: frozenset[str]
    prefix: Prefix | None = None

    @classmethod
    def of(cls, word: _Leaf, terms: Mapping[_Leaf, tuple[str, ...]]) -> "_Position":
        if isinstance(word, Prefix):
            return cls(word.prefix, frozenset(), word)
        return cls(word.term, frozenset(terms.get(word, (word.term,))))

    def holds(self, term: str) -> bool:
        return term in self.terms or (self.prefix is not None and term.startswith(self.word))

    def end(self, token: Token, text: str) -> int:
        """The end of the mark on a term of a text."""
        return _end(self.prefix, token, text) if self.prefix else token.end


_Sequence = tuple[_Position, ...]


@dataclass(frozen=True, slots=True)
class _Sought:
    """The marks of one field: terms with the words they stand for, beginnings of terms, and sequences of terms."""

    words: dict[str, str] = field(default_factory=dict)
    prefixes: list[Prefix] = field(default_factory=list)
    phrases: list[_Sequence] = field(default_factory=list)

    @classmethod
    def of(cls, understanding: Understanding, where: TextField) -> "_Sought":
        sought, terms = cls(), _terms(understanding)
        asked = set(leaves(understanding.query))
        given_up = (word.leaf for word in understanding.words if word.leaf not in asked)
        for query in (*targets(understanding.query), *given_up):
            if where in query.fields:
                sought.add(query, terms)
        return sought

    def add(self, query: _Leaf | Phrase, terms: dict[_Leaf, tuple[str, ...]]) -> None:
        match query:
            case Word():
                for term in terms.get(query, (query.term,)):
                    self.words.setdefault(term, query.term)
            case Prefix():
                self.prefixes.append(query)
                for term in terms.get(query, ()):
                    if not term.startswith(query.prefix):
                        self.words.setdefault(term, query.prefix)
            case Phrase():
                self.phrases.append(tuple(_Position.of(word, terms) for word in query.words()))

    def among(self, text: str) -> Iterator[MarkedRange]:
        """The matches among the terms of any text."""
        written = parted_tokens(text)
        for token in written:
            term, start, end = token
            if term in self.words:
                yield MarkedRange(start, end, (self.words[term],))
            for prefix in self.prefixes:
                if term.startswith(prefix.prefix):
                    yield MarkedRange(start, _end(prefix, token, text), (prefix.prefix,))
        for phrase in self.phrases:
            yield from _sequences(phrase, written, text)

    def within(self, plain: str) -> Iterator[MarkedRange]:
        """The same in text that `plain_words` made simple, without looking at other words."""
        for term in self.words if len(self.words) < _MANY else self.words.keys() & _RUN.findall(plain):
            for start in _beginnings(plain, term):
                end = start + len(term)
                if not plain[end : end + 1].isalnum():
                    yield MarkedRange(start, end, (self.words[term],))
        for prefix in self.prefixes:
            for start in _beginnings(plain, prefix.prefix):
                yield MarkedRange(start, _plain_end(prefix, plain, start), (prefix.prefix,))
        for phrase in self.phrases:
            yield from _plain_sequences(phrase, plain)


def _terms(understanding: Understanding) -> dict[_Leaf, tuple[str, ...]]:
    terms: dict[_Leaf, tuple[str, ...]] = {}
    for word in understanding.words:
        terms[word.leaf] = terms.get(word.leaf, ()) + word.terms
    return terms


def _end(prefix: Prefix, token: Token, text: str) -> int:
    return end_of(prefix.prefix, token, text) if is_beginning(prefix) else token.end


def _plain_end(prefix: Prefix, plain: str, start: int) -> int:
    run = _RUN.match(plain, start)
    return start + len(prefix.prefix) if is_beginning(prefix) or run is None else run.end()


def _beginnings(plain: str, letters: str) -> Iterator[int]:
    """The starts of runs of letters and digits that begin with these letters."""
    start = plain.find(letters)
    while start >= 0:
        if not plain[max(start - 1, 0) : start].isalnum():
            yield start
        start = plain.find(letters, start + 1)


def _sequences(phrase: _Sequence, tokens: Sequence[Token], text: str) -> Iterator[MarkedRange]:
    words = tuple(position.word for position in phrase if position.word != BOUNDARY)
    openings = phrase[0].terms
    for first, token in enumerate(tokens[: len(tokens) - len(phrase) + 1]):
        if token.term in openings:
            sequence = tokens[first : first + len(phrase)]
            if all(position.holds(term) for (term, _, _), position in zip(sequence, phrase, strict=True)):
                yield MarkedRange(token.start, phrase[-1].end(sequence[-1], text), words)


def _plain_sequences(phrase: _Sequence, plain: str) -> Iterator[MarkedRange]:
    words = tuple(position.word for position in phrase)
    for opening in phrase[0].terms:
        for start in _beginnings(plain, opening):
            runs = list(islice(_RUN.finditer(plain, start), len(phrase)))
            if len(runs) == len(phrase) and all(
                position.holds(run[0]) for run, position in zip(runs, phrase, strict=True)
            ):
                last, prefix = runs[-1], phrase[-1].prefix
                end = _plain_end(prefix, plain, last.start()) if prefix else last.end()
                yield MarkedRange(start, end, words)
