"""Our protocol and Uvicorn's, each as a server on this machine, before an application of a few answers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any, Self, TypeVar

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.config.connection_limits import ConnectionLimits
from gateway.http.whole_answers import send_answer
from gateway.server.connections import Connections
from gateway.server.protocol import Protocol

_Result = TypeVar("_Result")
Run = Callable[[Coroutine[Any, Any, _Result]], _Result]
"""Runs a coroutine to its end."""
PATIENCE = 60
_KERNEL_BUFFER = 2**16  # so that answers that are not read wait in the server
_WHOLE = {
    "whole": (HTTPStatus.OK, b"hello"),
    "whole and large": (HTTPStatus.OK, b"x" * 3_000_000),
    "whole and empty": (HTTPStatus.NOT_FOUND, b""),
    "whole and unchanged": (HTTPStatus.NOT_MODIFIED, b""),
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901, PLR0912, PLR0915 - a case for each path
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
                if message["type"] == "http.disconnect":
                    return
                read += message["body"]
            await start(200, (b"content-length", str(len(read)).encode()))
            await body(read)
        case "large":
            await start(200, (b"content-length", b"3000000"))
            await body(b"x" * 3_000_000)
        case "cut":
            await start(200, (b"content-length", b"9"))
            await body(b"cut", more=True)
        case name if name in _WHOLE:
            status, content = _WHOLE[name]
            length = () if status == HTTPStatus.NOT_MODIFIED else ((b"content-length", b"%d" % len(content)),)
            await send_answer(send, status, (*headers, *length), content)


MakeProtocol = Callable[..., HttpToolsProtocol]


def ours(limits: ConnectionLimits | None = None, *, connections: Connections | None = None) -> MakeProtocol:
    """Makes protocols of ours, whose connections are counted together."""
    return partial(
        Protocol, connections=Connections(limits or ConnectionLimits()) if connections is None else connections
    )


class BareServer:
    """A server on a free port of this machine, with one protocol or the other."""

    def __init__(self, protocol: MakeProtocol, application: Any = app) -> None:
        self.config = uvicorn.Config(
            application, lifespan="off", log_config=None, access_log=False, date_header=False, server_header=False
        )
        self.config.load()
        self._protocol = protocol
        self.state = ServerState()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BUFFER)
        self.port: int = listener.getsockname()[1]
        self._server = await loop.create_server(
            lambda: self._protocol(self.config, self.state, {}, loop), sock=listener
        )
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
