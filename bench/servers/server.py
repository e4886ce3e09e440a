"""A server that is compared, and one that runs."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from load.operations import PATH, Operation, first_request
from load.request import Request
from load.wrk import on_core
from measures.memory import Memory, memory_of_tree

ROOT = Path(__file__).parents[2]
_PATIENCE = 180  # seconds until the first answer
_FAREWELL = 15  # seconds until it has ended by itself
_LONGEST_LOG = 2**26  # bytes
_INTERVAL = 0.01  # seconds between two attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The start of a server on its port, with some environment, and the operations that it is asked.

    `path` is where it answers; `{slug}` in it stands for the operation's.
    """

    name: str
    port: int
    command: Sequence[str | Path]
    asked: frozenset[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    path: str = PATH

    def requests(self, operation: Operation) -> Iterator[Request]:
        """The operation's requests, to where this server answers them."""
        path = self.path.format(slug=operation.slug)
        return (request._replace(path=request.path.replace(PATH, path, 1)) for request in operation.requests)


class Running(NamedTuple):
    """A server that answers; `seconds` went by from its start to the first answer."""

    server: Server
    process: "subprocess.Popen[bytes]"
    seconds: float
    told: IO[bytes]

    def memory(self) -> Memory:
        """The memory that it takes, with all processes that it started."""
        return memory_of_tree(self.process.pid)

    def said(self) -> str:
        """The text that it has written to its outputs."""
        return os.pread(self.told.fileno(), _LONGEST_LOG, 0).decode(errors="replace")


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """Start a server on the first core, and wait for its first answer. Raises SystemExit where none comes."""
    with TemporaryFile() as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*on_core(0), *server.command],
            cwd=ROOT,
            env={**os.environ, **server.environment},
            stdout=told,
            stderr=told,
        )
        try:
            _await_answer(server, process, told)
            yield Running(server, process, time.perf_counter() - started, told)
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_FAREWELL)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_answer(server: Server, process: "subprocess.Popen[bytes]", told: IO[bytes]) -> None:
    request = next(server.requests(Operation("feed page", [first_request()])))
    deadline = time.perf_counter() + _PATIENCE
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            status, _, body = request.answer(server.port)
        except OSError:
            time.sleep(_INTERVAL)
            continue
        if status == 200:  # noqa: PLR2004  # OK
            return
        raise SystemExit(f"{server.name} answered {status}: {body.decode()}")
    told.seek(0)
    raise SystemExit(f"{server.name} does not answer. It said:\n{told.read().decode()}")
