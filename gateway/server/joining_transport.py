"""Answers sent in one write."""

import asyncio
from math import inf

_STATUS_LINE = b"HTTP/1.1 "


class JoiningTransport:
    """A transport that holds the head of an answer back until the next write, or the next turn of the loop.

    Uvicorn writes the head of an answer by itself, which makes two calls of the kernel and two packets that wake the
    client; here it goes with the body.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._written = 0
        self._taken, self._progress_by = -1, inf
        self._transport = transport
        self.is_closing = transport.is_closing  # by itself, since every answer asks for it several times
        self._loop = loop
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write `data`, behind a head that was held back; or hold it back if it is a head itself.

        Where the client has gone, nothing is written: uvloop raises an error for that, before the protocol hears of it.
        """
        if self.is_closing():
            return
        self._written += len(data)
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.writelines((head, data) if data else (head,))
        elif data.startswith(_STATUS_LINE):
            self._head = data
            self._loop.call_soon(self._flush)
        elif data:
            self._transport.write(data)

    def write_answer(self, head: bytes, body: bytes) -> None:
        """Write a whole answer, as `write` does."""
        self._flush()
        if not self.is_closing():
            self._written += len(head) + len(body)
            self._transport.writelines((head, body) if body else (head,))

    def is_stalled(self, now: float, *, seconds: float) -> bool:
        """True where bytes wait, and the client has taken none for so long, as far as earlier calls have seen."""
        waiting = self._transport.get_write_buffer_size()
        taken = self._written - waiting
        if not waiting or taken != self._taken:
            self._taken, self._progress_by = taken, now + seconds
        return now >= self._progress_by

    def write_eof(self) -> None:
        """Write what was held back, and nothing more."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Close the connection, once everything is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._head is not None:
            self.write(b"")
