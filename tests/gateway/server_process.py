"""`newsstand serve` as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import orjson

NEWSSTAND = (sys.executable, "-c", "from gateway.cli.main import main; main()")
COMMAND = (*NEWSSTAND, "serve", "--port", "0")
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `log` is the file that its standard error goes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, object]]:
        """The lines that it has logged so far, without those that are for people."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines() if line.startswith(b"{")]

    def url(self, path: str) -> str:
        """The address of `path` on the server."""
        [listening] = [line for line in self.lines() if line["event"] == "listening"]
        return str(listening["url"]).replace("/graphql", path)

    def readiness(self) -> int:
        """The status of its readiness probe; 0 while it does not answer at all."""
        try:
            return httpx2.get(self.url("/readyz")).status_code
        except (httpx2.TransportError, ValueError):
            return 0

    def wait_for(self, readiness: int) -> None:
        """Wait until its readiness probe has this status."""
        deadline = time.monotonic() + PATIENCE
        while self.readiness() != readiness:
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def stop(self, number: signal.Signals) -> int:
        """Send it a signal; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(folder: Path, *options: str, index: str | None = None, **variables: str) -> Iterator[Server]:
    """A server with the index below `folder`, or another, started with further options and variables; then it is gone.

    Its log lies in `folder`.
    """
    log = folder / "log"
    command = (*COMMAND, "--index", index or str(folder / "index"), *options)
    environment = {
        **os.environ,
        "NEWSSTAND_LOG_FORMAT": "json",
        "NEWSSTAND_REFRESH_SECONDS": "0.1",
        "NEWSSTAND_DRAIN_SECONDS": "0",
        **variables,
    }
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stderr=output, env=environment) as process,  # noqa: S603 - it is our own command
    ):
        try:
            yield Server(process, log)
        finally:
            process.terminate()
