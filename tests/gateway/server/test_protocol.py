"""The server's protocol sends what Uvicorn's own sends, in fewer writes, and refuses heads that do not end."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import pytest
import uvicorn
import uvloop
from httpx2 import URL
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.http.request_log import IS_GONE
from gateway.server.protocol import Protocol
from tests.gateway.library import write_index
from tests.gateway.server_process import Server, serving

_Result = TypeVar("_Result")
Run = Callable[[Coroutine[Any, Any, _Result]], _Result]
PATIENCE = 10


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run[Any]]:
    """Runs a coroutine in a loop of one kind or the other. What goes wrong in a callback fails the test."""
    problems: list[object] = []
    with asyncio.Runner(loop_factory=request.param) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, problem: problems.append(problem))
        yield runner.run
        runner.run(asyncio.sleep(0))
    assert problems == []


async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901 - a case for each path
    """Answers as its path says."""
    path, headers = scope["path"], [(b"x-path", scope["path"].encode())]

    async def start(status: int = 200, *more: tuple[bytes, bytes]) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})

    async def body(content: bytes = b"", *, more: bool = False) -> None:
        await send({"type": "http.response.body", "body": content, "more_body": more})

    match path.removeprefix("/"):
        case "plain":
            await start(200, (b"content-length", b"5"))
            await body(b"hello")
        case "empty":
            await start(200, (b"content-length", b"0"))
            await body()
        case "unchanged":
            await start(304, (b"etag", b'"a"'))
            await body()
        case "nothing":
            await start(204)
            await body()
        case "chunks":
            await start()
            for chunk in (b"one", b"", b"HTTP/1.1 two", b"three" * 30_000):
                await body(chunk, more=True)
            await body(b"four")
        case "parts":
            await start(200, (b"content-length", b"16"))
            await body(b"abcd", more=True)
            await asyncio.sleep(0.001)
            await body(b"HTTP/1.1 200", more=True)
            await body()
        case "slow":
            await start(200, (b"content-length", b"4"))
            await asyncio.sleep(0.005)
            await body(b"slow")
        case "echo":
            read, message = b"", {"more_body": True}
            while message["more_body"]:
                message = await receive()
                read += message["body"]
            await start(200, (b"content-length", str(len(read)).encode()))
            await body(read)
        case "large":
            await start(200, (b"content-length", b"3000000"))
            await body(b"x" * 3_000_000)
        case "cut":
            await start(200, (b"content-length", b"9"))
            await body(b"cut", more=True)


class BareServer:
    """A server on a free port of this machine, with one protocol or the other."""

    def __init__(self, protocol: type[HttpToolsProtocol], application: Any = app) -> None:
        self._config = uvicorn.Config(
            application, lifespan="off", log_config=None, access_log=False, date_header=False, server_header=False
        )
        self._config.load()
        self._protocol = protocol
        self.state = ServerState()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: self._protocol(self._config, self.state, {}, loop), "127.0.0.1", 0
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._server.close()
        for connection in list(self.state.connections):
            connection.transport.close()
        async with asyncio.timeout(PATIENCE):
            while self.state.connections or self.state.tasks:  # noqa: ASYNC110 - Uvicorn has no event for it
                await asyncio.sleep(0.001)


def asking(path: str, method: str = "GET", *headers: str, body: str = "", version: str = "1.1") -> bytes:
    length = [f"Content-Length: {len(body)}"] if body else []
    lines = [f"{method} /{path} HTTP/{version}", "Host: n.example", *length, *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


CLOSE = "Connection: close"
END = asking("plain", "GET", CLOSE)


async def conversation(port: int, *said: bytes | tuple[bytes, bytes]) -> bytes:
    """All that comes back, until the server closes; of a pair, the second is waited for after the first was said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    read = b""
    async with asyncio.timeout(PATIENCE), closing(writer):
        for each in said:
            sent, awaited = each if isinstance(each, tuple) else (each, None)
            writer.write(sent)
            await writer.drain()
            if awaited:
                read += await reader.readuntil(awaited)
        read += await reader.read()
    return read


@asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
        await writer.wait_closed()


CONVERSATIONS: dict[str, Sequence[bytes | tuple[bytes, bytes]]] = {
    "one request": [END],
    "several, one after another": [(asking("plain"), b"hello"), (asking("chunks"), b"0\r\n\r\n"), END],
    "pipelined": [asking("plain") + asking("slow") + asking("unchanged") + asking("chunks") + asking("empty") + END],
    "pipelined posts": [asking("echo", "POST", body="a") + asking("echo", "POST", body="bcd") + END],
    "head": [(asking("plain", "HEAD"), b"\r\n\r\n"), (asking("chunks", "HEAD"), b"\r\n\r\n"), END],
    "pipelined heads": [asking("large", "HEAD") + asking("slow", "HEAD") + asking("nothing", "HEAD") + END],
    "without a body": [asking("unchanged") + asking("nothing") + asking("empty"), END],
    "chunks": [asking("chunks", "GET", CLOSE)],
    "parts": [asking("parts") + END],
    "slow": [(asking("slow"), b"\r\n\r\n"), END],
    "large": [asking("large") + asking("large") + END],
    "large and closed": [asking("large", "GET", CLOSE)],
    "slow and closed": [asking("slow", "GET", CLOSE)],
    "head and closed": [asking("plain", "HEAD", CLOSE)],
    "unchanged and closed": [asking("unchanged", "GET", CLOSE)],
    "old protocol": [asking("plain", version="1.0")],
    "continue": [
        (asking("echo", "POST", "Expect: 100-continue", "Content-Length: 4"), b"100 Continue\r\n\r\n"),
        (b"body", b"body"),
        END,
    ],
    "continue that nobody waits for": [asking("echo", "POST", "Expect: 100-continue", body="body") + END],
    "a body that comes bit by bit": [asking("echo", "POST", "Content-Length: 6", CLOSE), b"abc", b"def"],
    "cut off": [asking("cut")],
    "no answer": [asking("unknown")],
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_client_gets_what_uvicorn_sends(run: Run[bytes], name: str) -> None:
    async def answers(protocol: type[HttpToolsProtocol]) -> bytes:
        async with BareServer(protocol) as server:
            return await conversation(server.port, *CONVERSATIONS[name])

    expected = run(answers(HttpToolsProtocol))
    assert expected
    assert run(answers(Protocol)) == expected


def test_many_clients_at_once_get_their_own_answers(run: Run[list[bytes]]) -> None:
    async def answers() -> list[bytes]:
        async with BareServer(Protocol) as server:
            return await asyncio.gather(
                *(
                    conversation(server.port, asking("echo", "POST", body=f"{number}" * 100), END)
                    for number in range(40)
                )
            )

    for number, answer in enumerate(run(answers())):
        assert f"{number}".encode() * 100 in answer
        assert answer.endswith(b"hello")


@pytest.mark.parametrize("path", ["large", "slow", "chunks", "parts", "plain"])
@pytest.mark.parametrize("is_rude", [False, True])
def test_a_client_that_goes_away_does_no_harm(run: Run[bytes], path: str, is_rude: bool) -> None:  # noqa: FBT001
    async def goes_away(port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        if is_rude:  # the connection is reset, not closed
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.write(asking(path) * 3)
        await writer.drain()
        writer.transport.abort()

    async def answer() -> bytes:
        async with BareServer(Protocol) as server:
            for _ in range(5):
                await goes_away(server.port)
            return await conversation(server.port, asking(path), END)

    assert run(answer()).endswith(b"hello")


class Transport:
    """Remembers what is written, and with how many calls."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closing = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default if name != "sslcontext" else None

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def writelines(self, lines: Sequence[bytes]) -> None:
        self.write(b"".join(lines))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def connected(application: Any = app) -> tuple[Protocol, Transport]:
    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
    config.load()
    protocol, transport = Protocol(config, ServerState(), {}, asyncio.get_running_loop()), Transport()
    protocol.connection_made(transport)  # type: ignore[arg-type] # all of a transport that matters
    return protocol, transport


async def ticks(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        (asking("plain"), 1),
        (asking("empty"), 1),
        (asking("unchanged"), 1),
        (asking("plain", "HEAD"), 1),
        (asking("plain") * 3, 3),
        (asking("plain", "GET", CLOSE), 1),
        (asking("chunks"), 4),
        (asking("large"), 1),
        (b"nonsense\r\n\r\n", 1),
    ],
)
async def test_head_and_body_are_written_together(request_: bytes, count: int) -> None:
    protocol, transport = connected()
    protocol.data_received(request_)
    await ticks()
    assert [data[:9] for data in transport.writes[:1]] == [b"HTTP/1.1 "]
    assert len([data for data in transport.writes if data]) == count


async def test_a_head_whose_body_takes_its_time_is_written_by_itself() -> None:
    ready = asyncio.Event()

    async def waiting(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        await ready.wait()
        await send({"type": "http.response.body", "body": b"x"})

    protocol, transport = connected(waiting)
    protocol.data_received(asking(""))
    await ticks()
    assert [data[-4:] for data in transport.writes] == [b"\r\n\r\n"]
    ready.set()
    await ticks()
    assert transport.writes[1:] == [b"x"]


async def test_nothing_is_written_to_a_client_that_went_between_the_head_and_the_next_turn() -> None:
    async def going(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        transport.closing = True
        protocol.connection_lost(ConnectionResetError())

    protocol, transport = connected(going)
    protocol.data_received(asking(""))
    await ticks()
    assert transport.writes == []


async def test_what_is_closed_has_written_its_head() -> None:
    protocol, transport = connected()
    protocol.data_received(asking("plain", "HEAD", CLOSE))
    await ticks(3)
    assert (len(transport.writes), transport.closing) == (1, True)


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
    protocol = Protocol(Config(never_answering, log_config=None), ServerState(), {})
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


NO_REQUEST = b'{"errors":[{"message":"This is no HTTP request","extensions":{"code":"BAD_USER_INPUT"}}]}'


@pytest.mark.parametrize("before", [[], [(asking("plain"), b"hello")]])
@pytest.mark.parametrize("nonsense", [b"nonsense\r\n\r\n", asking("plain", "GET", "X: a\x01b")])
def test_what_is_no_request_is_refused_in_our_form(
    run: Run[bytes], before: list[tuple[bytes, bytes]], nonsense: bytes
) -> None:
    async def refusal() -> bytes:
        async with BareServer(Protocol) as server:
            return await conversation(server.port, *before, nonsense)

    head, body = run(refusal()).rpartition(b"HTTP/1.1 ")[2].split(b"\r\n\r\n")
    assert head.startswith(b"400 Bad Request\r\n")
    assert b"content-type: application/json; charset=utf-8\r\ncontent-length: %d" % len(body) in head
    assert body == NO_REQUEST


@pytest.mark.parametrize(("length", "status"), [(65_000, b"200"), (65_536, b"431"), (100_000, b"431")])
def test_an_address_that_the_parser_does_not_take_is_refused_as_too_long(
    run: Run[bytes], length: int, status: bytes
) -> None:
    async def refusal() -> bytes:
        async with BareServer(Protocol) as server:
            return await conversation(server.port, asking("plain?" + "a" * (length - 7), "GET", CLOSE))

    said = run(refusal())
    assert said.startswith(b"HTTP/1.1 " + status)
    assert (b"HEAD_TOO_LARGE" in said) == (status == b"431")


async def test_a_trailer_without_end_ends_the_connection():
    """The request before it may have been answered in part: nothing can be said."""
    wire = fed(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", b"X: a\r\n" * 100, times=300)
    assert wire.is_closing()
    assert wire.written == b""


def test_what_is_long_but_bounded_is_read(server: Server):
    head = GET + b"X: %b\r\n" % (b"a" * 100_000)
    body = QUERY.ljust(100_000)
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


def test_an_application_can_see_that_its_client_has_gone(run: Run[None]) -> None:
    async def goes() -> None:
        scopes: asyncio.Queue[Scope] = asyncio.Queue()

        async def watched(scope: Scope, receive: Receive, _send: Send) -> None:
            scopes.put_nowait(scope)
            while (await receive())["type"] != "http.disconnect":
                pass

        async with BareServer(Protocol, watched) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(asking("plain"))
            async with asyncio.timeout(PATIENCE):
                is_gone = (await scopes.get())[IS_GONE]
                assert not is_gone()
                writer.close()
                while not is_gone():  # noqa: ASYNC110 - a transport has no event for it
                    await asyncio.sleep(0.001)

    run(goes())
