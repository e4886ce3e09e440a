"""A cache of arrays that is bounded by the memory they take."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Protocol, TypeVar, cast


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
