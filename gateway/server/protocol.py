"""HTTP as the server speaks it: heads of bounded length, and answers sent in one write."""

import asyncio
from typing import cast

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.http.error_responses import JSON, body_of
from gateway.http.request_log import IS_GONE

_MAX_HEAD = 128 * 1024
_MAX_ADDRESS = 65535  # as httptools has it
_HEAD_TOO_LARGE = HTTPException(431, f"The address and headers are larger than {_MAX_HEAD} bytes, the most taken here")
_ADDRESS_TOO_LARGE = HTTPException(431, f"The address is larger than {_MAX_ADDRESS} bytes, the most taken here")
_NO_REQUEST = HTTPException(400, "This is no HTTP request")
_STATUS_LINE = b"HTTP/1.1 "


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, with bounded heads and with fewer writes.

    Uvicorn takes addresses, headers and trailers of any length. Here the bytes since the last complete part of a
    request are bounded; bodies are bounded by their readers. And Uvicorn writes the head of an answer by itself, which
    makes two calls of the kernel and two packets that wake the client; here it goes with the body.
    """

    _unfinished = 0
    url = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as Uvicorn has it
        """Take a new connection."""
        super().connection_made(cast("asyncio.Transport", _JoiningTransport(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client. Close the connection of a client whose headers do not end."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > _MAX_HEAD and not self.transport.is_closing():
            self._refuse(_HEAD_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - Uvicorn's text, in place of which ours is sent
        """Refuse what the parser cannot read, also an address that is too long for it."""
        self._refuse(_ADDRESS_TOO_LARGE if len(self.url) > _MAX_ADDRESS else _NO_REQUEST)

    def _refuse(self, refusal: HTTPException) -> None:
        """Answer and close the connection; say nothing within an answer that has begun."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_written(refusal))
        self.transport.close()

    def on_message_begin(self) -> None:
        """Count anew: a request begins. Its work ends with the connection."""
        self._unfinished = 0
        super().on_message_begin()
        cast("dict[str, object]", self.scope)[IS_GONE] = self.transport.is_closing

    def on_headers_complete(self) -> None:
        """Count anew: its headers are complete."""
        self._unfinished = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count anew: a part of its body has come."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Count anew: it is complete."""
        self._unfinished = 0
        super().on_message_complete()


def _written(refusal: HTTPException) -> bytes:
    body = body_of(refusal)
    head = STATUS_LINE[refusal.status_code] + b"content-type: %b\r\n" % JSON.encode()
    return head + b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(body), body)


class _JoiningTransport:
    """A transport that holds the head of an answer back until the next write, or the next turn of the loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write `data`, behind a head that was held back; or hold it back if it is a head itself."""
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.writelines((head, data) if data else (head,))
        elif data.startswith(_STATUS_LINE):
            self._head = data
            self._loop.call_soon(self._flush)
        elif data:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection, once everything is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        # A client may have gone meanwhile, and uvloop complains of writes to a closed transport.
        if self._head is not None and not self._transport.is_closing():
            self.write(b"")
