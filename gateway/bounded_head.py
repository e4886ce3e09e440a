"""Requests whose address and headers do not end, refused before they fill the memory."""

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.failures import JSON, body_of

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
