"""Bounded memory: values in a number of bytes that many users share, and the latest answers of a method."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar
from weakref import WeakSet, ref

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory:
    """Room for `max_bytes` of values on any number of shelves. Threads may share it.

    Values are young or old. When the young ones would fill more than half of the memory, they become the old ones, and
    the old ones of before are freed at once; an old value that is used is young again. So a use costs one look into a
    dictionary, and the latest used half of the memory is always there. A value that is larger than a half may drive all
    others out, and one that is larger than the memory is not kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self.lock = Lock()
        self._max_bytes = max_bytes
        self._young_bytes = 0
        self._old_bytes = 0  # those of values that became young again are among them
        self._shelves: WeakSet[Shelf[object, object]] = WeakSet()

    @property
    def bytes(self) -> int:
        """The size of all values on the shelves."""
        return sum(shelf.bytes for shelf in list(self._shelves))

    def shelf(self, size: Callable[[_Value], int]) -> "Shelf[Hashable, _Value]":
        """A new shelf for values of `size` bytes each. Its values are freed with it, when nothing refers to it."""
        shelf = Shelf[Hashable, _Value](self, size)
        with self.lock:
            self._shelves.add(shelf)  # type: ignore[arg-type] # of a shelf, only its ageing and its bytes matter here
        return shelf

    def forget(self) -> None:
        """Free everything."""
        with self.lock:
            self._age()
            self._age()

    def has_room(self, size: int) -> bool:
        """Count a young value of that size, if it is small enough to be kept. The caller holds the lock."""
        if size > self._max_bytes:
            return False
        if self._young_bytes + size > self._max_bytes // 2:
            self._age()
        if self._young_bytes + self._old_bytes + size > self._max_bytes:
            self._age()
        self._young_bytes += size
        return True

    def _age(self) -> None:
        self._old_bytes, self._young_bytes = self._young_bytes, 0
        for shelf in list(self._shelves):
            shelf.age()


class Shelf(Generic[_Key, _Value]):
    """Values by key, none of them None; `Memory.shelf` makes one.

    The size of a value must not change. Where the client writes the key, the size must count the key as well.
    """

    def __init__(self, memory: Memory, size: Callable[[_Value], int]) -> None:
        self._memory = memory
        self._size = size
        self._young: dict[_Key, _Value] = {}
        self._old: dict[_Key, _Value] = {}
        self._young_bytes = 0
        self._old_bytes = 0
        self.young = self._young.get
        """`young(key)` is the value if it is young, else None: as fast as a dictionary, to be asked before `find`."""

    @property
    def bytes(self) -> int:
        """The size of all values."""
        return self._young_bytes + self._old_bytes

    def find(self, key: _Key) -> _Value | None:
        """The value of a key, which is young from now on; None where there is none."""
        value = self._young.get(key)
        return self._used(key) if value is None and key in self._old else value

    def put(self, key: _Key, value: _Value) -> _Value:
        """Keep a value. Returns the value of the key: that of another thread, if it was faster."""
        with self._memory.lock:
            first = self._young.get(key)
            return self._kept(key, value) if first is None else first

    def replace(self, key: _Key, value: _Value) -> None:
        """Keep a value instead of any other of its key."""
        with self._memory.lock:
            if key in self._young:  # the memory goes on counting it until it ages
                self._young_bytes -= self._size(self._young.pop(key))
            self._kept(key, value)

    def entry(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """The value of a key; made, and put, where there is none. `make` may use the same memory."""
        value = self.find(key)
        return self.put(key, make()) if value is None else value

    def age(self) -> None:
        """Free the old values, and make the young ones old. The memory calls this."""
        self._old = dict(self._young)  # a copy: `young` looks into the same dictionary for ever
        self._young.clear()
        self._old_bytes, self._young_bytes = self._young_bytes, 0

    def _used(self, key: _Key) -> _Value | None:
        """Make an old value young."""
        with self._memory.lock:
            value = self._old.get(key)
            return self._young.get(key) if value is None else self._kept(key, value)

    def _kept(self, key: _Key, value: _Value) -> _Value:
        """Put a value with the young ones, under the lock, and take an old one of the key away."""
        size = self._size(value)
        if key in self._old:
            self._old_bytes -= self._size(self._old.pop(key))
        if self._memory.has_room(size):
            self._young[key] = value
            self._young_bytes += size
        return value


class Sized(Protocol):
    """A value that knows how many bytes its arrays take."""

    @property
    def nbytes(self) -> int:
        """The bytes."""


OVERHEAD = 1_000
"""Bytes that a value takes beside its arrays or texts, about, so that empty ones are bounded too."""


def array_bytes(value: Sized) -> int:
    """The size of an array, or of a value made of arrays."""
    return value.nbytes + OVERHEAD


_Owner = TypeVar("_Owner")
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class _Remembered(Generic[_Owner, _Asked, _Answer]):
    """A method that is replaced, on each object that uses it, by an LRU cache of its answers.

    The cache refers weakly to the object that it lies on. Otherwise the two would be a circle, and all that they hold
    would stay until the garbage collector comes by, which is seldom.
    """

    def __init__(self, size: int | None, method: Callable[Concatenate[_Owner, _Asked], _Answer]) -> None:
        self._size = size
        self._method = method

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, owner: _Owner, owners: type) -> Callable[_Asked, _Answer]:
        method, weakly = self._method, ref(owner)

        def answer(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
            owner = weakly()
            assert owner is not None  # noqa: S101 - the call comes from it
            return method(owner, *asked, **named)

        cached = lru_cache(self._size)(answer)
        vars(owner)[self._name] = cached
        return cached  # type: ignore[return-value] # typeshed knows no more of it than that arguments are hashable


def remembered(
    size: int | None,
) -> Callable[[Callable[Concatenate[_Owner, _Asked], _Answer]], _Remembered[_Owner, _Asked, _Answer]]:
    """Decorate a method with an LRU cache of `size` answers (None: unbounded).

    The cache lives on the object, is freed with it, and does not keep it alive. Arguments must be hashable, and short.

    >>> class Squares:
    ...     @remembered(100)
    ...     def square(self, number: int) -> int:
    ...         return number * number
    """
    return lambda method: _Remembered(size, method)
