"""The process of the watcher, beside those that serve: started again where it ends, and ended with them."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

import structlog

from gateway.config.settings import Settings
from gateway.http import logs
from indexer.search.engine import IndexWriter

OpenWriter = Callable[[], IndexWriter]

_NICENESS = 10
_PATIENCE_SECONDS = 5
_LONG_LIFE_SECONDS = 60
_LONGEST_PAUSE_SECONDS = 60


class BuilderProcess:
    """Runs a watcher in a process of its own, while its context is open.

    The process holds one end of a pipe: however the other end goes, also with a process that is killed, it ends.
    """

    def __init__(self, settings: Settings, *, open_writer: OpenWriter) -> None:
        """Take the settings, and a function that starts a build, to be called in the process."""
        self._settings = settings
        self._open_writer = open_writer
        self._spawning = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._keeper = threading.Thread(target=self._keep, name="newsstand-builder", daemon=True)
        self._log = structlog.get_logger("newsstand.watch")

    def __enter__(self) -> Self:
        self._start()
        self._keeper.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._pipe:
            self._pipe.close()
        if self._process:
            self._process.join(_PATIENCE_SECONDS)
            self._process.kill()
        self._keeper.join()

    def _start(self) -> None:
        ending, self._pipe = self._spawning.Pipe(duplex=False)
        self._process = self._spawning.Process(
            target=run, args=(self._settings, self._open_writer, ending), name="newsstand-builder", daemon=False
        )
        self._process.start()
        ending.close()

    def _keep(self) -> None:
        """Start the process again whenever it ends, after a pause that grows while it does not live long."""
        pause = 1.0
        while True:
            started = time.monotonic()
            assert self._process  # noqa: S101 - it was started before
            self._process.join()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > _LONG_LIFE_SECONDS:
                pause = 1.0
            code = self._process.exitcode
            self._log.error("the building process ended, and starts again", exit_code=code, pause_seconds=pause)
            if self._stopping.wait(pause):
                return
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            self._start()


def run(settings: Settings, open_writer: OpenWriter, ending: Connection) -> None:
    """Watch the content folder until the other end of `ending` is closed."""
    from gateway.watch.events import Events  # noqa: PLC0415 - only this process needs it
    from gateway.watch.watcher import Watcher  # noqa: PLC0415 - likewise

    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # meant for those that serve, and this ends with them
    with suppress(OSError):
        os.nice(_NICENESS)
    logs.configure(settings)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it logs how many changes it noticed
    stop = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ending, stop), daemon=True).start()
    events = Events(settings.content, mode=settings.watch, stop=stop)
    Watcher(settings, events, open_writer=open_writer).run(stop)


def _wait_for_end(ending: Connection, stop: threading.Event) -> None:
    with suppress(EOFError, OSError):
        ending.recv()
    stop.set()
