"""Values that were used lately, in a bounded amount of memory that several places share."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakSet

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory:
    """What all its shelves hold, `max_bytes` at most. What was not used for long is given up.

    Values are young or old. With half of the memory full of young ones, these become the old ones, and the old ones of
    before go; an old one that is used is young again. So a use costs no more than looking the value up.
    """

    def __init__(self, max_bytes: int) -> None:
        self._most_young = max_bytes // 2
        self._young_bytes = 0
        self._shelves: WeakSet[Shelf[object, object]] = WeakSet()

    def shelf(self, size: Callable[[_Value], int]) -> "Shelf[object, _Value]":
        """A new shelf for values of which `size` tells the bytes. What is on it goes with whoever uses it."""
        shelf = Shelf[object, _Value](self, size)
        self._shelves.add(shelf)  # type: ignore[arg-type] # of shelves, nothing but their age matters here
        return shelf

    def forget(self) -> None:
        """Give everything up."""
        self._age()
        self._age()

    def taken(self, size: int) -> None:
        """Count a young value."""
        self._young_bytes += size
        if self._young_bytes > self._most_young:
            self._age()

    def _age(self) -> None:
        self._young_bytes = 0
        for shelf in list(self._shelves):
            shelf.age()


class Shelf(Generic[_Key, _Value]):
    """Values by key. Threads may share it."""

    def __init__(self, memory: Memory, size: Callable[[_Value], int]) -> None:
        self._memory = memory
        self._size = size
        self._young: dict[_Key, _Value] = {}
        self._old: dict[_Key, _Value] = {}
        self.young = self._young.get
        """The value of a key, if it is there and young: a faster `find`, to be asked first."""

    def find(self, key: _Key) -> _Value | None:
        """The value of a key, which is young from now on; None where there is none."""
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self.put(key, value)
        return value

    def put(self, key: _Key, value: _Value) -> None:
        """Keep a value, for a while."""
        self._young[key] = value
        self._memory.taken(self._size(value))

    def age(self) -> None:
        """Give up what is old, and let what is young be old."""
        self._old = dict(self._young)  # a copy: `young` looks into the same dictionary for ever
        self._young.clear()
