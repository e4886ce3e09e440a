"""Requests whose address and headers do not end, refused before they fill the memory."""

import asyncio
from typing import cast

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.http.error_responses import JSON, body_of

_MOST = 128 * 1024
_REFUSAL = body_of(HTTPException(431, f"The address and headers are larger than {_MOST} bytes, the most taken here"))
_ANSWER = b"\r\n".join(
    (
        b"HTTP/1.1 431 Request Header Fields Too Large",
        b"content-type: %b" % JSON.encode(),
        b"content-length: %d" % len(_REFUSAL),
        b"connection: close",
        b"",
        _REFUSAL,
    )
)


class BoundedHead(HttpToolsProtocol):
    """Uvicorn's protocol, which itself takes headers of any length, before a body and behind it.

    What has come since the last part of a request was complete, is bounded. A body is bounded by who reads it.
    """

    _unfinished = 0

    def data_received(self, data: bytes) -> None:
        """Take what a client sent; if there is no end of its headers, close the connection."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > _MOST and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(_ANSWER)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._unfinished = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers are complete."""
        self._unfinished = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of its body has come."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """It is complete."""
        self._unfinished = 0
        super().on_message_complete()


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
