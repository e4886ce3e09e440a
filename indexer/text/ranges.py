"""Ranges of a text, put together where they lie close to each other."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

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
