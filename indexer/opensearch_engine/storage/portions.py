"""Lists in portions that one request can take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def portions(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """The items in portions of `size`, the last of which may be smaller.

    >>> [*portions("abcde", 2)]
    ['ab', 'cd', 'e']
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
