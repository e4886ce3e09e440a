"""Look-ups in a sorted list of texts."""

from bisect import bisect_left
from collections.abc import Sequence

_LAST_CHARACTER = chr(0x10FFFF)  # of Unicode; no text has it


def index_of(texts: Sequence[str], text: str) -> int | None:
    """The index of a text, None where it is missing."""
    index = bisect_left(texts, text)
    return index if index < len(texts) and texts[index] == text else None


def prefix_range(texts: Sequence[str], prefix: str) -> range:
    """The indexes of the texts that begin with `prefix`: they lie side by side."""
    first = bisect_left(texts, prefix)
    return range(first, bisect_left(texts, prefix + _LAST_CHARACTER, lo=first))
