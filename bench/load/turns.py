"""Rounds of load: in each, all servers start anew, and take turns operation by operation, one of them at a time."""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

from measures.memory import Memory
from servers.server import Running, Server, running

from load.operations import Operation
from load.request import Request
from load.wrk import Load, Loader

_WARM_UP = 3  # seconds of each load that do not count, after each text has been searched for once
_CLIENTS = 32  # connections that together bring about half of what a server bears

Loads = dict[str, list[Load]]


class Pauses(NamedTuple):
    """The pauses of a server's garbage collector since it began to answer."""

    number: int
    seconds: float
    longest: float


@dataclass(slots=True)
class Measured:
    """Measures of one server in all rounds: loads by operation, seconds until the first answer, memory.

    `full` is by all connections, `alone` by one. Pauses are those of the garbage collector, where a server tells them.
    """

    full: Loads = field(default_factory=lambda: defaultdict(list))
    half: Loads = field(default_factory=lambda: defaultdict(list))
    alone: Loads = field(default_factory=lambda: defaultdict(list))
    pauses: list[Pauses] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)


class Turns:
    """Operations, asked of all servers. Of the first one, it is also measured how it does at half of its load."""

    def __init__(self, servers: Sequence[Server], operations: Sequence[Operation], loader: Loader) -> None:
        self._servers = servers
        self._operations = operations
        self._loader = loader
        self._turn = 0
        self.measured = {server.name: Measured() for server in servers}

    def play(self) -> None:
        """One more round."""
        with ExitStack() as stack:
            started = [stack.enter_context(running(server)) for server in self._servers]
            for operation in self._operations:
                first = self._turn % len(started)
                self._turn += 1
                self._ask(operation, started[first:] + started[:first])
                self._ask_at_half(operation, started[0].server)
            for each in started:
                self.measured[each.server.name].seconds.append(each.seconds)
                self.measured[each.server.name].memory.append(each.memory())
                self.measured[each.server.name].pauses += pauses_of(each.server.port)

    def _ask(self, operation: Operation, started: Iterable[Running]) -> None:
        for server in [each.server for each in started if operation.name in each.server.asked]:
            written = _written(operation, server)
            warming = written[len(written) // 2 :] if operation.once else written
            for request in () if operation.once else server.requests(operation):
                request.answer(server.port)
            self._loader._replace(seconds=_WARM_UP).load(warming, server.port)
            measured = self.measured[server.name]
            measured.full[operation.name].append(self._loader.load(written, server.port))
            alone = self._loader._replace(connections=1)
            measured.alone[operation.name].append(alone.load(written[::-1], server.port))

    def _ask_at_half(self, operation: Operation, server: Server) -> None:
        measured = self.measured[server.name]
        answering = 1000 / measured.full[operation.name][-1].per_second
        think = (2 * _CLIENTS - 1) * answering
        loader = self._loader._replace(connections=_CLIENTS)
        measured.half[operation.name].append(loader.load(_written(operation, server), server.port, think_ms=think))


def pauses_of(port: int) -> list[Pauses]:
    """The pauses that a server tells at `/metrics`; none where it does not."""
    told = Request("/metrics").answer(port).body.decode(errors="replace")
    values = dict(re.findall(r"^newsstand_collector_(\w+) ([\d.]+)$", told, re.MULTILINE))
    names = ("pauses_total", "pause_seconds_total", "longest_pause_seconds")
    return [Pauses(int(values[names[0]]), *(float(values[name]) for name in names[1:]))] if values else []


def median(loads: Iterable[Load]) -> Load:
    """The median of each number."""
    return Load(*map(statistics.median, zip(*loads, strict=True)))


def _written(operation: Operation, server: Server) -> list[bytes]:
    return [request.written(server.port) for request in server.requests(operation)]
