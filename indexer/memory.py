"""The one bounded memory of a process: values on shelves, in a number of bytes that all shelves share."""

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from sys import getsizeof
from threading import Lock
from typing import Any, Protocol, TypeVar
from weakref import WeakMethod, WeakValueDictionary, ref

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

_FREED = 4  # values for each new one
_FREED_UNSEEN = 128
"""Freed values until the collector looks at new objects. It counts them less those that are freed, so while values are
given up it would not look by itself, and in the end at ten times as many at once as it should."""

MEMORY_BYTES = 256 * 1024 * 1024
"""The size of a memory, unless another is wanted."""


class Memory:
    """Room for `max_bytes` of values on any number of shelves. Threads may share it.

    Values are young or old. When the young ones would fill more than half of the memory, they become the old ones, and
    the old ones of before are given up; an old value that is used is young again. So a use costs one look into a
    dictionary, and the latest used half of the memory is always there. To free all that is given up would stop
    everything else for a while: so a few values are freed for each new one, and the rest, if any, when others are given
    up. A value that is larger than a half may drive all others out, and one that is larger than the memory is not kept.
    """

    def __init__(self, max_bytes: int = MEMORY_BYTES) -> None:
        self.lock = Lock()
        self.max_bytes = max_bytes
        self.young_bytes = 0
        self.old_bytes = 0  # those of values that became young again are among them
        self._freed = 0  # since the collector looked at new objects for that reason
        self._freeing: list[ref[Shelf[Hashable, object]]] = []  # shelves that have given values up
        self._shelves: WeakValueDictionary[int, Shelf[Hashable, object]] = WeakValueDictionary()

    @property
    def bytes(self) -> int:
        """The size of all values."""
        return self.bytes_by_shelf().total()

    def bytes_by_shelf(self) -> Counter[str]:
        """The size of all values, by the names of their shelves."""
        sizes: Counter[str] = Counter()
        for shelf in self._all():
            sizes[shelf.name] += shelf.bytes
        return sizes

    def shelf(self, name: str, size: Callable[[_Key, _Value], int]) -> "Shelf[_Key, _Value]":
        """A new shelf. `size` is about the bytes that a value takes with its key, and always the same for both.

        The values are freed with the shelf, when nothing refers to it. Several shelves may have one name.
        """
        return self._added(Shelf(self, name, size, None))

    def kept(
        self, name: str, size: Callable[[_Key, _Value], int], make: Callable[[_Key], _Value]
    ) -> Callable[[_Key], _Value]:
        """The method `make` with its latest answers on a new shelf. It does not keep the method's object alive.

        A kept answer costs no more than a look into a dictionary. None is made again now and then.

        >>> class Squares:
        ...     def __init__(self, memory: Memory) -> None:
        ...         self.square = memory.kept("squares", lambda number, square: 100, self._square)
        ...
        ...     def _square(self, number: int) -> int:
        ...         return number * number
        >>> Squares(Memory()).square(3)
        9
        """
        return self.making(name, size, make).__getitem__

    def making(
        self, name: str, size: Callable[[_Key, _Value], int], make: Callable[[_Key], _Value]
    ) -> "Shelf[_Key, _Value]":
        """The shelf of `kept`, which makes what it has not, and can tell what it has."""
        return self._added(Shelf(self, name, size, WeakMethod(make)))

    def make_room(self, size: int) -> bool:
        """Free values until there is room for a young one of that size. False where there never is."""
        if size > self.max_bytes:
            return False
        self._age()
        if self.young_bytes + self.old_bytes + size > self.max_bytes:
            self._age()
            for shelf in self._all():
                shelf.free_all()
        return True

    def free_some(self) -> None:
        """Free a few of the values that were given up."""
        for _ in range(_FREED):
            while self._freeing:
                shelf = self._freeing[-1]()
                if shelf is not None and shelf.free_one():
                    self._freed += 1
                    break
                self._freeing.pop()
        if self._freed >= _FREED_UNSEEN:
            self._freed = 0
            gc.collect(1)

    def _added(self, shelf: "Shelf[_Key, _Value]") -> "Shelf[_Key, _Value]":
        with self.lock:
            self._shelves[id(shelf)] = shelf  # type: ignore[assignment] # only its ageing and its bytes matter here
        return shelf

    def _age(self) -> None:
        self.old_bytes, self.young_bytes = self.young_bytes, 0
        shelves = self._all()
        for shelf in shelves:
            shelf.age()
        self._freeing = [*map(ref, shelves)]

    def _all(self) -> "list[Shelf[Hashable, object]]":
        return [shelf for each in self._shelves.valuerefs() if (shelf := each()) is not None]


class Shelf(dict[_Key, _Value]):
    """Values by key, none of them None; `Memory.shelf` makes one.

    As a dictionary, it holds the young values: `get` is as fast as that of any dictionary, and may miss an old one.
    """

    def __init__(
        self,
        memory: Memory,
        name: str,
        size: Callable[[_Key, _Value], int],
        make: Callable[[], Callable[[_Key], _Value] | None] | None,
    ) -> None:
        super().__init__()
        self.name = name
        self._memory = memory
        self._size = size
        self._make = make
        self._old: dict[_Key, _Value] = {}
        self._given_up: dict[_Key, _Value] = {}
        self._young_bytes = 0
        self._old_bytes = 0

    @property
    def bytes(self) -> int:
        """The size of all values."""
        return self._young_bytes + self._old_bytes

    def find(self, key: _Key) -> _Value | None:
        """The value of a key, which is young from now on; None where there is none."""
        value = self.get(key)
        return self._used(key) if value is None and key in self._old else value

    def put(self, key: _Key, value: _Value) -> _Value:
        """Keep a value. Returns the value of the key: that of another thread, if it was faster."""
        with self._memory.lock:
            first = self.get(key)
            return self._kept(key, value) if first is None else first

    def replace(self, key: _Key, value: _Value) -> None:
        """Keep a value instead of any other of its key."""
        with self._memory.lock:
            if key in self:  # the memory goes on counting it until it ages
                self._young_bytes -= self._size(key, self.pop(key))
            self._kept(key, value)

    def age(self) -> None:
        """Give the old values up, and make the young ones old. The memory calls this."""
        self._given_up, self._old = self._old, dict(self)  # a copy: `get` looks into the same dictionary for ever
        self.clear()
        self._old_bytes, self._young_bytes = self._young_bytes, 0

    def free_one(self) -> bool:
        """Free a value that was given up. False where there is none left."""
        if not self._given_up:
            return False
        self._given_up.popitem()
        return True

    def free_all(self) -> None:
        """Free all values that were given up."""
        self._given_up = {}

    def __missing__(self, key: _Key) -> _Value:
        """The value of a key that is not young: an old one, or one that is made."""
        value = self._used(key) if key in self._old else None
        if value is None:
            if self._make is None:
                raise KeyError(key)
            make = self._make()
            if make is None:
                raise ReferenceError(f"what makes the values of {self.name!r} is gone")
            value = self.put(key, make(key))  # making it may use the same memory
        return value

    def _used(self, key: _Key) -> _Value | None:
        """Make an old value young."""
        with self._memory.lock:
            value = self._old.get(key)
            return self.get(key) if value is None else self._kept(key, value)

    def _kept(self, key: _Key, value: _Value) -> _Value:
        """Put a value with the young ones, under the lock, and take an old one of the key away."""
        memory, size = self._memory, self._size(key, value)
        if key in self._old:
            self._old_bytes -= self._size(key, self._old.pop(key))
        young_bytes = memory.young_bytes + size
        is_full = young_bytes > memory.max_bytes // 2 or young_bytes + memory.old_bytes > memory.max_bytes
        if not is_full or memory.make_room(size):
            memory.young_bytes += size
            self[key] = value
            self._young_bytes += size
            memory.free_some()
        return value


OVERHEAD = 1_000
"""Bytes that a value takes beside its arrays and texts, about: objects, entries of dictionaries."""


class Sized(Protocol):
    """A value that knows about how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """The bytes."""


def own_bytes(_key: object, value: Sized) -> int:
    """The size of a value that counts all that it takes."""
    return value.nbytes


def array_bytes(_key: object, value: Sized) -> int:
    """The size of an array, or of a value made of arrays, with a short key."""
    return value.nbytes + OVERHEAD


_PLAIN = frozenset({str, bytes, int, float, bool, type(None)})
"""The types of values in which nothing else lies."""


def plain_bytes(value: object) -> int:
    """The size of texts and numbers, of collections of such, and of frozen values made of them.

    What lies in it twice counts twice. Of any other object, only itself is counted.
    """
    total, rest = 0, [value]
    while rest:
        part = rest.pop()
        total += getsizeof(part)
        if type(part) in _PLAIN:
            continue
        if contents := _contents_of(type(part)):  # type: ignore[arg-type] # of which mypy knows no hash
            rest += contents(part)
    return total


@cache
def _contents_of(kind: type) -> Callable[[Any], Iterable[object]] | None:  # Any: of that kind
    """A function that gives what lies in a value; None where nothing counts."""
    if issubclass(kind, (tuple, list, frozenset)):
        return iter
    if issubclass(kind, dict):
        return lambda entries: (*entries, *entries.values())
    names: Sequence[str] = getattr(kind, "__struct_fields__", ()) or [*getattr(kind, "__dataclass_fields__", ())]
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names) if names else None
