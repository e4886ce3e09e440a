"""HTTP as the server speaks it: every part of a request has a limit and a time-out."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from enum import Enum
from functools import partial
from math import inf
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.types import Scope
from uvicorn import Config
from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable
from uvicorn._types import Scope as UvicornScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from gateway.http.error_responses import JSON, NO_SNIFFING, body_of, overloaded, refused
from gateway.http.health import SERVER
from gateway.http.host import is_host
from gateway.http.middleware import cors_headers
from gateway.http.request_log import BACKLOG, HEADER, IS_GONE, PROBES, client_of, id_of
from gateway.server.answering import Answering
from gateway.server.connections import Connections, Entry, Limit
from gateway.server.joining_transport import JoiningTransport
from gateway.server.proxies import Proxies

_MAX_HEAD = 128 * 1024
_GRAPHQL = b"/graphql"
_MOST_HEADERS = 100  # of a WebSocket, as its parser has it, and a few less
_LONGEST_LINE = 8000
_MAX_ADDRESS = 65535  # as httptools has it
_FAREWELL = 2.0  # seconds in which a client that is refused may read why
_HEAD_TOO_LARGE = HTTPException(431, f"The address and headers are larger than {_MAX_HEAD} bytes, the most taken here")
_HEAD_TOO_LARGE_TO_UPGRADE = HTTPException(431, f"A WebSocket takes {_MOST_HEADERS} headers of {_LONGEST_LINE} bytes")
_ADDRESS_TOO_LARGE = HTTPException(431, f"The address is larger than {_MAX_ADDRESS} bytes, the most taken here")
_NO_REQUEST = HTTPException(400, "This is no HTTP request")
_NO_HOST = HTTPException(400, "One Host header must name the server that is asked, as in Host: news.example:8000")
_HEAD_TOO_SLOW = HTTPException(408, "The address and headers did not come in time; send them at once")
_BODY_TOO_SLOW = HTTPException(408, "The body did not come in time; send it faster, or in several requests")
_TOO_MANY_CONNECTIONS = overloaded("There are as many connections as this server takes")
_BUSY = overloaded("There are more requests than this server can answer")
_TOO_MANY_BODIES = overloaded("Too many requests are under way that have not come to their end")


class Part(Enum):
    """The part of a request that a connection waits for."""

    HEAD = "head"
    BODY = "body"
    NONE = "none"


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits: Uvicorn takes addresses, headers and trailers of any length, at any speed.

    Here the bytes since the last complete part of a request are bounded, and those of all unfinished requests together;
    bodies are bounded by their readers. `connections` are all connections of this process; requests come from their
    clients, or through `proxies`.
    """

    url = b""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
        proxies: Proxies | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._proxies = proxies or Proxies()
        self._connections = connections
        self._limits = connections.limits
        self._joining: JoiningTransport
        self._part = Part.NONE
        self._deadline = inf
        self._now = 0.0
        self._unfinished = 0  # bytes since the last complete part
        self._read = 0  # bytes of the request that is read now, or more
        self._held = 0  # bytes of an unfinished request, as all connections count them
        self._host: bytes | None = None
        self._refusal: HTTPException | None = None
        self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as Uvicorn has it
        """Take a new connection, or refuse it."""
        self._joining = JoiningTransport(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", self._joining))
        self._await(Part.HEAD, self.loop.time())
        match self._connections.enter(self, self.loop):
            case Entry.REFUSED:
                self._is_over = True
                self._deadline = self.loop.time() + _FAREWELL
                self.transport.write(self._written(_TOO_MANY_CONNECTIONS))
                self.transport.write_eof()
            case Entry.DROPPED:
                self._close(self._written(_TOO_MANY_CONNECTIONS))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._connections.leave(self)
        self._hold(0)
        super().connection_lost(exc)
        self._forget()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client. Refuse a head that is too long, and bytes of which too many are unfinished."""
        if self._is_over:
            return
        self._now = self.loop.time()
        if self._part is Part.NONE:
            self._await(Part.HEAD, self._now)
        self._unfinished += len(data)
        self._read = self._held + len(data)
        super().data_received(data)
        if self._is_over or self.transport.is_closing():
            return
        if self._unfinished > _MAX_HEAD:
            self._refuse(_HEAD_TOO_LARGE)
        elif self._part is not Part.NONE or self._held:
            is_ignored = self._part is Part.NONE or (self._part is Part.BODY and self.cycle.response_complete)
            self._hold(0 if is_ignored else self._held + len(data))
            if self._held and self._connections.unfinished > self._limits.max_unfinished_bytes:
                self._connections.reach(Limit.UNFINISHED)
                self._refuse_rest(_TOO_MANY_BODIES)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - Uvicorn's text, in place of which ours is sent
        """Refuse what is no request, also an address that is too long for the parser."""
        self._refuse(self._refusal or (_ADDRESS_TOO_LARGE if len(self.url) > _MAX_ADDRESS else _NO_REQUEST))

    def on_message_begin(self) -> None:
        """Wait for the head of a request, whose work ends with the connection."""
        self._await(Part.HEAD, self._now)
        super().on_message_begin()
        scope = cast("dict[str, object]", self.scope)
        scope[IS_GONE] = self.transport.is_closing
        scope[SERVER] = self._connections
        scope[BACKLOG] = self._connections.backlog

    def on_headers_complete(self) -> None:
        """Check the head. Count anew: its headers are complete."""
        self._check_size()
        self._check_host()
        self._unfinished = 0
        self._await(Part.BODY, self._now)
        earlier = self.cycle
        super().on_headers_complete()
        if self._connections.is_draining:
            if earlier and not earlier.response_started:
                earlier.keep_alive = True  # for the answer to this request, which is the last one then
            self.dismiss()

    def on_body(self, body: bytes) -> None:
        """Count anew: a part of its body has come."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Check the trailers. Count anew: the request is complete."""
        self._check_size()
        self._unfinished = 0
        self._part, self._deadline = Part.NONE, inf
        if not self._is_answering:
            self._await_request()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to answer the next request, or wait for one. Uvicorn would set a timer after each answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._part is Part.NONE:
            self._await_request()
        elif self._part is Part.BODY:  # of no use any more, and it need not come (RFC 9110, section 10.1.1)
            self._deadline = min(self._deadline, self.loop.time() + self._limits.keep_alive_seconds)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin to answer, as soon as it is this request's turn; refuse it where too many wait before it."""
        self._proxies.readdress(cast("Scope", cycle.scope))
        queue = self._connections.queue
        # Probes go first: an orchestrator would end a process that is only busy.
        if (not self.tasks and queue.is_at_rest) or cycle.scope["path"] in PROBES:
            self._answer(cycle, app)
        else:
            client = client_of(cycle.scope)
            queue.take(client, partial(self._begin, cycle, app), partial(self._overload, cycle), self.loop)

    def _begin(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if not cycle.disconnected:
            self._answer(cycle, app)

    def _answer(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        def answering(scope: UvicornScope, receive: ASGIReceiveCallable, _send: ASGISendCallable) -> Awaitable[None]:
            return app(scope, receive, Answering(cycle, self._joining))

        super()._start_asgi_task(cycle, answering)

    def _overload(self, cycle: RequestResponseCycle) -> None:
        self._connections.reach(Limit.QUEUE)
        self._begin(cycle, partial(_busy, headers=self._refusal_headers(cycle.scope["headers"])))

    def _forget(self) -> None:
        """Part the requests from the connection: one that is not begun, and never will be, would keep both alive."""
        for cycle in (self.cycle, *(waiting for waiting, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.on_response = _nothing
                cycle.body = bytearray()
        self.pipeline.clear()

    def _should_upgrade(self) -> bool:
        """True for a WebSocket to /graphql, unless its client waits for another answer; others are plain requests."""
        is_to_graphql = self.url.partition(b"?")[0].endswith(_GRAPHQL)  # perhaps behind a prefix
        return is_to_graphql and not self._is_answering and not self.pipeline and bool(super()._should_upgrade())

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: an upgrade that is asked for need not be made, and the log is no client's."""

    def handle_websocket_upgrade(self) -> None:
        """Let a WebSocket take the place of this connection. Its parser takes shorter heads."""
        if len(self.headers) > _MOST_HEADERS or any(map(_is_long, self.headers)) or len(self.url) > _LONGEST_LINE:
            self._refuse(_HEAD_TOO_LARGE_TO_UPGRADE)
            return
        self._hold(0)
        self._connections.leave(self)
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """Count an answer that its client does not take at once."""
        super().pause_writing()
        self._connections.hold(self, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Count it no more."""
        self._connections.sent(self)
        super().resume_writing()

    def check(self, now: float) -> None:
        """End the connection where its client has sent no request, or read no answer, for too long."""
        if now >= self._deadline:
            self._time_out(now)
        if self._joining.is_stalled(now, seconds=self._limits.write_seconds):
            self._connections.reach(Limit.WRITE)
            self.abort()

    def dismiss(self) -> None:
        """Tell the client, with the last answer under way, that the connection closes."""
        if self._is_answering and not self.cycle.response_started:
            self.cycle.keep_alive = False

    def abort(self) -> None:
        """End the connection at once, whatever is still to be sent."""
        self._end()
        self.transport.abort()

    def _await(self, part: Part, now: float) -> None:
        self._part = part
        self._deadline = now + (self._limits.head_seconds if part is Part.HEAD else self._limits.body_seconds)

    def _await_request(self) -> None:
        self._deadline = self.loop.time() + self._limits.keep_alive_seconds

    def _time_out(self, now: float) -> None:
        """Refuse the rest of a request, unless the client waits for us: for an answer, or until we read on."""
        if self._is_over:
            self.abort()
        elif self._part is Part.NONE or (self._part is Part.BODY and not self._is_answering):
            self.transport.close()
        elif self.flow.read_paused or (self._part is Part.HEAD and self._is_answering):
            self._await(self._part, now)
        elif self._part is Part.HEAD:
            self._connections.reach(Limit.HEAD)
            if self._held:
                self._refuse(_HEAD_TOO_SLOW)
            else:  # nothing was asked, so that nobody waits for an answer
                self.transport.close()
        else:
            self._connections.reach(Limit.BODY)
            self._refuse_rest(_BODY_TOO_SLOW)

    def _check_size(self) -> None:
        """Raise ValueError, which ends the parsing, for a head or trailers that came at once and are too long."""
        if self._read > _MAX_HEAD and _size(self.url, self.headers) > _MAX_HEAD:
            self._refusal = _HEAD_TOO_LARGE
            raise ValueError(_HEAD_TOO_LARGE.detail)

    def _check_host(self) -> None:
        """Raise ValueError where no host is named, or several (RFC 9112, section 3.2)."""
        hosts = [value for name, value in self.headers if name == b"host"]
        if hosts == [self._host]:  # that of the request before
            return
        if not hosts and self.parser.get_http_version() != "1.1":
            return
        if len(hosts) != 1 or not is_host(hosts[0].decode("latin-1")):
            self._refusal = _NO_HOST
            raise ValueError(_NO_HOST.detail)
        self._host = hosts[0]

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _hold(self, size: int) -> None:
        self._connections.unfinished += size - self._held
        self._held = size

    def _refuse(self, refusal: HTTPException) -> None:
        """Answer and close the connection; say nothing while an answer is under way."""
        self._close(b"" if self._is_answering else self._written(refusal))

    def _refuse_rest(self, refusal: HTTPException) -> None:
        """The same for a request that has not come to its end; nothing before the answers to others."""
        if self._part is Part.HEAD:
            self._refuse(refusal)
        else:
            self._close(b"" if self.cycle.response_started or self.pipeline else self._written(refusal))

    def _written(self, refusal: HTTPException) -> bytes:
        body = body_of(refusal)
        headers = {
            "content-type": JSON,
            "content-length": str(len(body)),
            **self._refusal_headers(self.headers or ()),
            **(refusal.headers or {}),
        }
        lines = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
        return b"%b%bconnection: close\r\n\r\n%b" % (STATUS_LINE[refusal.status_code], lines.encode("latin-1"), body)

    def _refusal_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
        """The headers that the application's middleware would give, as far as the request's own are there."""
        origin = next((value.decode("latin-1") for name, value in headers if name == b"origin"), None)
        return {**NO_SNIFFING, HEADER: id_of(headers), **cors_headers(self._connections.cors_origins, origin)}

    def _close(self, last: bytes) -> None:
        self.transport.write(last)
        self._end()
        self.transport.close()

    def _end(self) -> None:
        """Take nothing from the client any more, and tell the application that it has gone."""
        self._is_over = True
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()


async def _busy(
    scope: UvicornScope, receive: ASGIReceiveCallable, send: ASGISendCallable, *, headers: Mapping[str, str]
) -> None:
    answer: Any = refused(_BUSY)
    answer.headers.update(headers)
    await answer(scope, receive, send)


def _nothing() -> None:
    """End an answer to a connection that is lost: no other follows."""


def _is_long(header: tuple[bytes, bytes]) -> bool:
    return sum(map(len, header)) > _LONGEST_LINE


def _size(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    return len(url) + sum(len(name) + len(value) + len(b": \r\n") for name, value in headers)
