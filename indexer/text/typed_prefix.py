"""A text typed into a search box so far: whole words, and the beginning of one more."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from indexer.text.analysis import NO_BREAK, Token, fold, terms
from indexer.text.ranges import runs

Ranges = tuple[tuple[int, int], ...]  # [start, end) in code points, ascending, no two of which touch

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

    def is_among(self, found: Collection[str]) -> bool:
        """True if all that was typed is among these terms, in any order."""
        return all(word in found for word in self.words) and any(term.startswith(self.prefix) for term in found)


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
    found = terms(text)
    if not found:
        return None
    return TypedPrefix(tuple(found[:-1]), found[-1]) if goes_on(text) else TypedPrefix(tuple(found), "")


def typed_ranges(text: str, tokens: Sequence[Token], typed: TypedPrefix) -> Ranges:
    """The parts of `text` that were typed. Each word typed is marked once, where the text has it first.

    `tokens` are those of `text`.
    """
    free = list(tokens)
    found = []
    for word in typed.words:
        if token := next((token for token in free if token.term == word), None):
            free.remove(token)
            found.append((token.start, token.end))
    if prefix := typed.prefix:
        beginning = next((token for token in free if token.term.startswith(prefix)), None)
        if beginning:
            found.append((beginning.start, end_of(prefix, beginning, text)))
    return tuple((run[0][0], max(end for _, end in run)) for run in runs(found, apart=1))


def end_of(prefix: str, token: Token, text: str) -> int:
    """The end of a token's prefix as it was written; letters keep their marks."""
    if token.term == prefix:
        return token.end
    if text[token.start : token.end].isascii() and "." not in text[token.start : token.end]:
        return token.start + len(prefix)
    ends = range(token.start + 1, token.end)
    written = (end for end in ends if not _continues(text[end]) and fold(text[token.start : end]).startswith(prefix))
    return next(written, token.end)


def _continues(character: str) -> bool:
    """True if a character belongs to the one before it."""
    return character in _JOINING or unicodedata.category(character).startswith("M")
