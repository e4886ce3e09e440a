"""The language of search boxes: what was typed, as a query tree. No text whatever is a syntax error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.text.analysis import terms

_ITEM = re.compile(
    rf"""
    (?P<minus>-(?=\S))?
    (?:(?P<field>{"|".join(TextField)}):(?=\S))?
    (?:"(?P<quoted>[^"]*)"? | (?P<bare>[^\s"]+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LETTERS_OR_DIGITS = re.compile(r"[^\W\d]+|\d+")


@lru_cache(1024)
def parse(text: str) -> Query:
    """Read `text` as a person means it.

    All words are required. `OR` between two words needs one of them; `-` before a word excludes it; quotes make a
    phrase; `word*` is a prefix; `title:`, `excerpt:`, `topic:` and `provider:` limit what follows to one field.
    Whatever makes no sense as an operator is a word, and what has no letter or digit is ignored.

    >>> parse('AI OR robots -"self driving"')
    Every(queries=(Some(queries=(Word(term='ai', ...), Word(term='robots', ...))), Without(query=Phrase(...))))
    """
    items = [_Item.read(match) for match in _ITEM.finditer(text)]
    operators = _operators(items)
    groups: list[list[Query]] = []
    for place, item in enumerate(items):
        if item.query is None or place in operators:
            continue
        if place - 1 in operators:
            groups[-1].append(item.query)
        else:
            groups.append([item.query])
    return _every(group[0] if len(group) == 1 else Some(tuple(group)) for group in groups)


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing that was typed: what it looks for (None for mere punctuation), and whether it may be an operator."""

    query: Query | None
    is_or: bool

    @classmethod
    def read(cls, match: re.Match[str]) -> "_Item":
        fields = (TextField(match["field"].lower()),) if match["field"] else SEARCHED
        quoted, bare = match["quoted"], match["bare"]
        query = _phrase(quoted, fields) if bare is None else _word(bare, fields)
        if match["minus"] and query is not None:
            query = Without(query)
        return cls(query=query, is_or=match[0] == "OR")


def _operators(items: list[_Item]) -> set[int]:
    """The places of each OR between two others. In a row of ORs, the first is the operator and the rest are words."""
    places: set[int] = set()
    for place in range(1, len(items) - 1):
        neighbours = items[place - 1].query, items[place + 1].query
        if items[place].is_or and None not in neighbours and place - 1 not in places:
            places.add(place)
    return places


def _phrase(quoted: str, fields: tuple[TextField, ...]) -> Query | None:
    found = tuple(terms(quoted))
    return _adjacent(found, fields) if found else None


def _word(bare: str, fields: tuple[TextField, ...]) -> Query | None:
    found = tuple(terms(bare))
    if found and bare.endswith("*"):
        return _every((*(Word(term, fields) for term in found[:-1]), Prefix(found[-1], fields)))
    return _in_any_spelling(found, fields) if found else None


def _in_any_spelling(found: tuple[str, ...], fields: tuple[TextField, ...]) -> Query:
    """GPT-4, GPT4 and GPT 4 are one thing; and whoever types wi-fi means wifi too."""
    written, joined = _adjacent(found, fields), "".join(found)
    if not (joined.isascii() and joined.isalnum()):
        return written
    if len(found) > 1:
        return Some((written, Word(joined, fields)))
    parts = tuple(_LETTERS_OR_DIGITS.findall(joined))
    return Some((written, Phrase(parts, fields))) if len(parts) > 1 else written


def _adjacent(found: tuple[str, ...], fields: tuple[TextField, ...]) -> Query:
    return Word(found[0], fields) if len(found) == 1 else Phrase(found, fields)


def _every(queries: Iterable[Query]) -> Query:
    parts = tuple(queries)
    return parts[0] if len(parts) == 1 else Every(parts)
