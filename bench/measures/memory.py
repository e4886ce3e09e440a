"""The memory of processes, as Linux tells it in /proc."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

_PROCESSES = Path("/proc")
_INTERVAL = 0.1  # seconds between two looks at a tree of processes


class Memory(NamedTuple):
    """The memory that a process holds, in MB: all of it, and the part that is not a file's (which others can share)."""

    resident: float
    own: float


def memory() -> Memory:
    """The memory of this process."""
    return _memory("self")


def memory_of_tree(process: int) -> Memory:
    """The memory of a process and of all that it started; what they share counts for each of them."""
    each = [_memory(str(one)) for one in _tree(process)]
    return Memory(sum(one.resident for one in each), sum(one.own for one in each))


class PeakOfTree:
    """Watches a process and all that it starts, within a `with`. What processes share counts once (PSS)."""

    def __init__(self, process: int) -> None:
        self.megabytes = 0.0
        self._process = process
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_INTERVAL):
            self.megabytes = max(self.megabytes, sum(map(_proportional, _tree(self._process))))


def _memory(process: str) -> Memory:
    kilobytes = dict(re.findall(r"(\w+):\s+(\d+) kB", (_PROCESSES / process / "status").read_text()))
    return Memory(int(kilobytes["VmRSS"]) / 1024, int(kilobytes["RssAnon"]) / 1024)


def _tree(process: int) -> Iterator[int]:
    yield process
    for path in (_PROCESSES / str(process) / "task").glob("*/children"):
        for child in _text(path).split():
            yield from _tree(int(child))


def _proportional(process: int) -> float:
    found = re.search(r"Pss:\s+(\d+) kB", _text(_PROCESSES / str(process) / "smaps_rollup"))
    return int(found[1]) / 1024 if found else 0.0


def _text(path: Path) -> str:
    """The file's text; none where its process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
