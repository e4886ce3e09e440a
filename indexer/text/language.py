"""The languages whose word forms an index can know."""

import re
from enum import StrEnum


class Language(StrEnum):
    """By the rules of which language words are brought to their stems: those that the Snowball project has."""

    ARABIC = "arabic"
    ARMENIAN = "armenian"
    BASQUE = "basque"
    CATALAN = "catalan"
    CZECH = "czech"
    DANISH = "danish"
    DUTCH = "dutch"
    ENGLISH = "english"
    ESPERANTO = "esperanto"
    ESTONIAN = "estonian"
    FINNISH = "finnish"
    FRENCH = "french"
    GERMAN = "german"
    GREEK = "greek"
    HINDI = "hindi"
    HUNGARIAN = "hungarian"
    INDONESIAN = "indonesian"
    IRISH = "irish"
    ITALIAN = "italian"
    LITHUANIAN = "lithuanian"
    NEPALI = "nepali"
    NORWEGIAN = "norwegian"
    PERSIAN = "persian"
    POLISH = "polish"
    PORTUGUESE = "portuguese"
    ROMANIAN = "romanian"
    RUSSIAN = "russian"
    SERBIAN = "serbian"
    SESOTHO = "sesotho"
    SPANISH = "spanish"
    SWEDISH = "swedish"
    TAMIL = "tamil"
    TURKISH = "turkish"
    YIDDISH = "yiddish"


_POINTED = {
    Language.BASQUE,
    Language.CATALAN,
    Language.DANISH,
    Language.DUTCH,
    Language.GERMAN,
    Language.GREEK,
    Language.INDONESIAN,
    Language.ITALIAN,
    Language.PORTUGUESE,
    Language.ROMANIAN,
    Language.SERBIAN,
    Language.SPANISH,
    Language.TURKISH,
}
"""The languages that part the thousands of a number by points."""
# Whole numbers, and one at the end of a text that may go on: 1.2 may become 1.250.
_THOUSANDS = re.compile(r"(?<![\w.,'])[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?![0-9]|\.[0-9])|(?:\.[0-9]{3})*\.[0-9]{0,2}$)")


def with_plain_thousands(text: str, language: str) -> str:
    """The text, as long as it was, with the thousands of numbers parted as they may be in any language.

    >>> with_plain_thousands("1.250 am 1.2.2024", "german"), with_plain_thousands("1.250", "english")
    ("1'250 am 1.2.2024", '1.250')
    """
    if language not in _POINTED or "." not in text:
        return text
    return _THOUSANDS.sub(lambda number: number[0].replace(".", "'"), text)
