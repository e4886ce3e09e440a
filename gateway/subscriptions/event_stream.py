"""/graphql as an event stream: the distinct connections mode of GraphQL over Server-Sent Events."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.graphql.request import Parameters
from gateway.http import current_request
from gateway.http.error_responses import refused
from gateway.http.health import SERVER
from gateway.http.negotiation import VARY
from gateway.subscriptions.change_feed import Event
from gateway.subscriptions.operation import Operations, failure
from gateway.subscriptions.outbox import Outbox
from gateway.subscriptions.streams import Server, Transport
from schema.execution.request import Answer

_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back
    (b"vary", VARY.encode()),
)
_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata: \n\n"
_LONGEST_ID = 100


class EventStreams:
    """Answers operations as event streams, with a comment every `heartbeat_seconds`.

    An answer is the event `next`, and the end of an operation `complete`. The events of a subscription have ids: a
    client that comes back with the last of them in `Last-Event-ID` goes on from there.
    """

    def __init__(self, operations: Operations, *, heartbeat_seconds: float) -> None:
        self.operations = operations
        self.heartbeat_seconds = heartbeat_seconds

    def stream(self, parameters: Parameters) -> ASGIApp:
        """The application that answers one operation."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            server: Server | None = scope.get(SERVER)
            streams = self.operations.streams
            refusal = streams.objection(server)
            if refusal is not None:
                await refused(refusal)(scope, receive, send)
                return
            streams.enter(Transport.EVENT_STREAM)
            try:
                await _EventStream(self, server, send).run(parameters, scope, receive)
            finally:
                streams.leave(Transport.EVENT_STREAM)

        return answer


class _EventStream:
    """One stream; the subscriber of its operation."""

    def __init__(self, owner: EventStreams, server: Server | None, send: Send) -> None:
        self._operations = owner.operations
        self._heartbeat_seconds = owner.heartbeat_seconds
        self._server = server
        self._send = send
        self._outbox = Outbox(owner.operations.streams.room)

    async def run(self, parameters: Parameters, scope: Scope, receive: Receive) -> None:
        """Answer until the operation is complete, the client has gone or is too slow, or the server ends.

        Only in the first case is the event `complete` sent: in the others, a client that comes back goes on.
        """
        await self._send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await self._write(_COMMENT)
        async with self._following(parameters, scope):
            waiting: list[Coroutine[Any, Any, object]] = [_disconnected(receive), self._send_all()]
            if self._server is not None:
                waiting.append(self._server.draining.wait())
            ends = [asyncio.create_task(each) for each in waiting]
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for end in ends:
                    end.cancel()
                await asyncio.gather(*ends, return_exceptions=True)
        self._operations.streams.slow += self._outbox.is_overfull
        await self._send({"type": "http.response.body", "body": b""})

    def take(self, event: Event) -> None:
        """Send an event."""
        self._outbox.put(b"event: next\nid: %b\ndata: %b\n\n" % (event.id.encode(), event.body))

    def pass_by(self, event_id: str) -> None:
        """Let the client go on from this id."""
        self._outbox.put(b"id: %b\n\n" % event_id.encode())

    @asynccontextmanager
    async def _following(self, parameters: Parameters, scope: Scope) -> AsyncIterator[None]:
        since = dict(scope["headers"]).get(b"last-event-id", b"")[:_LONGEST_ID].decode("latin-1")
        try:
            result = await self._operations.begin(parameters, self, scope=scope, since=since)
        except Exception:  # noqa: BLE001 - the answer has begun, so that nobody else can tell of it
            result = failure()
        if isinstance(result, Answer):
            current = current_request.current()
            current.operation, current.error_codes = result.operation, sorted(set(result.error_codes))
            self._outbox.put(b"event: next\ndata: %b\n\n" % result.body)
            self._outbox.put(_COMPLETE)
            self._outbox.end()
        try:
            yield
        finally:
            if not isinstance(result, Answer):
                self._operations.end(result, self)
            self._outbox.close()

    async def _send_all(self) -> None:
        """Send what is in the outbox, and comments while that is empty."""
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_seconds):
                    message = await self._outbox.get()
            except TimeoutError:
                message = _COMMENT
            if message is None:
                return
            await self._write(message)

    async def _write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
