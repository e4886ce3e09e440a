"""A loader: one HTTP/1.1 request, sent again and again over some connections, each answer awaited before the next."""

import selectors
import socket
import statistics
import sys
import time
from typing import NamedTuple

_HEAD_END = b"\r\n\r\n"


class Load(NamedTuple):
    """What a server bore: requests answered in a second, and the milliseconds of the median and the 99th percentile."""

    per_second: float
    median_ms: float
    p99_ms: float


class _Connection:
    """One connection with one request under way."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._answer = bytearray()

    def send(self) -> None:
        self._answer.clear()
        self.started = time.perf_counter()
        self.socket.sendall(self._request)

    def is_answered(self) -> bool:
        """Read what has come; whether the answer is whole. Raises RuntimeError for a status other than 200."""
        self._answer += self.socket.recv(1 << 18)
        end = self._answer.find(_HEAD_END)
        if end < 0:
            return False
        head = bytes(self._answer[:end]).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(f"the server answered {bytes(self._answer[:300])!r}")
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return len(self._answer) >= end + len(_HEAD_END) + length


def load(port: int, request: bytes, *, connections: int = 8, seconds: float = 3.0) -> Load:
    """Send `request` for `seconds` over so many connections at once."""
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = _Connection(port, request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    times: list[float] = []
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        for key, _ in selector.select():
            connection = key.data
            if connection.is_answered():
                times.append(time.perf_counter() - connection.started)
                connection.send()
    elapsed = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    times.sort()
    return Load(len(times) / elapsed, 1000 * statistics.median(times), 1000 * times[int(0.99 * len(times))])


if __name__ == "__main__":
    print(*load(int(sys.argv[1]), sys.stdin.buffer.read()))
