"""Answers sent in one write."""

import asyncio

_STATUS_LINE = b"HTTP/1.1 "


class JoiningTransport:
    """A transport that holds the head of an answer back until the next write, or the next turn of the loop.

    Uvicorn writes the head of an answer by itself, which makes two calls of the kernel and two packets that wake the
    client; here it goes with the body. `written` counts the bytes.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.written = 0
        self._transport = transport
        self._loop = loop
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write `data`, behind a head that was held back; or hold it back if it is a head itself.

        Where the client has gone, nothing is written: uvloop raises an error for that, before the protocol hears of it.
        """
        if self._transport.is_closing():
            return
        self.written += len(data)
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.writelines((head, data) if data else (head,))
        elif data.startswith(_STATUS_LINE):
            self._head = data
            self._loop.call_soon(self._flush)
        elif data:
            self._transport.write(data)

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
