"""The whole application on a port of this machine, over articles in memory that tests change."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from gateway.app import create_app
from gateway.config.settings import Settings
from gateway.server.connections import Connections
from gateway.server.websocket import WebSocket
from indexer.article import Article
from indexer.errors import IndexMissing
from indexer.search.engine import SearchEngine
from tests.engine_place import PlainPlace, write
from tests.gateway.bare_server import CLOSE, PATIENCE, BareServer, asking, conversation, ours
from tests.replacing import replace
from tests.samples import NOW, plain

PROTOCOL = Subprotocol("graphql-transport-ws")
KEYS = "subscription { articleChanges { change key } }"
QUICK = replace(Settings(), refresh_seconds=0.02)


class _Server(BareServer):
    """With WebSockets of ours."""

    def __init__(self, application: Any, connections: Connections, settings: Settings) -> None:
        super().__init__(ours(connections=connections), application)

        def websocket(**options: Any) -> WebSocket:
            return WebSocket(**options, connections=connections)

        self.config.ws_protocol_class = websocket  # type: ignore[assignment]
        self.config.ws_max_size = settings.max_body_bytes
        self.config.ws_ping_interval = self.config.ws_ping_timeout = settings.connections.heartbeat_seconds


@dataclass(slots=True)
class Live:
    """A running server with its clock, its index, and all its connections."""

    port: int
    place: PlainPlace
    connections: Connections
    server: BareServer
    now: datetime = NOW

    def publish(self, *articles: Article, without: Sequence[str] = ()) -> None:
        """Build another generation, which the server takes up soon."""
        write(self.place, articles, without=without)

    async def meter(self, name: str) -> int:
        """The number of a gauge or counter in the metrics."""
        answer = (await conversation(self.port, asking("metrics", "GET", CLOSE))).decode()
        [line] = [line for line in answer.splitlines() if line.startswith(f"{name} ")]
        return int(line.rpartition(" ")[2])

    async def until(self, name: str, number: int) -> None:
        """Wait until a gauge has this number."""
        async with asyncio.timeout(PATIENCE):
            while await self.meter(name) != number:  # noqa: ASYNC110 - the metrics have no event for it
                await asyncio.sleep(0.005)

    async def followed_by(self, subscriptions: int) -> None:
        """Wait until there are so many subscriptions."""
        await self.until("newsstand_subscriptions", subscriptions)

    def shut_down(self) -> None:
        """Tell all connections that the server stops."""
        for connection in list(self.server.state.connections):
            connection.shutdown()

    @asynccontextmanager
    async def client(self, *, initialised: bool = True, **options: Any) -> AsyncIterator["Client"]:
        """A client on a WebSocket."""
        options = {"subprotocols": [PROTOCOL], "compression": None, **options}
        async with connect(f"ws://127.0.0.1:{self.port}/graphql", max_size=None, **options) as socket:
            client = Client(socket)
            if initialised:
                await client.initialise()
            yield client


class Client:
    """Speaks graphql-transport-ws message by message."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def initialise(self) -> Self:
        await self.say(type="connection_init")
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def say(self, **message: object) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def subscribe(self, operation_id: str, query: str = KEYS, **payload: object) -> None:
        """Send an operation."""
        await self.say(type="subscribe", id=operation_id, payload={"query": query, **payload})

    async def hear(self) -> Any:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            return orjson.loads(await self.socket.recv())

    async def hears_nothing(self) -> None:
        """Check that a ping is answered before anything else."""
        await self.say(type="ping")
        assert await self.hear() == {"type": "pong"}

    async def end(self) -> tuple[int, str]:
        """The code and reason with which the server closes, whatever it says before."""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_code or 0, self.socket.close_reason or ""


@asynccontextmanager
async def live(
    articles: Sequence[Article] = (plain("a"),), settings: Settings = QUICK, *, is_open: bool = True
) -> AsyncIterator[Live]:
    """A server with these articles, or one that finds no index."""
    place, connections = PlainPlace(), Connections(settings.connections)
    write(place, articles)
    running: list[Live] = []

    async def open_engine() -> SearchEngine:
        if not is_open:
            raise IndexMissing("there is no index in attic")
        return await place.open_engine()

    app = create_app(settings, open_engine=open_engine, clock=lambda: running[0].now if running else NOW)
    async with app.router.lifespan_context(app), _Server(app, connections, settings) as server:
        running.append(Live(server.port, place, connections, server))
        yield running[0]


def change(kind: str, key: str) -> dict[str, object]:
    """The payload that tells of a change."""
    return {"data": {"articleChanges": {"change": kind, "key": key}}}


def event(operation_id: str, kind: str, key: str) -> dict[str, object]:
    """The message that tells of a change."""
    return {"id": operation_id, "type": "next", "payload": change(kind, key)}
