"""Processes that serve one socket together."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Process

from gateway.config.errors import SIGNALLED, ServingError
from gateway.server.draining_server import WorkerServer

_LOOK = 0.1  # seconds between two looks at the processes
_PATIENCE = 30.0  # seconds in which a process that is well says so


class Workers:
    """Starts the processes, replaces those that are lost, and ends all of them after a signal.

    `make_server` is called in each process. They have `seconds` to end; a second signal ends them at once. `listening`
    is called once one of them answers requests.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket.socket,
        *,
        make_server: Callable[[], WorkerServer],
        seconds: float,
        listening: Callable[[], None],
    ) -> None:
        self._make = partial(_Worker, config, listener, make_server)
        self._listener = listener
        self._seconds = seconds
        self._listening = listening
        self._signals: list[signal.Signals] = []
        self._workers = [self._make() for _ in range(config.workers)]
        self._is_listening = False

    def run(self) -> signal.Signals:
        """Serve until a signal comes, and return it. Raises `ServingError` where a process could not start or end."""
        with self._handlers():
            for worker in self._workers:
                worker.start()
            try:
                while not self._signals:
                    time.sleep(_LOOK)
                    self._look_after()
            finally:
                self._end()
        if len(self._signals) > 1:
            sys.exit(SIGNALLED + self._signals[1])
        return self._signals[0]

    @contextmanager
    def _handlers(self) -> Iterator[None]:
        def take(number: int, _frame: FrameType | None) -> None:
            self._signals.append(signal.Signals(number))

        def hand_on(number: int, _frame: FrameType | None) -> None:
            for worker in self._workers:
                if worker.has_started and worker.pid:  # before that it would end of it
                    os.kill(worker.pid, number)

        before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
        if sys.platform != "win32":
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, hand_on)
        yield
        for number, handler in before.items():
            signal.signal(number, handler)

    def _look_after(self) -> None:
        now = time.monotonic()
        for place, worker in enumerate(self._workers):
            if worker.is_well(now):
                continue
            worker.kill()
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:
                raise ServingError("A worker process could not start")
            structlog.get_logger("newsstand.server").error("worker lost", pid=worker.pid, status=worker.exitcode)
            self._workers[place] = self._make()
            self._workers[place].start()
        if not self._is_listening and any(worker.has_started for worker in self._workers):
            self._is_listening = True
            self._listening()

    def _end(self) -> None:
        self._listener.close()  # those who wait to be let in wait for the processes alone
        for worker in self._workers:
            worker.terminate()
        over = time.monotonic() + self._seconds
        while running := [worker.process for worker in self._workers if worker.process.is_alive()]:
            time.sleep(_LOOK)
            is_late = time.monotonic() > over
            if is_late or len(self._signals) > 1:
                for process in running:
                    process.kill()
            if is_late:
                raise ServingError(f"A worker process did not end within {self._seconds} seconds, and was killed")


class _Worker(Process):
    """A process with a server of ours."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, make_server: Callable[[], WorkerServer]
    ) -> None:
        super().__init__(config, [listener])
        self.has_started = False
        """True once it answers requests."""
        self._make_server = make_server
        self._asked: float | None = None  # when it was asked if it is well, and has not answered

    @property
    def server(self) -> uvicorn.Server:
        """The server that runs in the process."""
        if self._server is None:
            self._server = self._make_server()
        return self._server

    def start(self) -> None:
        """Start the process, without the interrupts of a terminal, which all processes below it get."""
        if sys.platform == "win32":
            super().start()
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        super().start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def is_well(self, now: float) -> bool:
        """False where the process has ended, or has not answered for long."""
        try:
            while self.parent_conn.poll():
                self.has_started = self.parent_conn.recv()
                self._asked = None
            if self._asked is None:
                self._asked = now
                self.parent_conn.send(b"ping")
        except (OSError, EOFError):
            return False
        return self.process.is_alive() and now - self._asked < _PATIENCE
