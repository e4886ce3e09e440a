"""The server under attack: the processor time and memory of its process, and what it logs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from servers.registry import newsstand
from servers.server import Running, Server, running

_SCHEDULER_CLOCK = 2  # the precise kind of a process's processor clock; see clock_getcpuclockid(3)


class Attacked:
    """A server's process."""

    def __init__(self, server: Running) -> None:
        self._running = server
        self.port = server.server.port
        self._clock = (~server.process.pid << 3) | _SCHEDULER_CLOCK
        self._last = 0.0

    def cpu(self) -> float:
        """The processor seconds that the process has taken, those of all its threads together."""
        with suppress(OSError):  # it has ended
            self._last = time.clock_gettime(self._clock)
        return self._last

    def megabytes(self) -> float:
        """The memory that it takes; 0 once it has ended."""
        return self._running.memory().resident if self.is_alive() else 0.0

    def is_alive(self) -> bool:
        """True while the process is there."""
        return self._running.process.poll() is None

    def log(self) -> str:
        """The lines that it has logged."""
        return self._running.said()


@contextmanager
def attacked(index: Path, environment: Mapping[str, str], descriptors: int | None) -> Iterator[Attacked]:
    """Start a server with so many file descriptors at most, and wait for its first answer."""
    server = newsstand(index, environment)
    if descriptors:
        server = _limited(server, descriptors)
    with running(server) as started:
        yield Attacked(started)


def _limited(server: Server, descriptors: int) -> Server:
    limited = ["sh", "-c", f'ulimit -n {descriptors} && exec "$@"', "sh", *server.command]
    return Server(
        name=server.name, port=server.port, command=limited, asked=server.asked, environment=server.environment
    )
