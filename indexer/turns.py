"""Things that wait, of which clients take turns."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Turns(Generic[_Item]):
    """A queue for each client. The next thing is the oldest of the client whose turn was the longest ago.

    >>> turns = Turns[int]()
    >>> for client, number in [("a", 1), ("a", 2), ("b", 3)]:
    ...     turns.add(client, number)
    >>> turns.next(), turns.next(), turns.next()
    (1, 3, 2)
    """

    def __init__(self) -> None:
        self._queues: dict[str, deque[_Item]] = {}  # in the order of turns; none is empty
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[_Item]:
        return chain.from_iterable(self._queues.values())

    def add(self, client: str, item: _Item) -> None:
        """Let a thing wait behind those of the same client."""
        self._queues.setdefault(client, deque()).append(item)
        self._count += 1

    def next(self, is_ready: Callable[[str], bool] = lambda _: True) -> _Item | None:
        """Take the thing whose turn it is among those of clients that are ready; None where there is none."""
        client = next(filter(is_ready, self._queues), None)
        if client is None:
            return None
        queue = self._queues.pop(client)
        item = queue.popleft()
        if queue:
            self._queues[client] = queue  # behind the others
        self._count -= 1
        return item

    def oldest(self, client: str) -> _Item | None:
        """The thing of a client that has waited for longest."""
        queue = self._queues.get(client)
        return queue[0] if queue else None
