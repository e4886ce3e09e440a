"""A cache of arrays that is bounded by the memory they take."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast

from indexer.recent import Memory


class Sized(Protocol):
    """Something that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int:
        """The bytes."""


_Entry = TypeVar("_Entry", bound=Sized)

# What an entry takes beside its arrays, about: so that entries without any are bounded too.
OVERHEAD = 1_000


class Cache:
    """Keeps what was used lately, up to so many bytes. Threads may share it. Each key stands for one kind of entry."""

    def __init__(self, most_bytes: int) -> None:
        self._shelf = Memory(most_bytes).shelf(_size)

    def entry(self, key: Hashable, make: Callable[[], _Entry]) -> _Entry:
        """The entry with this key, made where it is not there."""
        found = self.find(key)
        if found is None:
            made = make()
            found = self.find(key)  # another thread may have been faster
            if found is None:
                return self.put(key, made)
        return cast("_Entry", found)

    def find(self, key: Hashable) -> Sized | None:
        """The entry with this key, None where there is none."""
        found = self._shelf.young(key)
        return self._shelf.find(key) if found is None else found

    def put(self, key: Hashable, entry: _Entry) -> _Entry:
        """Keep an entry."""
        self._shelf.put(key, entry)
        return entry


def _size(entry: Sized) -> int:
    return entry.nbytes + OVERHEAD
