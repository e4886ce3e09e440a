"""A server that lets its clients go before it closes."""

import asyncio
import ctypes
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import structlog
import uvicorn

from gateway.config.errors import SIGNALLED
from gateway.server.connections import Connections

_LAST_CALL = 0.5  # seconds in which connections that were let in last are answered
_LOOK = 0.05  # seconds between two looks at them
_ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux
# A program of the classic packet filter: drop a segment that has SYN among its flags, in byte 13; keep all others.
_NO_SYN = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 2**32 - 1))
)


class DrainingServer(uvicorn.Server):
    """Uvicorn's server. Between a signal that ends it and its end, `drain_seconds` pass in which it answers as before.

    In that time the readiness probe says 503, so that balancers send nothing more, and each answer closes its
    connection. Then no further connection is let in, and those that wait for it are answered.

    `listening` is called once requests are answered. A second signal ends the process at once.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        connections: Connections,
        drain_seconds: float,
        listening: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self.end: signal.Signals | None = None
        """The signal that ends the server."""
        self._connections = connections
        self._drain_seconds = drain_seconds
        self._listening = listening
        self._closes_at = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._listening()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - Uvicorn's handler of signals
        """Begin to end, or end."""
        if self.end:
            os._exit(SIGNALLED + sig)
        self.end = signal.Signals(sig)

    async def on_tick(self, counter: int) -> bool:
        """True where the time has come to close, also for a signal that came before the first request could."""
        self.should_exit = self.end is not None  # not earlier: a server that has just started would close at once
        if not await super().on_tick(counter):
            return False
        now = time.monotonic()
        if not self._closes_at:
            self._closes_at = now + self._drain_seconds
            self._connections.drain()
            structlog.get_logger("newsstand.server").info(
                "draining", seconds=self._drain_seconds, remedy="a second signal ends the server at once"
            )
        return now >= self._closes_at

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close when those are answered that have been let in."""
        for listener in sockets or ():
            let_nobody_in(listener)
        for _ in range(int(_LAST_CALL / _LOOK)):
            await asyncio.sleep(_LOOK)
            if not any(_is_waiting(connection) for connection in self.server_state.connections):
                break
        await super().shutdown(sockets)


class WorkerServer(DrainingServer):
    """The server of a worker process, which obeys its supervisor alone: that ends it at once by other means.

    Where the supervisor is gone, the server closes, so that another one can have its address.
    """

    def __init__(self, config: uvicorn.Config, *, connections: Connections, drain_seconds: float) -> None:
        super().__init__(config, connections=connections, drain_seconds=drain_seconds)
        self._supervisor = os.getppid()

    async def on_tick(self, counter: int) -> bool:
        """True where the time has come to close."""
        return os.getppid() != self._supervisor or await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, at the first signal."""
        if not self.end:
            super().handle_exit(sig, frame)


def let_nobody_in(listener: socket.socket) -> None:
    """Ignore those who would connect, rather than let them in and reset them when the socket closes.

    Linux alone can do that. They try again a second later, and are refused then.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(_NO_SYN)
    filter_ = struct.pack("HL", len(_NO_SYN) // struct.calcsize("HBBI"), ctypes.addressof(program))
    with suppress(OSError):  # not every kernel that calls itself Linux can
        listener.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, filter_)


def _is_waiting(connection: object) -> bool:
    """True for a connection that has sent no request yet, or waits for an answer."""
    cycle = getattr(connection, "cycle", None)
    return cycle is None or not cycle.response_complete
