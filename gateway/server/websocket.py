"""WebSockets as the server speaks them: those of HTTP's connections that were upgraded, under the same limits."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any, cast

from starlette.exceptions import HTTPException
from uvicorn import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from gateway.http.error_responses import JSON, body_of
from gateway.http.health import SERVER
from gateway.http.request_log import BACKLOG
from gateway.server.connections import Connections, Limit
from gateway.server.joining_transport import JoiningTransport
from gateway.server.proxies import Proxies

_GOING_AWAY = 1001
_NO_TEXT = 1007


class WebSocket(WebSocketsSansIOProtocol):
    """Uvicorn's WebSocket, which is counted and looked after as all connections are.

    A client must take some bytes every `write_seconds`, as of an answer. Nothing is compressed, since that takes memory
    for each connection. A refused handshake is answered in JSON. At shutdown, clients are told to go away (1001).
    """

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
        self.logger = logging.getLogger("newsstand.websocket")  # Uvicorn's own lines would tell query strings
        self.logger.setLevel(logging.ERROR)
        self.conn = _Handshake(max_size=config.ws_max_size, logger=self.logger)
        self._connections = connections
        self._proxies = proxies or Proxies()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the place of the connection that was upgraded."""
        super().connection_made(transport)
        self._connections.enter(self, self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._connections.leave(self)
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        """Begin to answer a handshake."""
        super().handle_connect(event)
        if not self.close_sent:  # the application begins with the next turn of the event loop
            scope = cast("dict[str, Any]", self.scope)
            scope[SERVER] = self._connections
            scope[BACKLOG] = self._connections.backlog
            self._proxies.readdress(scope)

    def send_receive_event_to_app(self) -> None:
        """Hand a message on, unless it is text that is no UTF-8."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf8(b"".join(self.frames)):
            self.frames = []
            self.conn.fail(_NO_TEXT, "Text must be UTF-8")
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def pause_writing(self) -> None:
        """Count messages that the client does not take at once."""
        super().pause_writing()
        self._connections.hold(self, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Count them no more."""
        self._connections.sent(self)
        super().resume_writing()

    def check(self, now: float) -> None:
        """End the connection where its client has taken nothing for too long."""
        transport = cast("JoiningTransport", self.transport)
        if transport.is_stalled(now, seconds=self._connections.limits.write_seconds):
            self._connections.reach(Limit.WRITE)
            self.abort()

    def abort(self) -> None:
        """End the connection at once."""
        self.transport.abort()

    def dismiss(self) -> None:
        """Tell the client to connect elsewhere."""
        self.shutdown()

    def shutdown(self) -> None:
        """Tell the client, and the application, that the server goes away."""
        self.stop_keepalive()
        if self.handshake_complete and not self.close_sent:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": _GOING_AWAY, "reason": None})
            self.conn.send_close(_GOING_AWAY, "The server is stopping")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.transport.close()


class _Handshake(ServerProtocol):
    """The WebSocket protocol, with refusals in JSON."""

    def reject(self, status: HTTPStatus | int, text: str) -> Response:
        refusal = super().reject(status, "")
        problem = text.partition("\n")[0] or refusal.reason_phrase
        body = body_of(HTTPException(refusal.status_code, problem))
        kept = [(name, value) for name, value in refusal.headers.raw_items() if not name.startswith("Content-")]
        described = [("Content-Type", JSON), ("Content-Length", str(len(body))), ("X-Content-Type-Options", "nosniff")]
        return Response(refusal.status_code, refusal.reason_phrase, Headers([*kept, *described]), body)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
