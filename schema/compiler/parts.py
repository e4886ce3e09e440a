"""Encoded parts of answers, kept as long as their values are served."""

from operator import attrgetter
from typing import NamedTuple

import orjson

from indexer.memory import Memory, Shelf

_OVERHEAD = 1_000
"""Bytes of a part beside its JSON, about: its entry in a dictionary, and the value that it keeps alive."""


class Part(NamedTuple):
    """A value's part of an answer, of `size` bytes. It keeps the value alive, so that no other has its identity."""

    json: orjson.Fragment
    value: object
    size: int

    @classmethod
    def of(cls, value: object, json: bytes) -> "Part":
        """The part of a value."""
        return cls(orjson.Fragment(json), value, len(json) + _OVERHEAD)


Parts = Shelf[object, Part]
"""The parts of one selection in one operation, by the identity of their values."""


def parts(memory: Memory) -> Parts:
    """A shelf for parts in a memory that others share."""
    return memory.shelf(attrgetter("size"))
