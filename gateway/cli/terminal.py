"""Output for people on a terminal: safe to look at, in any encoding, and no reason to fail."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import TextIO

from rich.console import Console


def valid_text(argument: str) -> str:
    """An argument that may not be UTF-8, with a replacement character for each byte that is no text."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def escape_unencodable() -> None:
    """Let no character end a command that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # replaced by something that encodes nothing
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def results() -> Console:
    """Standard output, for results. A reader that has seen enough (`| head`) is no error; a full disk is."""
    return _console(_Unread(sys.stdout, ignored=BrokenPipeError))


def messages() -> Console:
    """Standard error, for progress and reports. Nothing that happens to it ends a command."""
    return _console(_messages())


def message_stream() -> TextIO:
    """The same as a stream of text."""
    stream: TextIO = _messages()  # type: ignore[assignment]  # a logger writes and flushes only
    return stream


def _messages() -> "_Unread":
    return _Unread(sys.stderr, ignored=OSError)


def _console(stream: "_Unread") -> Console:
    file: TextIO = stream  # type: ignore[assignment]  # Rich calls these five methods only
    console = Console(file=file)
    # Without colours, Rich would still send codes for bold text.
    return Console(file=file, color_system=None, no_color=True) if console.no_color else console


class _Unread(TextIOBase):
    """A stream whose end may be closed."""

    def __init__(self, stream: TextIO, *, ignored: type[OSError]) -> None:
        self._stream = stream
        self._ignored = ignored

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        with self._tolerance():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._tolerance():
            self._stream.flush()

    @contextmanager
    def _tolerance(self) -> Iterator[None]:
        """Ignore the errors. What is written later, also at the end of Python, goes nowhere then."""
        try:
            yield
        except self._ignored:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
