"""/graphql over a WebSocket: the server's side of graphql-transport-ws."""

import asyncio
from collections.abc import Collection, MutableMapping
from contextlib import suppress
from functools import partial
from random import random
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from gateway.graphql.request import Parameters
from gateway.http.error_responses import JSON, NO_SNIFFING, body_of, overloaded
from gateway.http.health import SERVER
from gateway.http.request_log import client_of
from gateway.subscriptions import messages
from gateway.subscriptions.change_feed import Event
from gateway.subscriptions.messages import PROTOCOL, Close, Closing, Kind, Message
from gateway.subscriptions.operation import Operations, failure, refusal
from gateway.subscriptions.outbox import Outbox
from gateway.subscriptions.streams import Server, Transport
from schema.execution.request import Answer, GraphQLRequest

_LONGEST_REASON = 123  # bytes, which a frame has for it
_TOO_SLOW = "The client takes its messages too slowly; connect again and ask for the lists anew"
_WAIT = 1.0  # seconds until an operation asks again to begin, in the mean
_TRIES = 60
_NO_TEXT = "Messages must be text"


class WebSocketEndpoint:
    """Takes WebSockets of clients that speak graphql-transport-ws.

    Pages of other sites connect as `origins` allow. A client must initialise the connection within `patience` seconds,
    and may have `most` operations under way.
    """

    def __init__(self, operations: Operations, *, origins: Collection[str], patience: float, most: int) -> None:
        self.operations = operations
        self.patience = patience
        self.most = most
        self._origins = origins
        self._log = structlog.get_logger("newsstand.request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one WebSocket."""
        streams, started = self.operations.streams, perf_counter()
        await receive()
        refusal = streams.objection(scope.get(SERVER))
        if refusal is not None:
            await _refuse(refusal, send)
            return
        connection = _Connection(self, scope, receive, send)
        streams.enter(Transport.WEBSOCKET)
        code: int = Close.INTERNAL
        try:
            code = await connection.converse(self._objection(scope))
        finally:
            streams.leave(Transport.WEBSOCKET)
            self._log.info(
                "websocket",
                path=scope["path"],
                code=code,
                operations=connection.begun,
                duration_ms=round((perf_counter() - started) * 1000, 2),
            )

    def _objection(self, scope: Scope) -> Closing | None:
        """The reason not to talk with a client, which can be told only once the WebSocket is open."""
        if not self._may_ask(scope):
            return Closing(Close.FORBIDDEN, "Pages of this origin may not connect")
        if PROTOCOL not in scope["subprotocols"]:
            return Closing(Close.SUBPROTOCOL_NOT_ACCEPTABLE, f"The subprotocol must be {PROTOCOL}")
        return None

    def _may_ask(self, scope: Scope) -> bool:
        """True for clients that are no page, for pages of this server, and for those of the allowed origins."""
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is None or "*" in self._origins:
            return True
        named = origin.decode("latin-1")
        return named in self._origins or _host(named) == headers.get(b"host", b"").decode("latin-1").lower()


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


class _Connection:
    """One WebSocket, and the operations that are under way on it, by their ids."""

    def __init__(self, endpoint: WebSocketEndpoint, scope: Scope, receive: Receive, send: Send) -> None:
        self._endpoint = endpoint
        self._receive = receive
        self._send = send
        self._scope = scope
        self._server: Server | None = scope.get(SERVER)
        self._outbox = Outbox(endpoint.operations.streams.room)
        self._operations: dict[str, _Operation] = {}
        self._is_initialised = False
        self.begun = 0
        """The number of operations that were begun."""

    async def converse(self, objection: Closing | None) -> int:
        """Accept the WebSocket, and talk until either side closes it; the code with which that was."""
        agreed = PROTOCOL if objection is None else None
        await self._send({"type": "websocket.accept", "subprotocol": agreed})
        if objection is not None:
            return await self._close(objection)
        sender = asyncio.create_task(self._send_all())
        try:
            return await self._listen(sender)
        except Closing as closing:
            self._outbox.end()
            await sender
            return await self._close(closing)
        finally:
            for operation in [*self._operations.values()]:
                operation.end()
            self._outbox.close()
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender

    async def _listen(self, sender: "asyncio.Task[None]") -> int:
        """Take messages. Raises `Closing` for the end that is ours; the code of the client's own."""
        try:
            async with asyncio.timeout(self._endpoint.patience) as timeout:
                while True:
                    event = await self._received(sender)
                    if event["type"] == "websocket.disconnect":
                        return int(event.get("code") or 0)
                    self._take(event.get("text"))
                    if self._is_initialised:
                        timeout.reschedule(None)
        except TimeoutError:
            raise Closing(Close.INITIALISATION_TIMEOUT, "The connection was not initialised in time") from None

    async def _received(self, sender: "asyncio.Task[None]") -> MutableMapping[str, Any]:
        """The next event. Raises `Closing` where the sender ends before, since too many messages wait."""
        receiving = asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait({receiving, sender}, return_when=asyncio.FIRST_COMPLETED)
            if not receiving.done() and self._outbox.is_overfull:
                raise Closing(Close.TRY_AGAIN_LATER, _TOO_SLOW)
            return await receiving
        finally:
            receiving.cancel()

    async def _send_all(self) -> None:
        """Send what is in the outbox, until that is closed or the client has gone."""
        with suppress(OSError):
            while message := await self._outbox.get():
                await self._send({"type": "websocket.send", "text": message.decode()})

    async def _close(self, closing: Closing) -> int:
        if self._outbox.is_overfull:
            self._endpoint.operations.streams.slow += 1
        reason = closing.reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
        with suppress(OSError):
            await self._send({"type": "websocket.close", "code": int(closing.code), "reason": reason})
        return closing.code

    def _take(self, text: str | None) -> None:
        if text is None:
            raise Closing(Close.BAD_REQUEST, _NO_TEXT)
        message = messages.read(text)
        match message.kind:
            case Kind.INITIALISE:
                if self._is_initialised:
                    raise Closing(Close.TOO_MANY_INITIALISATIONS, "The connection is initialised already")
                self._is_initialised = True
                self._outbox.put(messages.ACKNOWLEDGEMENT)
            case Kind.PING:
                self._outbox.put(messages.pong(message.payload))
            case Kind.SUBSCRIBE if message.parameters:
                self._subscribe(message, message.parameters)
            case Kind.COMPLETE if message.id in self._operations:
                self._operations[message.id].end()
            case _:
                pass

    def _subscribe(self, message: Message, parameters: Parameters) -> None:
        if not self._is_initialised:
            raise Closing(Close.UNAUTHORIZED, "Send connection_init first, and wait for connection_ack")
        if message.id in self._operations:
            raise Closing(Close.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        is_full = len(self._operations) >= self._endpoint.most
        operation = _Operation(message.id, self._outbox, self._endpoint.operations, self._operations)
        if is_full:
            problem = f"There are {self._endpoint.most} operations on this connection, the most it takes; complete one"
            operation.refuse(HTTPException(429, problem))
            return
        self.begun += 1
        self._queue(operation, parameters, tries=_TRIES)

    def _queue(self, operation: "_Operation", parameters: Parameters, *, tries: int) -> None:
        """Begin an operation when it is its turn. Under overload, ask again after a while: an error would end it."""
        begin = partial(operation.begin, parameters, self._scope)
        if self._server is None:
            begin()
            return
        loop = asyncio.get_running_loop()

        def refuse() -> None:
            if tries <= 1:
                operation.refuse(overloaded("There are more requests than this server can answer"))
            elif not operation.is_over:
                seconds = 2 * _WAIT * random()  # noqa: S311 - apart from each other, no secret
                loop.call_later(seconds, partial(self._queue, operation, parameters, tries=tries - 1))

        self._server.queue.take(client_of(self._scope), begin, refuse, loop)


class _Operation:
    """An operation of a connection, which lists it among its own while it is under way."""

    def __init__(
        self, operation_id: str, outbox: Outbox, operations: Operations, under_way: dict[str, "_Operation"]
    ) -> None:
        self._id = operation_id
        self._outbox = outbox
        self._operations = operations
        self._under_way = under_way
        self._written = messages.Operation(operation_id)
        self._task: asyncio.Task[None] | None = None
        self._followed: GraphQLRequest | None = None
        self.is_over = False
        under_way[operation_id] = self

    def begin(self, parameters: Parameters, scope: Scope) -> None:
        """Answer it, or let it follow."""
        if not self.is_over:
            self._task = asyncio.create_task(self._run(parameters, scope))

    def refuse(self, error: HTTPException) -> None:
        """Send the error in the place of an answer."""
        if not self.is_over:
            self._answer(refusal(error))

    def take(self, event: Event) -> None:
        """Send an event."""
        self._outbox.put(self._written.next(event.body))

    def pass_by(self, event_id: str) -> None:
        """Nothing: a client that comes back by WebSocket begins anew."""

    def end(self) -> None:
        """Send nothing more of it."""
        self.is_over = True
        self._under_way.pop(self._id, None)
        if self._task is not None:
            self._task.cancel()
        if self._followed is not None:
            self._operations.end(self._followed, self)

    async def _run(self, parameters: Parameters, scope: Scope) -> None:
        try:
            result = await self._operations.begin(parameters, self, scope=scope)
        except Exception:  # noqa: BLE001 - whatever it is, the client gets an answer and the log the reason
            result = failure()
        if isinstance(result, Answer):
            self._answer(result)
        else:
            self._followed = result

    def _answer(self, answer: Answer) -> None:
        self.is_over = True
        self._under_way.pop(self._id, None)
        if answer.executed:
            self._outbox.put(self._written.next(answer.body))
            self._outbox.put(self._written.complete())
        else:
            self._outbox.put(self._written.error(answer.body))


async def _refuse(error: HTTPException, send: Send) -> None:
    """Answer the handshake with an error."""
    described = {"content-type": JSON, **NO_SNIFFING, **(error.headers or {})}
    headers = [(name.lower().encode(), value.encode()) for name, value in described.items()]
    await send({"type": "websocket.http.response.start", "status": error.status_code, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body_of(error)})
