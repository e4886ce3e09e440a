"""All that subscriptions are put together of."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn, Protocol

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp

from gateway.config.settings import Settings
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import Parameters
from gateway.http.host import ServerUrl
from gateway.subscriptions.change_feed import ChangeFeed, FollowedIndex
from gateway.subscriptions.event_stream import EventStreams
from gateway.subscriptions.operation import Operations, SubscribedIndex
from gateway.subscriptions.streams import Streams
from gateway.subscriptions.websocket import WebSocketEndpoint


class Index(SubscribedIndex, FollowedIndex, Protocol):
    """An index that takes subscriptions, and whose changes are followed."""


class Subscriptions:
    """The change feed of an index, and the WebSockets and event streams on which clients follow it."""

    def __init__(
        self,
        settings: Settings,
        index: Index,
        documents: PersistedDocuments,
        *,
        server_url: ServerUrl,
        clock: Callable[[], datetime],
    ) -> None:
        limits = settings.connections
        self._feed = ChangeFeed(index, clock=clock, seconds=settings.deadline_seconds)
        self._streams = Streams(self._feed, most=limits.max_streams, max_unsent_bytes=limits.max_unsent_bytes)
        operations = Operations(
            index, documents, self._streams, server_url=server_url, seconds=settings.deadline_seconds
        )
        self._event_streams = EventStreams(operations, heartbeat_seconds=limits.heartbeat_seconds)
        self._websocket = WebSocketEndpoint(
            operations, origins=settings.cors_origins, patience=limits.head_seconds, most=limits.max_subscriptions
        )

    def websocket(self, path: str) -> BaseRoute:
        """The route of WebSockets."""
        return WebSocketRoute(path, self._websocket)

    def event_stream(self, parameters: Parameters) -> ASGIApp:
        """The application that answers an operation as an event stream."""
        return self._event_streams.stream(parameters)

    async def run(self) -> NoReturn:
        """Tell of changes, until cancelled."""
        await self._feed.run()

    def meters(self) -> Sequence[str]:
        """Gauges and counters, as lines that Prometheus reads."""
        return self._streams.meters()
