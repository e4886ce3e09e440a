"""Engines that serve, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import orjson
from corpora.queries import Query
from measures.memory import Memory


class Ready(NamedTuple):
    """The seconds until the index was open and until the first answer, and the memory before and then."""

    opened: float
    answered: float
    before: Memory
    then: Memory


class Serving:
    """One engine's process; see `serving`."""

    def __init__(self, process: "subprocess.Popen[bytes]", first: Query) -> None:
        self._process = process
        self._write([first])
        opened, answered, before, then = self._read()
        self.ready = Ready(opened, answered, Memory(*before), Memory(*then))

    def times(self, queries: Sequence[Query]) -> list[float]:
        """The milliseconds that each query took within the process."""
        self._write(["time", queries])
        return self._read()

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """The number of documents that match each query."""
        self._write(["count", queries])
        return self._read()

    def memory(self) -> Memory:
        """The memory of the process now."""
        self._write(["memory", []])
        return Memory(*self._read())

    def _write(self, question: Sequence[object]) -> None:
        stream = self._process.stdin
        if stream is None:
            raise AssertionError
        stream.write(orjson.dumps(question) + b"\n")
        stream.flush()

    def _read(self) -> list:
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            raise SystemExit("an engine's process has ended; see above")
        answer: list = orjson.loads(line)
        return answer


@contextmanager
def serving(name: str, folder: Path, first: Query) -> Iterator[Serving]:
    """Start an engine on the index in the folder, and wait for its first answer."""
    command = [sys.executable, "-m", "load.worker", name, folder.resolve()]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Serving(process, first)
    finally:
        process.communicate()
