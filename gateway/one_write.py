"""The HTTP protocol of the server: Uvicorn's, which sends the head of an answer together with its body."""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD = b"HTTP/1.1 "


class OneWrite(HttpToolsProtocol):
    """Uvicorn writes the head by itself: two calls of the kernel for each answer, and two packets that wake clients."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as Uvicorn has it
        """Take a new connection."""
        super().connection_made(cast("asyncio.Transport", _Gathered(transport, self.loop)))


class _Gathered:
    """A transport that keeps the head of an answer until the next write, or until the loop turns to something else."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write, or keep what is to be written."""
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.writelines((head, data) if data else (head,))
        elif data.startswith(_HEAD):
            self._head = data
            self._loop.call_soon(self._flush)
        elif data:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection, once everything is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        """Write what was kept, unless the client has gone meanwhile: uvloop minds who writes to a closed transport."""
        if self._head is not None and not self._transport.is_closing():
            self.write(b"")
