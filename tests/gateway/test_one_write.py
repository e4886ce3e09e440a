"""The server's protocol sends what Uvicorn's own sends, in fewer writes."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import pytest
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.one_write import OneWrite

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


class Server:
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
    "no request": [b"nonsense\r\n\r\n"],
    "nonsense after a request": [(asking("plain"), b"hello"), b"nonsense\r\n\r\n"],
    "cut off": [asking("cut")],
    "no answer": [asking("unknown")],
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_client_gets_what_uvicorn_sends(run: Run[bytes], name: str) -> None:
    async def answers(protocol: type[HttpToolsProtocol]) -> bytes:
        async with Server(protocol) as server:
            return await conversation(server.port, *CONVERSATIONS[name])

    expected = run(answers(HttpToolsProtocol))
    assert expected
    assert run(answers(OneWrite)) == expected


def test_many_clients_at_once_get_their_own_answers(run: Run[list[bytes]]) -> None:
    async def answers() -> list[bytes]:
        async with Server(OneWrite) as server:
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
        async with Server(OneWrite) as server:
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


def connected(application: Any = app) -> tuple[OneWrite, Transport]:
    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
    config.load()
    protocol, transport = OneWrite(config, ServerState(), {}, asyncio.get_running_loop()), Transport()
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
