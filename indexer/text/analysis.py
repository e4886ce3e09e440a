"""Text to terms: the same for text that is indexed and text that is typed."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from indexer.canonical import normalized

UNSPACED = r"(?:(?!\p{Nd})[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])"
"""Scripts that put no spaces between words: every character is a term, and a typed word is a phrase of characters."""

BOUNDARY = "|"
"""Stands among terms where text without spaces between words is parted, and between the names of topics."""

NO_BREAK = "\u00a0\u2007\u2009\u202f"
"""Spaces that can part the thousands of a number."""
_SEPARATORS = (",", "['\u2019]", f"[{NO_BREAK}]", "\u066c")  # of thousands; a number has one of them throughout


def _grouped(digit: str, letter: str, separators: Sequence[str]) -> str:
    """A pattern of numbers with their thousands apart, as in 1,250,000 and 12,50,000; 0,250 and 1,25 are decimals."""
    end = f"(?!{digit}|(?:{'|'.join(separators)}){digit}{{3}}(?!{digit}))"
    thousands = "|".join(f"{digit}{{1,3}}(?:{one}{digit}{{3}})+(?!{one}{digit}){end}" for one in separators)
    lakhs = f"{digit}{{1,2}}(?:,{digit}{{2}})+,{digit}{{3}}(?!{digit}|,{digit})"
    return f"(?!0)(?={digit}) (?<!{letter}) (?<!{digit}[.,'\u2019{NO_BREAK}\u066c]) (?:{thousands}|{lakhs})"


_NUMBER = _grouped(r"\p{Nd}", r"[\p{L}\p{N}]", _SEPARATORS)
_TERM = regex.compile(
    rf"""
      {_NUMBER} (?:(?!{UNSPACED})[\p{{L}}\p{{N}}]\p{{M}}*)*
    | {UNSPACED}\p{{M}}*(?:[\u0e33\u0eb3]|(?<=\u0e4d\p{{M}}*)\u0e32|(?<=\u0ecd\p{{M}}*)\u0eb2)?
    | (?<![\p{{L}}\p{{N}}]) \p{{L}}(?:\.\p{{L}})+ (?![\p{{L}}\p{{M}}\p{{N}}])   # U.S. and A.I.
    | (?<![\p{{L}}\p{{N}}.]) \.\p{{L}}[\p{{L}}\p{{N}}]*                         # .NET
    | (?<![\p{{L}}\p{{N}}]) \p{{L}}{{1,2}}(?:\+\+|\#)                           # C++ and F#
    | (?:(?!{UNSPACED})[\p{{L}}\p{{N}}]\p{{M}}*)+
    | \p{{Extended_Pictographic}}
    | \p{{Regional_Indicator}}{{2}}                                            # a flag
    """,
    regex.VERBOSE,
)
# Not that of a decade: 1990's is 1990 and s, as 1990s may be written.
_POSSESSIVE = regex.compile(r"(?<=[\p{L}\p{N}])(?<![0-9]0)['\u2019][sS](?![\p{L}\p{N}])")

# The same for ASCII text in lower case, which is most of it; the standard library's patterns are several times faster.
_ASCII_TERM = re.compile(
    rf"""
      {_grouped("[0-9]", "[a-z0-9]", _SEPARATORS[:2])} [a-z0-9]*
    | (?<![a-z0-9]) [a-z](?:\.[a-z])+ (?![a-z0-9])
    | (?<![a-z0-9.]) \.[a-z][a-z0-9]*
    | (?<![a-z0-9]) [a-z]{{1,2}}(?:\+\+|\#)
    | [a-z0-9]+
    """,
    re.VERBOSE,
)
_PLAIN_ASCII_TERM = re.compile("[a-z0-9]+")  # enough where no term can have another character
_ASCII_POSSESSIVE = re.compile(
    r"'s(?<=[a-z0-9]'s)(?<![0-9]0's)(?![a-z0-9])"
)  # what is rare comes first, and is searched for
_POSSESSIVE_BEFORE_SIGN = re.compile(r"'s['s]*(?:[.+\#,]|(?<=')[0-9])")
_DOT_IN_TERM = re.compile(r"\.[a-z]")
_COMMA_THOUSANDS = re.compile(",[0-9]{3}(?<=[0-9],[0-9]{3})")
_APOSTROPHE_THOUSANDS = re.compile("'[0-9]{3}(?<=[0-9]'[0-9]{3})")
_NBSP_THOUSANDS = re.compile("\u00a0[0-9]{3}")
_WITHIN_TERMS = str.maketrans("", "", f".,'\u2019\u066c{NO_BREAK}")  # what separates letters or thousands of one term

_UNSPACED = regex.compile(UNSPACED)
_PARTING = regex.compile(r"[^\s\p{Z}\p{Pd}\p{Pc}\u00b7\u2027\u30fb\uff65]")

# Characters that nobody sees neither break nor make a word (UAX 29, WB4); letters that only stretch others are none.
_UNSEEN = r"[\p{Default_Ignorable_Code_Point}\u0640\u07fa\u180a--\u200b]"
_PLAIN = {
    **dict.fromkeys("\u02bb\u02bc\u201b\uff07", "'"),  # letters and quotation marks that stand for an apostrophe
    "\u200b": " ",
    "\uff9e": "\u3099",  # marks of narrow katakana
    "\uff9f": "\u309a",
}
_MADE_PLAIN = regex.compile(rf"{_UNSEEN}|[{''.join(_PLAIN)}]", regex.VERSION1)

# Letters that Unicode does not decompose into a plain letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
# Accents of Latin, Greek and Cyrillic letters, the points of Hebrew and the vowel signs of Arabic: all that people
# leave out as they type, and the frame of a keycap. In other scripts a mark can be a vowel that is always written, and
# stays.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u20e3\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670]"
)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")

# Characters that are common in Western text, by the one ASCII character that makes the same terms.
_WRITTEN_FOR = {
    "a": "àáâãäåāăą",
    "c": "çćĉċč",
    "d": "ďđð",
    "e": "èéêëēĕėęě",
    "g": "ĝğġģ",
    "i": "ìíîïīĭį",
    "l": "łĺļľ",
    "n": "ñńņň",
    "o": "òóôõöøōŏő",
    "r": "ŕŗř",
    "s": "śŝşš",
    "t": "ţť",
    "u": "ùúûüũūŭůűų",
    "y": "ýÿ",
    "z": "źżž",
    "'": "\u2019",
    " ": "\u2018\u201a\u201c\u201d\u201e\u2011\u2013\u2014\u2022\u2026\u20ac\u00a0£«»°·",
}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SIMPLE = str.maketrans(
    {character: simple for simple, written in _WRITTEN_FOR.items() for character in written + written.upper()}
)

EXTENDING = r"\p{M}\p{Grapheme_Cluster_Break=Extend}\u200d"
"""Characters that belong to the one before them: marks, the skin of an emoji, and the joiner to the next one."""
_EXTENSION = regex.compile(rf"[{EXTENDING}]+")
_JOINED_EMOJI = regex.compile(
    rf"\p{{Extended_Pictographic}}[{EXTENDING}]*(?:(?<=\u200d)\p{{Extended_Pictographic}}[{EXTENDING}]*)+"
)
# Normalization never reaches beyond such a part: one character, or the letters of a Korean syllable, with all marks.
_PART = regex.compile(
    r"(?:[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]? | [\uac00-\ud7a3][\u11a8-\u11c2]? | .)\p{M}*",
    regex.VERBOSE | regex.DOTALL,
)


# A text on its way to terms, and where each of its characters starts and ends in the text as it was written.
Written = tuple[str, Sequence[int], Sequence[int]]
"""`plain`, `starts`, `ends`."""


class Token(NamedTuple):
    """A term, and where in the text it was written: [start, end) in code points."""

    term: str
    start: int
    end: int


def terms(text: str) -> list[str]:
    """The terms of `text`, folded, in order; a term's place in the list is its position.

    No word is dropped. A possessive 's does not count; other apostrophes, hyphens and slashes separate terms.

    >>> terms("Müller's C++ and U.S. GPT-4 1,250 東京")
    ['muller', 'c++', 'and', 'us', 'gpt', '4', '1250', '東', '京']
    """
    if text.isascii():
        return _ascii_terms(text.lower())
    text = normalized("NFC", visible(text))  # U.S. takes single letters: É is one, however it is written
    return [fold(term) for term in _TERM.findall(_POSSESSIVE.sub("", text))]


def parted_terms(text: str) -> list[str]:
    """The terms of `text` at their positions, with a `BOUNDARY` where two characters of such scripts are parted.

    Punctuation parts them. Space does not, since long lines are broken anywhere, nor do hyphens and the dots in names.

    >>> parted_terms("関東、京都 AI技術")
    ['関', '東', '|', '京', '都', 'ai', '技', '術']
    """
    if text.isascii() or not _UNSPACED.search(text):
        return terms(text)
    text = _POSSESSIVE.sub("", normalized("NFC", visible(text)))
    found: list[str] = []
    end = None
    for match in _TERM.finditer(text):
        is_unspaced = _is_unspaced(match[0])
        if is_unspaced and end is not None and _PARTING.search(text, end, match.start()):
            found.append(BOUNDARY)
        found.append(fold(match[0]))
        end = match.end() if is_unspaced else None
    return found


def parted_tokens(text: str) -> list[Token]:
    """The same terms as those of `parted_terms`, each with its place; that of a boundary is empty."""
    written = tokens(text)
    if text.isascii() or not _UNSPACED.search(text):
        return written
    parted = written[:1]
    for before, token in pairwise(written):
        if are_parted(text, before, token):
            parted.append(Token(BOUNDARY, before.end, before.end))
        parted.append(token)
    return parted


def are_parted(text: str, before: Token, after: Token) -> bool:
    """True if a `BOUNDARY` stands between two neighbouring tokens of `text`."""
    is_parted = _PARTING.search(visible(text[before.end : after.start])) is not None
    return is_parted and is_one_word(before.term, after.term)


def is_one_word(before: str, after: str) -> bool:
    """True if two terms that stand side by side are of one word: both are characters of scripts without spaces."""
    return _is_unspaced(before) and _is_unspaced(after)


def _is_unspaced(term: str) -> bool:
    return not term.isascii() and _UNSPACED.match(term) is not None


def tokens(text: str) -> list[Token]:
    """The same terms as those of `terms`, each with its place in `text`.

    A place takes in the marks that follow, and the whole of an emoji, so that it can be cut out. Emoji that are joined
    into one share one place. Otherwise places do not overlap.

    >>> tokens("Cafe\u0301s open")
    [Token(term='cafes', start=0, end=6), Token(term='open', start=7, end=11)]
    """
    simple = _simple(text)
    if simple is not None:
        pattern = _ASCII_TERM if _may_have_signs(simple) else _PLAIN_ASCII_TERM
        return [Token(_without_signs(match[0]), match.start(), match.end()) for match in pattern.finditer(simple)]
    written, starts, ends = _without_possessives(*_normalized(*made_plain(text)))
    places = {place: span for span in _joined_emoji(text) for place in range(*span)}
    found = []
    for match in _TERM.finditer(written):
        start, end = starts[match.start()], _extended(text, ends[match.end() - 1])
        start, end = places.get(start, (start, 0))[0], places.get(end - 1, (0, end))[1]
        found.append(Token(fold(match[0]), start, end))
    return found


def visible(text: str) -> str:
    """`text` without characters that nobody sees, with a space for one that parts words, and plain apostrophes."""
    return text if text.isascii() else _MADE_PLAIN.sub(_plain_character, text)


def made_plain(text: str) -> Written:
    """The text as `visible` makes it, with the places of its characters in the text as it was written."""
    if text.isascii() or not _MADE_PLAIN.search(text):
        return text, range(len(text)), range(1, len(text) + 1)
    plain = [_MADE_PLAIN.sub(_plain_character, character) for character in text]
    starts = [start for start, character in enumerate(plain) if character]
    return "".join(plain), starts, [start + 1 for start in starts]


def plain_words(text: str) -> str | None:
    """`text` in simple letters, as long as it was, where that is possible; else None.

    It is where every run of letters and digits is a term as it stands, and nothing else is one.
    """
    simple = _simple(text)
    return None if simple is None or _may_have_signs(simple) else simple


def _simple(text: str) -> str | None:
    """The text in ASCII and lower case, with blanks for possessives; None where that would make other terms."""
    if not text.isascii():
        if _NBSP_THOUSANDS.search(text):
            return None
        text = _NOT_ASCII.sub(lambda match: match[0].translate(_SIMPLE), text)
        if not text.isascii():
            return None
    text = text.lower()
    if "'" not in text:
        return text
    return None if _POSSESSIVE_BEFORE_SIGN.search(text) else _ASCII_POSSESSIVE.sub("  ", text)


def _extended(text: str, end: int) -> int:
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension else end


def _joined_emoji(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _JOINED_EMOJI.finditer(text)] if "\u200d" in text else []


def _plain_character(match: regex.Match[str]) -> str:
    return _PLAIN.get(match[0], "")


def _normalized(text: str, starts: Sequence[int], ends: Sequence[int]) -> Written:
    """The text in NFC; what is composed comes from all of its part."""
    if normalized("NFC", text) == text:
        return text, starts, ends
    parts = [(normalized("NFC", match[0]), *match.span()) for match in _PART.finditer(text)]
    return (
        "".join(part for part, _, _ in parts),
        [starts[start] for part, start, _ in parts for _ in part],
        [ends[end - 1] for part, _, end in parts for _ in part],
    )


def _without_possessives(text: str, starts: Sequence[int], ends: Sequence[int]) -> Written:
    dropped = {place for match in _POSSESSIVE.finditer(text) for place in range(*match.span())}
    if not dropped:
        return text, starts, ends
    kept = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in kept), [starts[place] for place in kept], [ends[place] for place in kept]


def _ascii_terms(text: str) -> list[str]:
    if "'" in text:
        text = _ASCII_POSSESSIVE.sub("", text)
    if not _may_have_signs(text):
        return _PLAIN_ASCII_TERM.findall(text)
    return [_without_signs(term) for term in _ASCII_TERM.findall(text)]


def _may_have_signs(text: str) -> bool:
    return (
        "+" in text
        or "#" in text
        or _DOT_IN_TERM.search(text) is not None
        or _COMMA_THOUSANDS.search(text) is not None
        or ("'" in text and _APOSTROPHE_THOUSANDS.search(text) is not None)
    )


def fold(term: str) -> str:
    """The term without case, accents and signs within: U.S. and US are one term, .NET and NET are two.

    Digits of all scripts are those of ASCII.
    """
    if not term.isascii():
        term = _without_accents(_without_signs(term))
    return _without_signs(term.lower())


def _without_signs(term: str) -> str:
    return term if term.isalnum() else term[0] + term[1:].translate(_WITHIN_TERMS)


def _without_accents(term: str) -> str:
    """Drop the marks that may be left out."""
    decomposed = normalized("NFKD", term.casefold().translate(_PLAIN_LETTERS))
    plain = _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), _OPTIONAL_MARKS.sub("", decomposed))
    return normalized("NFKC", plain).casefold()
