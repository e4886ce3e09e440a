"""One log line for each request, and the id that ties a request to its lines."""

import re
from time import perf_counter
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
CLIENT_WENT_AWAY = 499
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_PROBES = frozenset({"/healthz", "/readyz"})
_LONGEST_PATH = 200


class RequestLog:
    """Middleware that gives each request an id, returns it, and logs how the request went.

    A client's own `X-Request-ID` is kept where it is up to 128 letters, digits, dots, dashes and underscores. What a
    client asked is not logged: no query string, no query text, no variables. Whoever handles the request adds to its
    line by binding structlog's context variables. Probes are logged at debug level.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("newsstand.request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        # A pipelined request starts in the context of the one before.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = CLIENT_WENT_AWAY

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._line(scope, status, perf_counter() - started)

    def _line(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"]
        write = self._log.debug if path in _PROBES else self._log.info
        write(
            "request",
            method=scope["method"],
            path=path[:_LONGEST_PATH],
            status=status,
            duration_ms=round(seconds * 1000, 2),
        )


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex
