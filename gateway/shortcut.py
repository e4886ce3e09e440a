"""The way to the busiest address, past all that only others need."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Middleware that hands what is asked of one path, by the methods that it takes, to an application of its own.

    Every other request, and with it every refusal of a path or method, goes the ordinary way.
    """

    def __init__(self, app: ASGIApp, *, path: str, methods: frozenset[str], to: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._methods = methods
        self._to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        is_short = scope["type"] == "http" and scope["path"] == self._path and scope["method"] in self._methods
        await (self._to if is_short else self._app)(scope, receive, send)
