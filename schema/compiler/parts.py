"""Encoded parts of answers, kept for as long as what they were made of is served."""

from typing import NamedTuple
from weakref import WeakSet

import orjson

_OVERHEAD = 1_000
"""Bytes that a part takes beside its JSON, about: its place in a dictionary, and the value that it keeps alive."""


class Part(NamedTuple):
    """A value's part of an answer, of `size` bytes. It keeps the value alive, so that no other has its identity."""

    json: orjson.Fragment
    value: object
    size: int


class Parts:
    """What all shelves keep, in `max_bytes` of memory: what was not used for long is given up."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._young_bytes = 0
        self._shelves: WeakSet[Shelf] = WeakSet()

    def shelf(self) -> "Shelf":
        """A new one, which is given up with the operation that uses it."""
        shelf = Shelf(self)
        self._shelves.add(shelf)
        return shelf

    def taken(self, size: int) -> None:
        """Count a part of so many bytes. With half of the memory full, what was not used since the last time goes."""
        self._young_bytes += size + _OVERHEAD
        if self._young_bytes > self._max_bytes // 2:
            self._age()

    def forget(self) -> None:
        """Give everything up."""
        self._age()
        self._age()

    def _age(self) -> None:
        self._young_bytes = 0
        for shelf in self._shelves:
            shelf.age()


class Shelf:
    """The parts of one place in one operation, by the identity of their values; `young` are those used lately."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.young: dict[int, Part] = {}
        self._old: dict[int, Part] = {}

    def find(self, value: object) -> Part | None:
        """The part of a value, which from now on is a young one."""
        part = self._old.get(id(value))
        return self._kept(part) if part else None

    def put(self, value: object, json: bytes) -> Part:
        """Keep the part of a value."""
        return self._kept(Part(orjson.Fragment(json), value, len(json)))

    def age(self) -> None:
        """Give up what is old, and let what is young be old."""
        self._old = dict(self.young)  # a copy, because operations hold on to the dictionary of the young ones
        self.young.clear()

    def _kept(self, part: Part) -> Part:
        self.young[id(part.value)] = part
        self._parts.taken(part.size)
        return part
