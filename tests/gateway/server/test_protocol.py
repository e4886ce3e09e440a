"""The server's protocol sends what Uvicorn's own sends, in fewer writes, and refuses heads that do not end."""

import asyncio
import socket
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import uvicorn
from httpx2 import URL
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.config.connection_limits import ConnectionLimits
from gateway.http.request_log import IS_GONE
from gateway.http.whole_answers import send_answer
from gateway.server.connections import Connections
from tests.gateway.bare_server import (
    CLOSE,
    END,
    PATIENCE,
    BareServer,
    MakeProtocol,
    Run,
    app,
    asking,
    conversation,
    ours,
)
from tests.gateway.library import write_index
from tests.gateway.server_process import Server, serving

CONVERSATIONS: dict[str, Sequence[bytes | tuple[bytes, bytes]]] = {
    "one request": [END],
    "several, one after another": [(asking("plain"), b"hello"), (asking("chunks"), b"0\r\n\r\n"), END],
    "pipelined": [asking("plain") + asking("slow") + asking("unchanged") + asking("chunks") + asking("empty") + END],
    "pipelined posts": [asking("echo", "POST", body="a") + asking("echo", "POST", body="bcd") + END],
    "head": [(asking("plain", "HEAD"), b"\r\n\r\n"), (asking("chunks", "HEAD"), b"\r\n\r\n"), END],
    "pipelined heads": [asking("large", "HEAD") + asking("slow", "HEAD") + asking("nothing", "HEAD") + END],
    "without a body": [asking("unchanged") + asking("nothing") + asking("empty"), END],
    "chunks": [asking("chunks", "GET", CLOSE)],
    "whole": [
        (asking("whole"), b"hello"),
        (asking("whole%20and%20unchanged"), b"\r\n\r\n"),
        asking("whole", "GET", CLOSE),
    ],
    "pipelined wholes": [asking("whole") + asking("slow") + asking("whole%20and%20empty") + asking("whole") + END],
    "whole heads": [asking("whole", "HEAD") + asking("whole%20and%20large", "HEAD") + END],
    "whole and large": [asking("whole%20and%20large") + asking("whole%20and%20large") + asking("whole", "GET", CLOSE)],
    "whole in the old protocol": [asking("whole", version="1.0")],
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
    async def answers(protocol: MakeProtocol) -> bytes:
        async with BareServer(protocol) as server:
            return await conversation(server.port, *CONVERSATIONS[name])

    expected = run(answers(HttpToolsProtocol))
    assert expected
    assert run(answers(ours())) == expected


def test_many_clients_at_once_get_their_own_answers(run: Run[list[bytes]]) -> None:
    async def answers() -> list[bytes]:
        async with BareServer(ours()) as server:
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
        async with BareServer(ours()) as server:
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


def connected(application: Any = app) -> tuple[HttpToolsProtocol, Transport]:
    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
    config.load()
    protocol, transport = ours()(config, ServerState(), {}, asyncio.get_running_loop()), Transport()
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
        (asking("whole"), 1),
        (asking("whole%20and%20unchanged") * 3, 3),
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


@pytest.mark.parametrize("header", [(b"a", b"b\r\nc: d"), (b"a\nb", b"c")])
async def test_a_header_of_several_lines_is_not_sent(header: tuple[bytes, bytes]) -> None:
    async def injected(_scope: Scope, _receive: Receive, send: Send) -> None:
        with pytest.raises(ValueError, match="several lines"):
            await send_answer(send, 200, [header, (b"content-length", b"0")], b"")
        await send_answer(send, 500, [(b"content-length", b"0")], b"")

    protocol, transport = connected(injected)
    protocol.data_received(asking(""))
    await ticks()
    [written] = transport.writes
    assert written.startswith(b"HTTP/1.1 500 ")


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
    return fed_with(start, *[more] * times)


def fed_with(*pieces: bytes, connections: Connections | None = None) -> Wire:
    """The connection after as many of the pieces as it takes."""
    wire = Wire()
    protocol = ours(connections=connections)(Config(never_answering, log_config=None), ServerState(), {})
    protocol.connection_made(wire)
    for piece in pieces:
        if not wire.is_closing():
            protocol.data_received(piece)
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


DAILY = "https://daily.example"


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([asking("plain", "GET", f"Origin: {DAILY}", "X-Request-ID: mine", "X: a\x01b")], b"400"),
        ([asking("plain", "GET", f"Origin: {DAILY}", "X-Request-ID: mine", f"X: {'a' * 140_000}")], b"431"),
        (
            [asking("plain", "POST", f"Origin: {DAILY}", "X-Request-ID: mine", "Content-Length: 9999"), b"a" * 2000],
            b"503",
        ),
    ],
)
async def test_pages_of_other_sites_may_read_a_refusal_and_it_has_the_id_of_its_request(
    pieces: list[bytes], status: bytes
):
    connections = Connections(ConnectionLimits(max_unfinished_bytes=1000), cors_origins=(DAILY,))
    head = fed_with(*pieces, connections=connections).written.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 " + status)
    assert head.split(b"\r\n").count(b"x-request-id: mine") == 1
    assert b"access-control-allow-origin: https://daily.example" in head
    assert b"access-control-expose-headers: X-Request-ID" in head


NO_REQUEST = b'{"errors":[{"message":"This is no HTTP request","extensions":{"code":"BAD_USER_INPUT"}}]}'


@pytest.mark.parametrize("before", [[], [(asking("plain"), b"hello")]])
@pytest.mark.parametrize("nonsense", [b"nonsense\r\n\r\n", asking("plain", "GET", "X: a\x01b")])
def test_what_is_no_request_is_refused_in_our_form(
    run: Run[bytes], before: list[tuple[bytes, bytes]], nonsense: bytes
) -> None:
    async def refusal() -> bytes:
        async with BareServer(ours()) as server:
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
        async with BareServer(ours()) as server:
            return await conversation(server.port, asking("plain?" + "a" * (length - 7), "GET", CLOSE))

    said = run(refusal())
    assert said.startswith(b"HTTP/1.1 " + status)
    assert (b"HEAD_TOO_LARGE" in said) == (status == b"431")


@pytest.mark.parametrize("size", [140_000, 200_000, 255_000])
@pytest.mark.parametrize(
    "lines", [[b"GET / HTTP/1.1", b"Host: n", b"X: %b"], [b"GET / HTTP/1.1", b"Host: n", b"X: %b", b"Y: z"]]
)
async def test_a_head_that_comes_at_once_may_not_be_longer_either(size: int, lines: list[bytes]):
    written = b"\r\n".join(lines) + b"\r\n\r\n"
    wire = fed(written % (b"a" * size), b"", times=1)
    assert wire.is_closing()
    assert wire.written.startswith(b"HTTP/1.1 431 ")
    assert not fed(written % (b"a" * 120_000), b"", times=1).is_closing()


@pytest.mark.parametrize("size", [130_000, 140_000, 200_000, 300_000])
@pytest.mark.parametrize("piece", [1000, 65_536, 100_000, 131_072])
async def test_a_head_of_any_pieces_may_not_be_longer_either(size: int, piece: int):
    written = GET + b"X: %b\r\n\r\n" % (b"a" * size)
    pieces = [written[start : start + piece] for start in range(0, len(written), piece)]
    assert fed_with(*pieces).is_closing() == (size > 131_072)


async def test_short_requests_that_come_at_once_are_no_long_head():
    assert not fed(asking("plain") * 4000, b"", times=1).is_closing()


async def test_a_trailer_that_comes_at_once_may_not_be_longer_either():
    start = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
    assert fed(start, b"0\r\nX: %b\r\n\r\n" % (b"a" * 200_000), times=1).is_closing()
    assert not fed(start, b"0\r\nX: %b\r\n\r\n" % (b"a" * 2000), times=1).is_closing()


HOSTS = {
    b"GET /plain HTTP/1.1\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost:\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost: ..\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost: a/b\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost: \xff\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\n": 400,
    b"GET /plain HTTP/1.1\r\nHost: a\r\nhost: a\r\n": 400,
    b"GET /plain HTTP/1.0\r\nHost: ..\r\n": 400,
    b"GET /plain HTTP/1.0\r\n": 200,
    b"GET /plain HTTP/1.1\r\nHost: a.example:80\r\n": 200,
    b"GET http://b.example/plain HTTP/1.1\r\nHOST: b.example\r\n": 200,
}


@pytest.mark.parametrize("head", HOSTS)
@pytest.mark.parametrize("before", [[], [(asking("plain"), b"hello")]])
def test_one_host_must_be_named(run: Run[bytes], head: bytes, before: list[tuple[bytes, bytes]]) -> None:
    async def answers() -> bytes:
        async with BareServer(ours()) as server:
            return await conversation(server.port, *before, head + b"Connection: close\r\n\r\n")

    answer = run(answers()).rpartition(b"HTTP/1.1 ")[2]
    assert answer.startswith(b"%d " % HOSTS[head])
    if HOSTS[head] == 400:
        assert b"One Host header must name the server" in answer
        assert b'"code":"BAD_USER_INPUT"' in answer


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

        async with BareServer(ours(), watched) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(asking("plain"))
            async with asyncio.timeout(PATIENCE):
                is_gone = (await scopes.get())[IS_GONE]
                assert not is_gone()
                writer.close()
                while not is_gone():  # noqa: ASYNC110 - a transport has no event for it
                    await asyncio.sleep(0.001)

    run(goes())
