"""The loader: wrk, one thread on the core that servers do not use."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

_SCRIPT = Path(__file__).with_suffix(".lua")
_TIMEOUT = "60s"  # a slow answer is a slow answer, and no error


class Load(NamedTuple):
    """The load that a server bore: answers in a second, milliseconds until they came, and their size with heads."""

    per_second: float
    median_ms: float
    p99_ms: float
    p999_ms: float
    kilobytes: float


class Loader(NamedTuple):
    """Sends requests for so many seconds over so many connections, each answer awaited before the next request."""

    connections: int
    seconds: int

    def load(self, requests: Iterable[bytes], port: int, *, think_ms: float = 0) -> Load:
        """Send the requests by turns; each connection waits so long, in the mean, before each.

        Raises SystemExit where an answer is an error, or does not come.
        """
        with NamedTemporaryFile() as file:
            file.writelines(request + b"\0" for request in requests)
            file.flush()
            options = [f"-c{self.connections}", f"-d{self.seconds}", f"--timeout={_TIMEOUT}", f"--script={_SCRIPT}"]
            url = f"http://127.0.0.1:{port}"
            command = [*on_core(-1), "wrk", "-t1", *options, url, "--", file.name, str(think_ms)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        return _load(done)


def check_tools() -> None:
    """Stop where something is missing that the comparison cannot do without."""
    for tool, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if not shutil.which(tool):
            raise SystemExit(f"{tool} is missing; install Debian's package with: apt-get install {package}")
    if len(os.sched_getaffinity(0)) == 1:
        raise SystemExit("There is one core only; the servers need one, and the loader another")


def version() -> str:
    """The loader's name and version."""
    told = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return " ".join(told.split()[:2])


def on_core(which: int) -> list[str]:
    """The prefix that keeps a command on one core."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[which])]


def _load(done: "subprocess.CompletedProcess[str]") -> Load:
    """The last lines that the script printed."""
    found = re.search(r"^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        raise SystemExit(f"wrk failed:\n{done.stdout}{done.stderr}")
    answers, microseconds, size, median, p99, p999, failed = map(int, found.groups())
    if failed or not answers:
        raise SystemExit(f"{failed} of {answers} answers were errors:\n{done.stdout}")
    return Load(answers / microseconds * 1e6, median / 1e3, p99 / 1e3, p999 / 1e3, size / answers / 1e3)
