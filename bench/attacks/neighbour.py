"""A well-behaved client in a process of its own, from an address of its own: a feed page at a steady rate.

python bench/attacks/neighbour.py PORT < (a line with the request in hexadecimal digits, and then the end)
"""

import http.client
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple, Self

RATE = 25
"""Requests a second."""
_PATIENCE = 30  # seconds for an answer
_HOST = "127.0.0.1"
_OWN = "127.0.0.3"  # so that it is another client than those who attack


class Sample(NamedTuple):
    """A request that was due at a time of the monotonic clock, and the seconds from then until its answer."""

    due: float
    seconds: float


class Neighbour:
    """The client's process, within a `with`."""

    def __init__(self, port: int, path: str, body: bytes) -> None:
        command = [sys.executable, __file__, str(port), path]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdin is None:
            raise AssertionError
        self._process.stdin.write(body.hex() + "\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def samples(self) -> Sequence[Sample]:
        """All samples; the client ends."""
        try:
            told, _ = self._process.communicate(timeout=2 * _PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            told, _ = self._process.communicate()
        return [Sample(*map(float, line.split())) for line in told.splitlines()]


def main(port: int, path: str) -> None:
    """Send until the input ends. What is overdue is sent at once, and its time counts from when it was due."""
    body = bytes.fromhex(sys.stdin.readline())
    connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE, source_address=(_OWN, 0))
    due = time.monotonic()
    lost = 0
    while lost < 3:  # noqa: PLR2004  # a server that is gone
        is_answered = _is_answered(connection, path, body)
        lost = 0 if is_answered else lost + 1
        print(due, time.monotonic() - due if is_answered else _PATIENCE, flush=True)
        due += 1 / RATE
        if select.select([sys.stdin], [], [], max(0, due - time.monotonic()))[0]:
            break


def _is_answered(connection: http.client.HTTPConnection, path: str, body: bytes) -> bool:
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return False
    return response.status == 200  # noqa: PLR2004  # OK


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
