"""How text becomes terms: the same for what is indexed and for what is typed."""

import re
import unicodedata

import regex

# Scripts that put no spaces between words: every character is a term, and a typed word is a phrase of characters.
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"

_TERM = regex.compile(
    rf"""
      {_UNSPACED}\p{{M}}*
    | (?<![\p{{L}}\p{{N}}]) \p{{L}}(?:\.\p{{L}})+ (?![\p{{L}}\p{{M}}\p{{N}}])   # U.S. and A.I.
    | (?<![\p{{L}}\p{{N}}.]) \.\p{{L}}[\p{{L}}\p{{N}}]*                         # .NET
    | (?<![\p{{L}}\p{{N}}]) \p{{L}}{{1,2}}(?:\+\+|\#)                           # C++ and F#
    | (?:(?!{_UNSPACED})[\p{{L}}\p{{N}}]\p{{M}}*)+
    | \p{{Extended_Pictographic}}
    """,
    regex.VERBOSE,
)
_POSSESSIVE = regex.compile(r"(?<=[\p{L}\p{N}])['\u2019][sS](?![\p{L}\p{N}])")

# The same for ASCII text in lower case, which is most of it; the standard library's patterns are several times faster.
_ASCII_TERM = re.compile(
    r"""
      (?<![a-z0-9]) [a-z](?:\.[a-z])+ (?![a-z0-9])
    | (?<![a-z0-9.]) \.[a-z][a-z0-9]*
    | (?<![a-z0-9]) [a-z]{1,2}(?:\+\+|\#)
    | [a-z0-9]+
    """,
    re.VERBOSE,
)
_PLAIN_ASCII_TERM = re.compile("[a-z0-9]+")  # enough where no term can have another character
_ASCII_POSSESSIVE = re.compile(r"(?<=[a-z0-9])'s(?![a-z0-9])")
_SIGNS_IN_TERMS = re.compile(r"\.[a-z]|[+\#]")

# Letters that Unicode does not decompose into a plain letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"


def terms(text: str) -> list[str]:
    """The terms of `text`, folded, in order; a term's place in the list is its position.

    No word is dropped. A possessive 's does not count; other apostrophes, hyphens and slashes separate terms.

    >>> terms("Müller's C++ and U.S. GPT-4 東京")
    ['muller', 'c++', 'and', 'us', 'gpt', '4', '東', '京']
    """
    if text.isascii():
        return _ascii_terms(text.lower())
    text = unicodedata.normalize("NFC", text)  # U.S. takes single letters: É must be one, however it is written
    return [fold(term) for term in _TERM.findall(_POSSESSIVE.sub("", text))]


def _ascii_terms(text: str) -> list[str]:
    if "'" in text:
        text = _ASCII_POSSESSIVE.sub("", text)
    if not _SIGNS_IN_TERMS.search(text):
        return _PLAIN_ASCII_TERM.findall(text)
    return [term.replace(".", "") if "." in term[1:] else term for term in _ASCII_TERM.findall(text)]


def fold(term: str) -> str:
    """The term without case, accents and, in an abbreviation, dots: U.S. and US are one term, .NET and NET are two."""
    if not term.isascii():
        term = _without_accents(term)
    term = term.lower()
    return term.replace(".", "") if "." in term[1:] else term


def _without_accents(term: str) -> str:
    """Drop the marks of Latin, Greek and Cyrillic letters; in other scripts a mark can be a vowel, and stays."""
    decomposed = unicodedata.normalize("NFKD", term.casefold().translate(_PLAIN_LETTERS))
    plain = "".join(character for character in decomposed if not _FIRST_ACCENT <= character <= _LAST_ACCENT)
    return unicodedata.normalize("NFKC", plain).casefold()
