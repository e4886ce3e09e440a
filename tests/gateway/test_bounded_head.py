"""Requests over the wire: long ones, many at once, and such as no client sends."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from httpx2 import URL
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from gateway.bounded_head import BoundedHead
from tests.gateway.library import write_index
from tests.gateway.server_process import Server, serving

PIECE = 64 * 1024
QUERY = b'{"query": "{ __typename }"}'
GET = b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: n\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    write_index(folder)
    with serving(folder, "--content", str(folder / "nowhere")) as process:
        process.wait_for(200)
        yield process


def answer(server: Server, *sent: bytes) -> bytes:
    """All that the server says until it closes the connection."""
    url = URL(server.url("/graphql"))
    received = b""
    with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
        for piece in sent:
            connection.sendall(piece)
        while piece := connection.recv(PIECE):
            received += piece
    return received


class Wire(asyncio.Transport):
    """A connection of which nothing but what is written to it is known."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self._is_closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def close(self) -> None:
        self._is_closing = True

    def is_closing(self) -> bool:
        return self._is_closing

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def never_answering(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def fed(start: bytes, more: bytes, *, times: int) -> Wire:
    """The connection after `start` and as many times `more` as it takes."""
    wire = Wire()
    protocol = BoundedHead(Config(never_answering, log_config=None), ServerState(), {})
    protocol.connection_made(wire)
    protocol.data_received(start)
    for _ in range(times):
        if not wire.is_closing():
            protocol.data_received(more)
    if wire.is_closing():
        protocol.connection_lost(None)
    return wire


@pytest.mark.parametrize(
    ("start", "more"),
    [(GET + b"X: ", b"a" * 1000), (GET, b"X: a\r\n" * 100), (b"GET /graphql?query=", b"a" * 1000)],
    ids=["long header", "many headers", "address"],
)
async def test_a_head_without_end_is_refused(start: bytes, more: bytes):
    assert not fed(start, more, times=100).is_closing()
    wire = fed(start, more, times=300)
    assert wire.is_closing()
    head, _, body = wire.written.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"content-length: %d" % len(body) in head
    assert b"HEAD_TOO_LARGE" in body


async def test_a_trailer_without_end_ends_the_connection():
    """The request before it may have been answered in part: nothing can be said."""
    wire = fed(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", b"X: a\r\n" * 100, times=300)
    assert wire.is_closing()
    assert wire.written == b""


def test_what_is_long_but_bounded_is_read(server: Server):
    head = GET + b"X: %b\r\n" % (b"a" * 100_000)
    body = QUERY.ljust(900_000)
    posted = POST + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    pieces = b"".join(b"%x\r\n%b\r\n" % (1000, body[start : start + 1000]) for start in range(0, len(body), 1000))
    chunked = POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n%b0\r\n\r\n" % pieces
    said = answer(server, head + b"\r\n" + posted + head + b"\r\n", posted, chunked)
    assert said.count(b"HTTP/1.1 200 ") == said.count(b'{"data":{"__typename":"Query"}}') == 5


def test_requests_that_follow_each_other_at_once_are_answered_in_order(server: Server):
    head = GET.replace(b"GET", b"HEAD") + b"\r\n"
    last = GET.replace(b"__typename", b"b:__typename") + b"Connection: close\r\n\r\n"
    posted = POST + b"Content-Length: %d\r\n\r\n%b" % (len(QUERY), QUERY)
    said = answer(server, posted + head + GET + b"\r\n" + posted.replace(b"/json", b"/text") + last)
    assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"415", b"200"]
    assert said.count(b'{"data":{"__typename":"Query"}}') == 2
    assert said.endswith(b'{"data":{"b":"Query"}}')
