"""The open connections of a process, and the limits that they keep together."""

import asyncio
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Protocol

import structlog

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.setting_values import variable
from gateway.server.request_queue import RequestQueue
from indexer.backlog import Backlog

_LONGEST_TICK = 1.0  # seconds between two looks at all connections
_TICKS = 4  # at least, until a time-out is over
_SPARE = 128  # descriptors for the index, its next generation, and all else; half of them where there are few
_TOLD = 16  # connections beyond the limit that have time to read why


class Limit(StrEnum):
    """A limit by the name that the log gives it: the setting to change."""

    CONNECTIONS = variable("max_connections")
    DESCRIPTORS = "file descriptors (ulimit -n)"
    HEAD = variable("head_seconds")
    BODY = variable("body_seconds")
    WRITE = variable("write_seconds")
    UNFINISHED = variable("max_unfinished_bytes")
    UNSENT = variable("max_unsent_bytes")
    QUEUE = variable("queue_seconds")


class Entry(StrEnum):
    """The reception of a new connection."""

    WELCOME = "welcome"
    REFUSED = "refused"
    """Beyond the limit, to be told so, with some time to read it."""
    DROPPED = "dropped"
    """So far beyond it that no time is left."""


class Connection(Protocol):
    """A connection, as all of them together are looked after."""

    def check(self, now: float) -> None:
        """End it where its client has taken too long; `now` is the event loop's time."""

    def dismiss(self) -> None:
        """Tell its client, with the answer under way, that the connection closes."""

    def abort(self) -> None:
        """End it at once."""


class Connections:
    """Counts connections and the bytes that they hold, and looks at each of them every second.

    The log gets one line a second for each limit that was reached, with the number of times.
    """

    def __init__(self, limits: ConnectionLimits, *, cors_origins: Collection[str] = ()) -> None:
        """Keep the limits. Pages of the origins may read refusals."""
        self.limits = limits
        self.cors_origins = cors_origins
        self.unfinished = 0
        """Bytes of requests that have not come to their end."""
        self.unsent = 0
        """Bytes of answers that their clients have not taken."""
        self.draining = asyncio.Event()
        """Set once the process is about to end, for answers that have no end of their own."""
        descriptors = _descriptors()
        self._most = min(limits.max_connections, max(descriptors // 2, descriptors - _SPARE))
        self._limit = Limit.CONNECTIONS if self._most == limits.max_connections else Limit.DESCRIPTORS
        shortest = min(limits.head_seconds, limits.body_seconds, limits.write_seconds)
        self._tick = min(_LONGEST_TICK, shortest / _TICKS)
        self.backlog = Backlog(limits.queue_seconds)
        self.queue = RequestQueue(self.backlog)
        self._is_looking = False
        self._open: set[Connection] = set()
        self._unsent: dict[Connection, int] = {}
        self._reached: Counter[Limit] = Counter()
        self._total: Counter[Limit] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> Entry:
        """Take a new connection."""
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(self._tick, self._look, loop)
        self._open.add(connection)
        beyond = len(self._open) - self._most
        if beyond <= 0:
            self.queue.connected(loop)
            return Entry.WELCOME
        self.reach(self._limit)
        return Entry.REFUSED if beyond <= _TOLD else Entry.DROPPED

    def leave(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        self._open.discard(connection)
        self.sent(connection)

    @property
    def is_draining(self) -> bool:
        """True once the process is about to end: each answer closes its connection."""
        return self.draining.is_set()

    def drain(self) -> None:
        """Close each connection with its next answer, and say so to the client."""
        self.draining.set()
        for connection in tuple(self._open):
            connection.dismiss()

    def reach(self, limit: Limit) -> None:
        """Count a request or a connection that was ended for a limit."""
        self._reached[limit] += 1
        self._total[limit] += 1

    def hold(self, connection: Connection, size: int) -> None:
        """Count an answer of which `size` bytes wait for the client; too many end the connections that wait longest."""
        self.sent(connection)
        self._unsent[connection] = size
        self.unsent += size
        while self.unsent > self.limits.max_unsent_bytes:
            oldest = next(iter(self._unsent))
            self.sent(oldest)
            self.reach(Limit.UNSENT)
            oldest.abort()

    def sent(self, connection: Connection) -> None:
        """Count the answer no more: the client has taken it, or has gone."""
        self.unsent -= self._unsent.pop(connection, 0)

    def meters(self) -> Sequence[str]:
        """Gauges and counters, as lines that Prometheus reads."""
        gauges = {
            "newsstand_connections": ("Open connections.", len(self)),
            "newsstand_unfinished_bytes": ("Bytes of requests that have not come to their end.", self.unfinished),
            "newsstand_unsent_bytes": ("Bytes of answers that their clients have not taken.", self.unsent),
        }
        counter = "newsstand_limit_reached_total"
        return [
            *(
                line
                for name, (text, value) in gauges.items()
                for line in (f"# HELP {name} {text}", f"# TYPE {name} gauge", f"{name} {value}")
            ),
            f"# HELP {counter} Requests and connections that were ended for a limit.",
            f"# TYPE {counter} counter",
            *(f'{counter}{{limit="{limit}"}} {self._total[limit]}' for limit in Limit),
        ]

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in list(self._open):
            connection.check(now)
        log = structlog.get_logger("newsstand.server")
        for limit, times in self._reached.items():
            log.warning("limit reached", limit=limit, times=times)
        self._reached.clear()
        self._is_looking = bool(self._open)
        if self._is_looking:
            loop.call_later(self._tick, self._look, loop)


def _descriptors() -> int:
    """The number of files and connections that this process may have open."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource  # noqa: PLC0415 - Windows has none

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft
