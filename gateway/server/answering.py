"""Whole answers, written at once."""

from collections.abc import Awaitable
from http import HTTPMethod

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.http.whole_answers import Headers
from gateway.server.joining_transport import JoiningTransport


class Answering:
    """The `send` of one request, a `Sending`.

    Uvicorn's own looks at each header by two regular expressions, and at the state of the connection twice.
    """

    __slots__ = ("_cycle", "_transport")

    def __init__(self, cycle: RequestResponseCycle, transport: JoiningTransport) -> None:
        self._cycle = cycle
        self._transport = transport

    def __call__(self, message: ASGISendEvent) -> Awaitable[None]:
        """Send a message as Uvicorn does."""
        return self._cycle.send(message)

    def whole(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send an answer, unless its body is not to be sent, or the client has not taken the answers before it.

        Raises ValueError for a header of several lines.
        """
        cycle = self._cycle
        if cycle.flow.write_paused or cycle.response_started or cycle.scope["method"] == HTTPMethod.HEAD:
            return False
        if cycle.disconnected:
            return True
        lines = [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        head = b"".join(lines)
        if head.count(b"\n") != len(lines):
            raise ValueError("A header has several lines")
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self._transport.write_answer(b"%b%b\r\n" % (STATUS_LINE[status], head), body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._transport.close()
        cycle.on_response()
        return True
