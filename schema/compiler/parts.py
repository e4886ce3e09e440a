"""Encoded parts of answers, kept for as long as what they were made of is served."""

from typing import NamedTuple

import orjson

from indexer.memory import Memory, Shelf

_OVERHEAD = 1_000
"""Bytes that a part takes beside its JSON, about: its place in a dictionary, and the value that it keeps alive."""


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
"""The parts of one place in one operation, by the identity of their values."""


def parts(memory: Memory) -> Parts:
    """A place for parts, which share the memory with others."""
    return memory.shelf(_size)


def _size(part: Part) -> int:
    return part.size
