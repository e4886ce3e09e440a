"""A client that goes away leaves nothing but a line in the log."""

import socket
import struct
import time
from collections.abc import Iterator

import httpx2
import pytest
from httpx2 import URL

from tests.gateway.library import write_index
from tests.gateway.server_process import Server, serving

QUERY = b'{"query": "{ articles { nodes { title similar { key } } } }"}'
POST = b"POST /graphql HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
SEARCH = b"GET /search.json?q=harvest HTTP/1.1\r\nHost: n\r\n"
ORIGIN = b"Origin: https://other.example\r\nAccept-Encoding: gzip\r\n\r\n"
REQUESTS = {
    "a query": POST % len(QUERY) + b"\r\n" + QUERY,
    "a page of another site": POST % len(QUERY) + ORIGIN + QUERY,
    "many searches behind each other": (SEARCH + b"\r\n") * 20,
    "many searches of another site": (SEARCH + ORIGIN) * 20,
    "feeds": b"GET /feed.atom HTTP/1.1\r\nHost: n\r\n\r\n" * 5,
    "a file": b"GET /static/graphiql/5.4.0-2/graphiql.js HTTP/1.1\r\nHost: n\r\n\r\n",
    "half a body": POST % 100 + b"\r\n" + QUERY[:9],
    "half a body of another site": POST % 100 + ORIGIN + QUERY[:9],
    "a body for what takes none": b"POST /search.json HTTP/1.1\r\nHost: n\r\nContent-Length: 9\r\n\r\n{",
    "half a head": SEARCH,
    "nothing": b"",
}
ROUNDS = 25


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("gone")
    write_index(folder)
    with serving(folder, "--content", str(folder / "nowhere")) as process:
        process.wait_for(200)
        yield process


def held(server: Server) -> dict[str, int]:
    """The bytes that it holds of requests and answers, in /metrics."""
    lines = httpx2.get(server.url("/metrics")).text.splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: int(samples[name]) for name in ("newsstand_unfinished_bytes", "newsstand_unsent_bytes")}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("is_rude", [False, True])
def test_no_traceback_is_logged_for_a_client_that_goes(server: Server, name: str, is_rude: bool) -> None:  # noqa: FBT001
    url = URL(server.url("/graphql"))
    for number in range(ROUNDS):
        with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
            if is_rude:  # the connection is reset, not closed
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(REQUESTS[name])
            time.sleep(number / 5000)  # it goes at another point of the work each time
    assert httpx2.get(server.url("/healthz")).status_code == 200
    deadline = time.monotonic() + 10
    while any(held(server).values()):
        assert time.monotonic() < deadline
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "Exception in ASGI" not in log
    assert {line["level"] for line in server.lines()} <= {"info", "warning"}
