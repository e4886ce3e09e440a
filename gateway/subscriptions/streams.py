"""The open streams of a process, WebSockets and event streams, and the limits that they keep together."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from starlette.exceptions import HTTPException

from gateway.http.error_responses import overloaded
from gateway.subscriptions.change_feed import ChangeFeed
from gateway.subscriptions.outbox import Room


class Queue(Protocol):
    """The order in which requests begin; see `RequestQueue`."""

    def take(
        self, client: str, begin: Callable[[], None], refuse: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        """Call `begin` or `refuse`, now or later."""


class Server(Protocol):
    """The connections of a process, as streams see them. A scope has them under the key SERVER."""

    queue: Queue
    draining: asyncio.Event


class Transport(StrEnum):
    """The way on which a client follows."""

    WEBSOCKET = "websocket"
    EVENT_STREAM = "event-stream"


class Streams:
    """Counts streams, at most `most`, and those that were closed because their clients were too slow."""

    def __init__(self, feed: ChangeFeed, *, most: int, max_unsent_bytes: int) -> None:
        self.feed = feed
        self.room = Room(max_unsent_bytes)
        self._most = most
        self._open: Counter[Transport] = Counter()
        self.slow = 0

    def objection(self, server: Server | None) -> HTTPException | None:
        """The reason to open no further stream now."""
        if self._open.total() >= self._most:
            return overloaded("There are as many streams as this server takes")
        if server is not None and server.draining.is_set():
            return overloaded("This server is about to end")
        return None

    def enter(self, transport: Transport) -> None:
        """Count a stream."""
        self._open[transport] += 1

    def leave(self, transport: Transport) -> None:
        """Count it no more."""
        self._open[transport] -= 1

    def meters(self) -> Sequence[str]:
        """Gauges and counters, as lines that Prometheus reads."""
        return [
            "# HELP newsstand_streams Open WebSockets and event streams.",
            "# TYPE newsstand_streams gauge",
            *(f'newsstand_streams{{transport="{transport}"}} {self._open[transport]}' for transport in Transport),
            "# HELP newsstand_subscriptions Subscriptions of all clients.",
            "# TYPE newsstand_subscriptions gauge",
            f"newsstand_subscriptions {self.feed.subscriptions}",
            "# HELP newsstand_queued_event_bytes Bytes of messages that wait for slow clients.",
            "# TYPE newsstand_queued_event_bytes gauge",
            f"newsstand_queued_event_bytes {self.room.taken}",
            "# HELP newsstand_events_total Events that were executed, each for all who follow it.",
            "# TYPE newsstand_events_total counter",
            f"newsstand_events_total {self.feed.told}",
            "# HELP newsstand_slow_streams_total Streams that were closed because their clients were too slow.",
            "# TYPE newsstand_slow_streams_total counter",
            f"newsstand_slow_streams_total {self.slow}",
        ]
