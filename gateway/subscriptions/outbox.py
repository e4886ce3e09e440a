"""Messages on their way to a client that may be slow."""

import asyncio
from collections import deque

_MOST_MESSAGES = 1000
_MOST_BYTES = 1024 * 1024  # of one client, unless a single message is larger


class Room:
    """Bytes that the messages to all clients together may take."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0


class Outbox:
    """Messages that wait for their client, in order.

    Where too many wait, or they are too large together, they are dropped at once, and the outbox is `is_overfull`: its
    owner ends the connection, so that a slow client costs little memory, and no other client any time.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._messages: deque[bytes] = deque()
        self._nbytes = 0
        self._has_news = asyncio.Event()
        self.is_overfull = False
        self._is_closed = False

    def put(self, message: bytes) -> None:
        """Add a message, unless the outbox is closed."""
        if self._is_closed:
            return
        nbytes = self._nbytes + len(message)
        is_too_much = len(self._messages) >= _MOST_MESSAGES or nbytes > _MOST_BYTES
        if (self._messages and is_too_much) or self._room.taken + len(message) > self._room.most:
            self.is_overfull = True
            self.close()
            return
        self._messages.append(message)
        self._nbytes = nbytes
        self._room.taken += len(message)
        self._has_news.set()

    async def get(self) -> bytes | None:
        """The next message; None once there are no more and the outbox is closed."""
        while not self._messages:
            if self._is_closed:
                return None
            self._has_news.clear()
            await self._has_news.wait()
        message = self._messages.popleft()
        self._nbytes -= len(message)
        self._room.taken -= len(message)
        return message

    def end(self) -> None:
        """Take no more messages; those that wait are still handed out."""
        self._is_closed = True
        self._has_news.set()

    def close(self) -> None:
        """Drop all messages, and take no more."""
        self._messages.clear()
        self._room.taken -= self._nbytes
        self._nbytes = 0
        self.end()
