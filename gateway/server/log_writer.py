"""A stream for log lines that never makes its caller wait."""

import atexit
import os
import select
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from io import TextIOBase
from threading import Event, RLock, Thread

import structlog

Line = dict[str, object]
Render = Callable[[Line], str]
"""Makes text of a line, with its end."""

_MOST_CHARACTERS = 4_000_000
_LATE_CHARACTERS = 400  # of a line that is not text yet, about
_TOGETHER = 0.02  # seconds in which lines gather, to be written at once
_PATIENCE = 2.0  # seconds for the last lines of a process


class LogWriter(TextIOBase):
    """Writes text to a file descriptor from a thread of its own, in order and many lines at once.

    A disk may be slow, and nobody may read a pipe: lines wait in memory then, up to `most` characters. Further ones are
    dropped, and a line tells how many as soon as there is room again. The last lines are written when the process ends,
    unless it is killed; a stream that nobody reads holds that up for two seconds at most.
    """

    def __init__(self, descriptor: int, *, most: int = _MOST_CHARACTERS) -> None:
        self._descriptor = descriptor
        self._most = most
        self._lines: deque[str | tuple[Line, Render]] = deque()
        self._characters = 0
        self._dropped = 0
        self._lock = RLock()  # what the collector ends within may log
        self._has_lines = Event()
        self._is_closing = Event()
        self._log = structlog.get_logger("newsstand.log")
        self._thread = Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def write(self, text: str) -> int:
        """Take text, to be written soon. Never waits for a file."""
        self._take(text, len(text))
        return len(text)

    def write_later(self, line: Line, render: Render) -> None:
        """Take a line, of which the thread makes text: many in a row are rendered faster than each within a request."""
        self._take((line, render), _LATE_CHARACTERS)

    def _take(self, entry: str | tuple[Line, Render], characters: int) -> None:
        with self._lock:
            if self._characters + characters > self._most:
                self._dropped += 1
                return
            self._characters += characters
            self._lines.append(entry)
        if not self._has_lines.is_set():
            self._has_lines.set()

    @property
    def waiting(self) -> int:
        """The number of characters that are not written yet."""
        return self._characters

    def flush(self) -> None:
        """Nothing: lines are on their way."""

    def close(self) -> None:
        """Write what waits, and end."""
        self._is_closing.set()
        self._has_lines.set()
        self._thread.join(_PATIENCE)
        atexit.unregister(self.close)

    def _write_all(self) -> None:
        while not self._is_closing.is_set():
            self._has_lines.wait()
            self._is_closing.wait(_TOGETHER)
            self._has_lines.clear()
            self._write_waiting()
        while self._lines:
            self._write_waiting()

    def _write_waiting(self) -> None:
        """Write all lines, and then tell of those that were dropped meanwhile."""
        with self._lock:
            entries = [*self._lines]
            self._lines.clear()
        text = "".join(map(_text, entries))
        is_written = self._written(text.encode(errors="backslashreplace"))
        with self._lock:
            self._characters -= sum(map(_characters, entries))
            if not is_written:  # to be told once lines are written again
                self._dropped += text.count("\n")
                return
            dropped, self._dropped = self._dropped, 0
        if dropped:
            self._log.warning("log lines were dropped", lines=dropped)

    def _written(self, data: bytes) -> bool:
        """True if all was written. False where the file takes no more, such as one on a full disk."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._descriptor, view) :]
            except BlockingIOError:
                with suppress(OSError):
                    select.select((), (self._descriptor,), ())
            except OSError:
                return False
        return True


def _text(entry: str | tuple[Line, Render]) -> str:
    if isinstance(entry, str):
        return entry
    line, render = entry
    return render(line)


def _characters(entry: str | tuple[Line, Render]) -> int:
    return len(entry) if isinstance(entry, str) else _LATE_CHARACTERS
