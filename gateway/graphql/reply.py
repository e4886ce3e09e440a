"""Replies of /graphql: a whole body, in the negotiated form."""

from starlette.types import Receive, Scope, Send

from gateway.http.compression import packed
from gateway.http.negotiation import VARY, Negotiated, RawHeaders
from gateway.http.whole_answers import send_answer

_VARY = (b"vary", VARY.encode())


class Reply:
    """An ASGI application that sends one answer."""

    __slots__ = ("_body", "_form", "_headers", "_status")

    def __init__(self, status: int, body: bytes, form: Negotiated, headers: RawHeaders = ()) -> None:
        """Take the body, not yet compressed, and headers beside those of the form and the length."""
        self._status = status
        self._body = body
        self._form = form
        self._headers = headers

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        body, headers = self._body, [*self._form.headers, *self._headers]
        if self._form.coding and (short := await packed(body, self._form.coding)) is not None:
            body = short
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send_answer(send, self._status, headers, body)


class NotModified:
    """An ASGI application that confirms a client's copy with 304."""

    __slots__ = ("_headers",)

    def __init__(self, headers: RawHeaders) -> None:
        """Take the headers that the whole answer would have."""
        self._headers = headers

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send_answer(send, 304, (_VARY, *self._headers), b"")
