"""Middleware: CORS, and the way to the busiest address past all that only others need."""

from collections.abc import Awaitable, Collection, Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.compression import with_vary
from gateway.http.error_responses import refused
from gateway.http.request_log import HEADER


def cors_headers(origins: Collection[str], origin: str | None) -> Mapping[str, str]:
    """The headers by which pages of `origin` (None: not known yet) may read an answer that no middleware sees."""
    allowed = "*" if "*" in origins else origin if origin in origins else None
    exposed = {"Access-Control-Allow-Origin": allowed, "Access-Control-Expose-Headers": HEADER} if allowed else {}
    return {**exposed, "Vary": "Origin"}


class Cors(CORSMiddleware):
    """Starlette's middleware, but each answer has one Vary, which also names Origin, and refusals are JSON."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        """Let pages of the origins read answers to GET and POST."""
        super().__init__(
            app,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST"),
            allow_headers=("*",),
            expose_headers=(HEADER,),
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a browser that asks if a page of another site may send a request."""
        response = super().preflight_response(request_headers)
        if response.status_code != HTTPStatus.BAD_REQUEST:
            return response
        message = f"{bytes(response.body).decode()}: pages of other sites may not send this request"
        headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        return refused(HTTPException(response.status_code, message, headers))

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send a part of an answer."""

        async def send_once(part: Message) -> None:
            if part["type"] == "http.response.start":
                part["headers"] = with_vary(part["headers"], b"Origin")
            await send(part)

        await super().send(message, send_once, request_headers)


class Shortcut:
    """Middleware that hands what is asked of one path, by the methods that it takes, to an application of its own.

    Every other request goes the ordinary way, and so does what a page of another site asks: whether it may, is decided
    there.
    """

    def __init__(self, app: ASGIApp, *, path: str, methods: frozenset[str], to: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._methods = methods
        self._to = to

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one ASGI connection."""
        is_short = scope["type"] == "http" and scope["path"] == self._path and scope["method"] in self._methods
        chosen = self._to if is_short and b"origin" not in dict(scope["headers"]) else self._app
        return chosen(scope, receive, send)
