"""Values that were used lately, in a bounded amount of memory that several places share."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Generic, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakMethod, WeakSet

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


_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def remembering(size: int | None, method: Callable[_Asked, _Answer]) -> Callable[..., _Answer]:
    """The method, with its last `size` answers remembered (None for all), for the object that it belongs to to keep.

    A cache that held its owner, and was held by it, would be a circle: its owner, and all that it keeps, would stay
    until the garbage collector comes by, which is hardly ever for what it was told to spare.
    """
    weakly = WeakMethod(method)

    def answer(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        bound = weakly()
        assert bound is not None  # noqa: S101 - it is the owner that asks
        return bound(*asked, **named)

    return lru_cache(size)(answer)


class Sized(Protocol):
    """Something that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int:
        """The bytes."""


_Entry = TypeVar("_Entry", bound=Sized)

# What an entry takes beside its arrays, about: so that entries without any are bounded too.
OVERHEAD = 1_000


class Cache:
    """Keeps what was used last, up to so many bytes. Threads may share it. Each key stands for one kind of entry."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._entries: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    def entry(self, key: Hashable, make: Callable[[], _Entry]) -> _Entry:
        """The entry with this key, made where it is not there."""
        found = self.find(key)
        if found is None:
            found = self.put(key, make())
        return cast("_Entry", found)

    def find(self, key: Hashable) -> Sized | None:
        """The entry with this key, None where there is none."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: Hashable, made: _Entry) -> _Entry:
        """Keep an entry; the one that is kept, where another thread was faster."""
        with self._lock:
            if key in self._entries:
                return cast("_Entry", self._entries[key])
            self._entries[key] = made
            self._bytes += made.nbytes + OVERHEAD
            while self._bytes > self._most_bytes and len(self._entries) > 1:
                self._bytes -= self._entries.popitem(last=False)[1].nbytes + OVERHEAD
            return made
