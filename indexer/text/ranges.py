"""Ranges of a text: put together where they lie close to each other, and in the units that clients count in."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar

_Range = TypeVar("_Range", bound=tuple[int, int] | tuple[int, int, tuple[str, ...]])


def runs(ranges: Iterable[_Range], *, apart: int) -> Iterator[list[_Range]]:
    """Ranges [start, end) in order, in one list where fewer than `apart` characters lie between: 0 for overlaps only.

    >>> list(runs([(4, 6), (0, 3), (3, 5)], apart=0)), list(runs([(3, 5), (0, 3)], apart=1))
    ([[(0, 3)], [(3, 5), (4, 6)]], [[(0, 3), (3, 5)]])
    """
    run: list[_Range] = []
    end = 0
    for each in sorted(ranges):
        if run and each[0] >= end + apart:
            yield run
            run = []
        run.append(each)
        end = max(end, each[1])
    if run:
        yield run


class TextUnit(StrEnum):
    """A unit of offsets in a text."""

    CODE_POINTS = "code points"
    UTF16 = "utf-16"


class Span(NamedTuple):
    """The part [start, end) of a text."""

    start: int
    end: int


def spans(text: str, ranges: Sequence[tuple[int, int]], unit: TextUnit) -> list[Span]:
    """Ranges in code points, which ascend and do not overlap, in the unit.

    >>> spans("👍 ok", [(0, 1), (2, 4)], TextUnit.UTF16)
    [Span(start=0, end=2), Span(start=3, end=5)]
    """
    if unit is TextUnit.CODE_POINTS or text.isascii():
        return [Span(*each) for each in ranges]
    offsets = _utf16_offsets(text, (offset for each in ranges for offset in each))
    return [Span(start, next(offsets)) for start in offsets]


def _utf16_offsets(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """The offsets, which ascend, in UTF-16 units."""
    before = units = 0
    for offset in offsets:
        units += len(text[before:offset].encode("utf-16-le", errors="surrogatepass")) // 2
        before = offset
        yield units
