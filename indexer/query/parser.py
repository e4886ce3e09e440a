"""The language of search boxes: what was typed, as a query tree. No text whatever is a syntax error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from operator import add

from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.text.analysis import NO_BREAK, terms, visible

_ITEM = re.compile(
    rf"""
    (?P<minus>-(?=\S))?
    (?:(?P<field>{"|".join(TextField)}):(?=\S))?
    (?:"(?P<quoted>[^"]*)"? | (?P<bare>(?:[^\s"]|(?<=\d)[{NO_BREAK}](?=\d{{3}}(?!\d)))+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Every quotation mark that a keyboard, a word processor or a language has for one.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』″〝〞〟\uff02", '"'))
_BETWEEN_LETTERS_AND_DIGITS = re.compile("(?<=[a-z]) ?(?=[0-9])|(?<=[0-9]) ?(?=[a-z])")
_BETWEEN_JOINABLE = re.compile("(?<=[a-z]) | (?=[a-z])")
_MOST_CHANGES = 2  # between letters and digits, in a name; each doubles its spellings


def parse(text: str) -> Query:
    """Read `text` as a person means it.

    All words are required. `OR` between two words needs one of them; `-` before a word excludes it; quotes make a
    phrase; `word*` is a prefix; `title:`, `excerpt:`, `topic:` and `provider:` limit what follows to one field.
    Whatever makes no sense as an operator is a word, and what has no letter or digit is ignored beside words. A text of
    signs alone is taken for a word, which no article has.

    >>> parse('AI OR robots -"self driving"')
    Every(queries=(Some(queries=(Word(term='ai', ...), Word(term='robots', ...))), Without(query=Phrase(...))))
    """
    text = visible(text)
    items = [_Item.read(match) for match in _ITEM.finditer(text.translate(_QUOTES))]
    operators = _operators(items)
    groups: list[list[Query]] = []
    for place, item in enumerate(items):
        if item.query is None or place in operators:
            continue
        if place - 1 in operators:
            groups[-1].append(item.query)
        else:
            groups.append([item.query])
    if not groups and (signs := text.strip()):
        return Word(signs)
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
    if not found:
        return None
    is_open = bare.endswith("*")
    spellings = [_adjacent(spelling, fields, is_open=is_open) for spelling in _spellings(found)]
    return spellings[0] if len(spellings) == 1 else Some(tuple(spellings))


def _spellings(found: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways to write what was typed as one: GPT-4, GPT4 and GPT 4 are one thing, and so are wi-fi and wifi.

    Letters and digits are joined or not, letters to letters all at once, and digits to digits never: 9/11 is not 911.

    >>> _spellings(("gpt", "4o")), _spellings(("9", "11"))
    ([('gpt', '4o'), ('gpt4o',), ('gpt4', 'o'), ('gpt', '4', 'o')], [('9', '11')])
    """
    if not all(part.isascii() and part.isalnum() for part in found):
        return [found]
    text = " ".join(found)
    pieces = _BETWEEN_LETTERS_AND_DIGITS.split(text)
    changes = len(pieces) - 1
    gaps = product(("", " "), repeat=changes) if changes <= _MOST_CHANGES else [(" ",) * changes]
    ways = ("".join(map(add, pieces, (*some, ""))) for some in gaps)
    return list(dict.fromkeys(tuple(way.split()) for way in (text, _BETWEEN_JOINABLE.sub("", text), *ways)))


def _adjacent(found: tuple[str, ...], fields: tuple[TextField, ...], *, is_open: bool = False) -> Query:
    if len(found) > 1:
        return Phrase(found, fields, is_open=is_open)
    return Prefix(found[0], fields) if is_open else Word(found[0], fields)


def _every(queries: Iterable[Query]) -> Query:
    parts = tuple(queries)
    return parts[0] if len(parts) == 1 else Every(parts)
