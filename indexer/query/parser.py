"""The language of search boxes: what was typed, as a query tree. No text whatever is a syntax error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from operator import add
from typing import NamedTuple

import regex

from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.text.analysis import BOUNDARY, NO_BREAK, made_plain, parted_terms, terms, tokens, visible
from indexer.text.typed_prefix import goes_on, with_joined_number

_ITEM = re.compile(
    rf"""
    (?P<minus>-(?=\S))?
    (?:(?P<field>{"|".join(TextField)}):(?=\S))?
    (?:"(?P<quoted>[^"]*)"? | (?P<bare>(?:[^\s"]|(?<=\d)[{NO_BREAK}](?=\d{{3}}(?!\d)|\d{{0,2}}$))+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIELD = re.compile(rf"(?<![^\s-])(?:{'|'.join(TextField)}):(?=\S)", re.IGNORECASE)
# Every quotation mark that a keyboard, a word processor or a language has for one.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』″〝〞〟\uff02", '"'))
_BETWEEN_LETTERS_AND_DIGITS = re.compile("(?<=[a-z]) ?(?=[0-9])|(?<=[0-9]) ?(?=[a-z])")
_BETWEEN_JOINABLE = re.compile("(?<=[a-z]) | (?=[a-z])")
_MOST_CHANGES = 2  # between letters and digits, in a name; each doubles its spellings

# Endings of a text whose last word may go on: 1,2 may become 1,250, and x.c, which is one term by itself, x.com.
_UNFINISHED_INITIALS = regex.compile(r"\p{L}(?:\.\p{L})+$")
_TYPING_WEIGHT = 0.1  # of words that begin as the last one does, beside the word itself


class Part(NamedTuple):
    """A part of a query, of which all are required, and its place in the text: [start, end) in code points."""

    query: Query
    start: int
    end: int


def parse(text: str, *, typing: bool = False) -> Query:
    """Read `text` as a person means it.

    All words are required. `OR` between two words needs one of them; `-` before a word excludes it; quotes make a
    phrase; `word*` is a prefix; the name of a field, as in `title:word`, limits what follows to that field.
    Whatever makes no sense as an operator is a word, and what has no letter or digit is ignored beside words. A text of
    signs alone is taken for a word, which no article has. While a person is `typing`, the last word may go on, unless a
    space follows it.

    >>> parse('AI OR robots -"self driving"')
    Every(queries=(Some(queries=(Word(term='ai', ...), Word(term='robots', ...))), Without(query=Phrase(...))))
    """
    groups = _groups(visible(text), is_open=typing and goes_on(text))
    if not groups and (signs := visible(text).strip()):
        return Word(signs)
    queries = tuple(map(_some, groups))
    return queries[0] if len(queries) == 1 else Every(queries)


def parts(text: str, *, typing: bool = False) -> Sequence[Part]:
    """The required parts of a text, in order. A part's place is that of its words, quotation marks and operators.

    >>> parts("gold, AI OR robots")
    [Part(query=Word(term='gold', ...), start=0, end=4), Part(query=Some(queries=(...)), start=6, end=18)]
    """
    plain, starts, ends = made_plain(text)
    groups = _groups(plain, is_open=typing and goes_on(text))
    return [Part(_some(group), starts[group[0].start], ends[group[-1].end - 1]) for group in groups]


def without_fields(text: str) -> str:
    """The text without the names of fields: `title:word` is `word`."""
    return _FIELD.sub("", text)


def _groups(text: str, *, is_open: bool) -> list[list["_Item"]]:
    """The items that are required, each with those that would do as well; `is_open` if the last word may go on."""
    matches = _ITEM.finditer(text.translate(_QUOTES))
    items = [_Item.read(match, is_open=is_open and match.end() == len(text)) for match in matches]
    operators = _operators(items)
    groups: list[list[_Item]] = []
    for place, item in enumerate(items):
        if item.query is None or place in operators:
            continue
        if place - 1 in operators:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _some(group: Sequence["_Item"]) -> Query:
    queries = tuple(item.query for item in group if item.query)
    return queries[0] if len(queries) == 1 else Some(queries)


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing that was typed, and what it looks for: None for mere punctuation."""

    match: re.Match[str]
    query: Query | None

    @classmethod
    def read(cls, match: re.Match[str], *, is_open: bool) -> "_Item":
        fields = (TextField(match["field"].lower()),) if match["field"] else SEARCHED
        quoted, bare = match["quoted"], match["bare"]
        if bare is None:
            is_unclosed = quoted[-1:] == match[0][-1:] and quoted == quoted.rstrip()
            query = _phrase(quoted, fields, is_open=is_open and is_unclosed)
        else:
            query = _word(bare, fields, is_open=is_open and not match["minus"])
        return cls(match, Without(query) if match["minus"] and query is not None else query)

    @property
    def is_or(self) -> bool:
        """True if it may be an operator."""
        return self.match[0] == "OR"

    @property
    def start(self) -> int:
        """The place where it starts, without punctuation before a word."""
        bare = self.match["bare"]
        is_word = bare is not None and not (self.match["minus"] or self.match["field"])
        return self.match.start() + (tokens(bare)[0].start if is_word else 0)

    @property
    def end(self) -> int:
        """The place where it ends, without punctuation behind a word."""
        bare = self.match["bare"]
        if bare is None or bare.endswith("*"):
            return self.match.end()
        return self.match.start("bare") + max(token.end for token in tokens(bare))


def _operators(items: list[_Item]) -> set[int]:
    """The places of each OR between two others. In a row of ORs, the first is the operator and the rest are words."""
    places: set[int] = set()
    for place in range(1, len(items) - 1):
        neighbours = items[place - 1].query, items[place + 1].query
        if items[place].is_or and None not in neighbours and place - 1 not in places:
            places.add(place)
    return places


def _phrase(quoted: str, fields: tuple[TextField, ...], *, is_open: bool) -> Query | None:
    found = tuple(parted_terms(quoted))
    if not found:
        return None
    if is_open:
        return _going_on(_joined(found), _endings(quoted, found), fields)
    spellings = [_adjacent(spelling, fields) for spelling in _joined(found)]
    return spellings[0] if len(spellings) == 1 else Some(tuple(spellings))


def _word(bare: str, fields: tuple[TextField, ...], *, is_open: bool) -> Query | None:
    found = tuple(parted_terms(bare))
    if not found:
        return None
    is_prefix = bare.endswith("*")
    if is_open and not is_prefix:
        endings = [spelling for ending in _endings(bare, found) for spelling in _spellings(ending)]
        return _going_on(_spellings(found), endings, fields)
    spellings = [_adjacent(spelling, fields, is_open=is_prefix) for spelling in _spellings(found)]
    return spellings[0] if len(spellings) == 1 else Some(tuple(spellings))


def _going_on(
    spellings: Sequence[tuple[str, ...]], endings: Sequence[tuple[str, ...]], fields: tuple[TextField, ...]
) -> Query:
    """A word that is still being typed: the word itself, in its spellings, or with less weight what begins so."""
    exact = [_adjacent(spelling, fields) for spelling in spellings]
    begun = [_adjacent(spelling, fields, is_open=True, weight=_TYPING_WEIGHT) for spelling in dict.fromkeys(endings)]
    return Some((*exact, *begun))


def _endings(text: str, found: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The terms of a text that goes on, the last of which are beginnings: more letters may make other terms of it.

    >>> _endings("1,2", ("1", "2")), _endings("x.c", ("xc",))
    ([('1', '2'), ('12',)], [('xc',), ('x', 'c')])
    """
    endings = _joined(found)
    if number := with_joined_number(text):
        endings.append(tuple(terms(number)))
    if _UNFINISHED_INITIALS.search(text):
        *before, last = terms(f"{text}x")
        endings.append((*before, last[:-1]))
    return endings


def _spellings(found: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways to write what was typed as one: GPT-4, GPT4 and GPT 4 are one thing, and so are wi-fi and wifi.

    Letters and digits are joined or not, letters to letters all at once, and digits to digits never: 9/11 is not 911.

    >>> _spellings(("gpt", "4o")), _spellings(("9", "11"))
    ([('gpt', '4o'), ('gpt4o',), ('gpt4', 'o'), ('gpt', '4', 'o')], [('9', '11')])
    """
    if len(found) == 1 and found[0].isalpha():
        return [found]
    if not all(part.isascii() and part.isalnum() for part in found):
        return _joined(found)
    text = " ".join(found)
    pieces = _BETWEEN_LETTERS_AND_DIGITS.split(text)
    changes = len(pieces) - 1
    gaps = product(("", " "), repeat=changes) if changes <= _MOST_CHANGES else [(" ",) * changes]
    ways = ("".join(map(add, pieces, (*some, ""))) for some in gaps)
    return list(dict.fromkeys(tuple(way.split()) for way in (text, _BETWEEN_JOINABLE.sub("", text), *ways)))


def _joined(found: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The terms as they were typed, and without boundaries: people part words that others do not."""
    return list(dict.fromkeys((found, tuple(term for term in found if term != BOUNDARY))))


def _adjacent(
    found: tuple[str, ...], fields: tuple[TextField, ...], *, is_open: bool = False, weight: float = 1.0
) -> Query:
    if len(found) > 1:
        return Phrase(found, fields, weight, is_open=is_open)
    return Prefix(found[0], fields, weight) if is_open else Word(found[0], fields)
