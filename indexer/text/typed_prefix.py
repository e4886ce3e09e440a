"""A text typed into a search box so far: whole words, and the beginning of one more."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.text.analysis import BOUNDARY, NO_BREAK, Token, are_parted, fold, is_one_word, tokens, visible
from indexer.text.ranges import runs

Ranges = tuple[tuple[int, int], ...]  # [start, end) in code points, ascending, no two of which touch

_UNFINISHED_NUMBER = re.compile(rf"\d{{1,3}}(?:[,'\u2019\u066c{NO_BREAK}]\d+)*[,'\u2019\u066c{NO_BREAK}]\d*$")
_JOINING = "\u200d\u0e33\u0eb3\uff9e\uff9f"  # the joiner of emoji, and vowels and marks that are letters to Unicode


@dataclass(frozen=True, slots=True)
class TypedPrefix:
    """Words as terms. `prefix` is the beginning of the next one, empty where that may be anything."""

    words: tuple[str, ...]
    prefix: str

    @property
    def phrase(self) -> str:
        """All of it, spaces between: `TypedPrefix(("new",), "yo")` is `new yo`. Without a prefix, a space ends it."""
        return " ".join((*self.words, self.prefix))

    def begins(self, key: str) -> bool:
        """True if a text, given as its terms with spaces between, begins with what was typed."""
        return f"{key} ".startswith(self.phrase)

    @property
    def sequences(self) -> list[list[str]]:
        """The terms of each typed word; the last one ends with the prefix. Only words without spaces have several."""
        sequences: list[list[str]] = []
        before = BOUNDARY
        for term in (*self.words, self.prefix) if self.prefix else self.words:
            if term != BOUNDARY and is_one_word(before, term):
                sequences[-1].append(term)
            elif term != BOUNDARY:
                sequences.append([term])
            before = term
        return sequences

    def is_among(self, found: Iterable[str]) -> bool:
        """True if all that was typed is among these terms: words in any order, the terms of one side by side."""
        text = f" {' '.join(found)} "
        *whole, last = self.sequences or [[]]
        ending = "" if self.prefix else " "
        return all(f" {' '.join(word)} " in text for word in whole) and f" {' '.join(last)}{ending}" in text


def goes_on(text: str) -> bool:
    """True if the last word of a text is still being typed: no space follows it, but for one that parts thousands."""
    return not text[-1:].isspace() or (text[-1] in NO_BREAK and text[-2:-1].isdecimal())


def searched_text(text: str, *, typing: bool) -> str:
    """A text to search for, without space around it; while a person is typing, one that ends the last word stays."""
    searched = text.strip()
    return f"{searched} " if typing and searched and not goes_on(text) else searched


def read_typed(text: str) -> TypedPrefix | None:
    """Read what was typed: the last word is still being typed, unless a space follows it. None without any word.

    >>> read_typed("Facial recog"), read_typed("facial ")
    (TypedPrefix(words=('facial',), prefix='recog'), TypedPrefix(words=('facial',), prefix=''))
    """
    found = []
    before = None
    for token in tokens(text):
        if before and is_one_word(before.term, token.term) and visible(text[before.end : token.start]):
            found.append(BOUNDARY)  # typed words may stand in any order
        found.append(token.term)
        before = token
    if not found:
        return None
    return TypedPrefix(tuple(found[:-1]), found[-1]) if goes_on(text) else TypedPrefix(tuple(found), "")


def typed_readings(text: str) -> tuple[TypedPrefix, ...]:
    """The text as the beginning of a number, where it may be one, and as it was typed. None without any word.

    >>> [typed.phrase for typed in typed_readings("1,2")], [typed.phrase for typed in typed_readings("owls")]
    (['12', '1 2'], ['owls'])
    """
    number = with_joined_number(text)
    typed = (read_typed(number) if number else None, read_typed(text))
    return tuple(dict.fromkeys(each for each in typed if each))


def with_joined_number(text: str) -> str | None:
    """The text with the digits of its last number joined, where its thousands are parted and more may follow.

    >>> with_joined_number("about 1,2"), with_joined_number("about 12")
    ('about 12', None)
    """
    number = _UNFINISHED_NUMBER.search(text)
    return text[: number.start()] + "".join(filter(str.isdecimal, number[0])) if number else None


def typed_ranges(text: str, written: Sequence[Token], typed: TypedPrefix) -> Ranges:
    """The parts of `text` that were typed. Each word typed is marked once, where the text has it first.

    `written` are the tokens of `text`.
    """
    free: list[Token | None] = list(written)
    found = []
    sequences = typed.sequences
    for number, sequence in enumerate(sequences, start=1):
        is_open = bool(typed.prefix) and number == len(sequences)
        for start in range(len(free) - len(sequence) + 1):
            stretch = [token for token in free[start : start + len(sequence)] if token]
            if len(stretch) == len(sequence) and _are(stretch, sequence, text, is_open=is_open):
                free[start : start + len(sequence)] = [None] * len(sequence)
                end = end_of(sequence[-1], stretch[-1], text) if is_open else stretch[-1].end
                found.append((stretch[0].start, end))
                break
    return tuple((run[0][0], max(end for _, end in run)) for run in runs(found, apart=1))


def _are(stretch: Sequence[Token], sequence: Sequence[str], text: str, *, is_open: bool) -> bool:
    """True if neighbouring tokens are the terms of one typed word, the last of which may go on."""
    *whole, last = zip(stretch, sequence, strict=True)
    ends = last[0].term.startswith(last[1]) if is_open else last[0].term == last[1]
    is_same = ends and all(token.term == term for token, term in whole)
    return is_same and not any(are_parted(text, before, token) for before, token in pairwise(stretch))


def end_of(prefix: str, token: Token, text: str) -> int:
    """The end of a token's prefix as it was written; letters keep their marks."""
    if token.term == prefix:
        return token.end
    if text[token.start : token.end].isascii() and text[token.start : token.end].isalnum():
        return token.start + len(prefix)
    ends = range(token.start + 1, token.end)
    written = (end for end in ends if not _continues(text[end]) and fold(text[token.start : end]).startswith(prefix))
    return next(written, token.end)


def _continues(character: str) -> bool:
    """True if a character belongs to the one before it."""
    return character in _JOINING or unicodedata.category(character).startswith("M")
