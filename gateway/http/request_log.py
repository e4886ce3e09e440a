"""One log line for each request, and the id that ties a request to its lines."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from random import getrandbits
from time import monotonic, perf_counter
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http import current_request
from gateway.http.current_request import CurrentRequest
from gateway.http.whole_answers import Headers, sent_whole
from indexer import work
from indexer.work import Work

HEADER = "X-Request-ID"
IS_GONE = "newsstand.is_gone"
"""The key of a scope under which the server puts a function that says whether the client has closed its connection."""
BACKLOG = "newsstand.backlog"
"""The key of a scope under which the server puts the `Backlog` of its process."""
_RAW_HEADER = HEADER.lower().encode()
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
PROBES = frozenset({"/healthz", "/metrics", "/readyz"})
_LONGEST_PATH = 200

Tell = Callable[[int, dict[str, object]], object]
"""Logs a line of a level of `logging`, with its `event`."""


def by_structlog(level: int, line: dict[str, object]) -> None:
    """Log a line as all others are."""
    _LOG.log(level, **line)


# Bound once: an unbound structlog logger resolves its configuration on every call.
_LOG = structlog.get_logger("newsstand.request")


class RequestLog:
    """Middleware that gives each request an id, returns it, and logs how the request went.

    As the outermost, it also tells browsers to take every answer for what its Content-Type says.

    A client's own `X-Request-ID` is kept where it is up to 128 letters, digits, dots, dashes and underscores. No query
    string, no query text and no variables are logged. The handler of the request puts the operation and the error codes
    into the `CurrentRequest`. Probes are logged at debug level.
    """

    def __init__(self, app: ASGIApp, *, deadline_seconds: float = float("inf"), tell: Tell = by_structlog) -> None:
        """Handle requests by `app`, whose work for each may take so long, and `tell` of them."""
        self._app = app
        self._deadline_seconds = deadline_seconds
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = id_of(scope["headers"])
        current = current_request.begin(request_id)
        work.begin(self._work(scope))
        started = perf_counter()
        try:
            await self._app(scope, receive, _Noting(send, current))
        finally:
            self._line(scope, current, perf_counter() - started)

    def _work(self, scope: Scope) -> Work:
        """The work for a request, whose client is an address. Our server says when the connection is closed."""
        deadline = monotonic() + self._deadline_seconds
        is_gone, backlog = scope.get(IS_GONE, _stays), scope.get(BACKLOG)
        return Work(client_of(scope), deadline=deadline, is_gone=is_gone, backlog=backlog)

    def _line(self, scope: Scope, current: CurrentRequest, seconds: float) -> None:
        path = scope["path"]
        line: dict[str, object] = {
            "request_id": current.request_id,
            "method": scope["method"],
            "path": path[:_LONGEST_PATH],
            "client": client_of(scope),
            "status": current.status,
            "bytes": 0 if scope["method"] == "HEAD" else current.bytes,
            "duration_ms": round(seconds * 1000, 2),
        }
        if current.operation is not None:
            line["operation"] = current.operation
        if current.error_codes is not None:
            line["error_codes"] = current.error_codes
        line["event"] = "request"
        self._tell(logging.DEBUG if path in PROBES else logging.INFO, line)


class _Noting:
    """A `send` that adds the headers of all answers, and notes what the log tells of this one. A `Sending`."""

    __slots__ = ("_current", "_send")

    def __init__(self, send: Send, current: CurrentRequest) -> None:
        self._send = send
        self._current = current

    async def __call__(self, message: Message) -> None:
        """Send a message."""
        if message["type"] == "http.response.start":
            self._current.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        elif "body" in message:
            self._current.bytes += len(message["body"])
        await self._send(message)

    def whole(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send an answer, where the server takes it as a whole."""
        is_sent = sent_whole(self._send, status, (*headers, *self._headers), body)
        if is_sent:
            self._current.status = status
            self._current.bytes += len(body)
        return is_sent

    @property
    def _headers(self) -> Headers:
        return _NO_SNIFFING, (_RAW_HEADER, self._current.request_id.encode())


def client_of(scope: Mapping[str, Any]) -> str:
    """The client of a request, by whom turns are taken: an address."""
    client = scope.get("client")
    return client[0] if client else ""


def _stays() -> bool:
    return False


def id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id of a request: the client's own, if it is sane, else a new one."""
    for name, value in headers:
        if name == _RAW_HEADER and _SANE_ID.fullmatch(value):
            return str(value, "ascii")
    return f"{getrandbits(128):032x}"
