"""Connections have limits: how many there are, how long each part of a request takes, and what all of them hold."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs
from uvicorn import Config
from uvicorn.server import ServerState

from gateway.config.connection_limits import ConnectionLimits
from gateway.http.whole_answers import send_answer
from gateway.server.connections import Connections, Entry, Limit
from tests.gateway.bare_server import CLOSE, END, PATIENCE, BareServer, Run, asking, ours
from tests.replacing import replace

SHORT = 0.2
"""Seconds of the time-outs that a test waits for; the others are long."""
LONG = 600.0
PATIENT = ConnectionLimits(head_seconds=LONG, body_seconds=LONG, write_seconds=LONG, keep_alive_seconds=600)
POST = b"POST /echo HTTP/1.1\r\nHost: n\r\nContent-Length: 1000000\r\n\r\n"
MEGABYTE = 2**20


class Client:
    """A connection that reads only when it is told to."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)  # noqa: FBT003 - socket takes it by position
        self._port = port
        self._loop = asyncio.get_running_loop()

    async def say(self, *said: bytes) -> None:
        if self._socket.getsockname()[1] == 0:
            await self._loop.sock_connect(self._socket, ("127.0.0.1", self._port))
        for each in said:
            await self._loop.sock_sendall(self._socket, each)

    async def hear(self, size: int = MEGABYTE) -> bytes:
        return await asyncio.wait_for(self._loop.sock_recv(self._socket, size), PATIENCE)

    async def rest(self) -> bytes:
        """All that the server says, until it closes."""
        heard = b""
        try:
            while piece := await self.hear():
                heard += piece
        except ConnectionResetError:
            pass
        return heard

    def close(self) -> None:
        self._socket.close()


@asynccontextmanager
async def clients(port: int, number: int) -> AsyncIterator[list[Client]]:
    opened = [Client(port) for _ in range(number)]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - there is no event for what a server does
            await asyncio.sleep(0.005)


def told(answer: bytes) -> tuple[int, str]:
    """The status and the code of a refusal."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(body) in head
    assert b"x-content-type-options: nosniff" in head
    return int(head.split()[1]), orjson.loads(body)["errors"][0]["extensions"]["code"]


def reached(lines: list[Any]) -> dict[str, int]:
    """The times that each limit was reached, by the name in the log."""
    return {line["limit"]: line["times"] for line in lines if line["event"] == "limit reached"}


@pytest.mark.parametrize("before", [b"", asking("plain")])
@pytest.mark.parametrize(
    "sent", [b"\r\n\r\n", b"G", b"GET /plain HTTP/1.1\r\nHost: n\r\n", b"GET /plain?" + b"a" * 60_000]
)
def test_a_head_must_come_in_time(run: Run[None], before: bytes, sent: bytes) -> None:
    async def slow() -> None:
        async with (
            BareServer(ours(replace(PATIENT, head_seconds=SHORT))) as server,
            clients(server.port, 1) as [client],
        ):
            with capture_logs() as lines:
                await client.say(before)
                if before:
                    assert (await client.hear()).endswith(b"hello")
                await client.say(sent)
                assert told(await client.rest()) == (408, "REQUEST_TIMEOUT")
                await until(lambda: reached(lines) == {"NEWSSTAND_HEAD_SECONDS": 1})

    run(slow())


@pytest.mark.parametrize("seconds", [0, 1])
@pytest.mark.parametrize("said", [asking("plain"), asking("whole"), asking("echo", "POST", body="hello")])
def test_a_connection_without_a_request_is_closed_in_time(run: Run[None], said: bytes, seconds: int) -> None:
    async def idle() -> None:
        async with (
            BareServer(ours(replace(PATIENT, head_seconds=SHORT, keep_alive_seconds=seconds))) as server,
            clients(server.port, 1) as [client],
        ):
            with capture_logs() as lines:
                for _ in range(1 + seconds):  # the time begins with the latest answer
                    began = asyncio.get_running_loop().time()
                    await client.say(said)
                    assert (await client.hear()).endswith(b"hello")
                    await asyncio.sleep(seconds * SHORT)
                assert await client.rest() == b""
                assert asyncio.get_running_loop().time() - began >= seconds
                assert lines == []

    run(idle())


def test_the_rest_of_a_body_that_is_not_read_need_not_come(run: Run[None]) -> None:
    async def early(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_answer(send, 415, [(b"content-length", b"5")], b"wrong")

    async def withheld() -> None:
        limits = replace(PATIENT, head_seconds=SHORT, keep_alive_seconds=0)
        async with BareServer(ours(limits), early) as server, clients(server.port, 1) as [client]:
            with capture_logs() as lines:
                await client.say(POST)
                assert (await client.rest()).endswith(b"wrong")
                assert lines == []

    run(withheld())


def test_an_answer_may_take_longer_than_connections_are_kept(run: Run[None]) -> None:
    async def late(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(2 * SHORT)
        await send_answer(send, 200, [(b"content-length", b"5")], b"hello")

    async def patient() -> None:
        limits = replace(PATIENT, head_seconds=SHORT, keep_alive_seconds=0)
        async with BareServer(ours(limits), late) as server, clients(server.port, 1) as [client]:
            await client.say(asking(""))
            assert (await client.rest()).endswith(b"hello")

    run(patient())


def test_a_client_that_says_nothing_is_left_without_a_word(run: Run[None]) -> None:
    async def silent() -> None:
        async with BareServer(ours(replace(PATIENT, head_seconds=SHORT))) as server, clients(server.port, 3) as opened:
            with capture_logs() as lines:
                for client in opened:
                    await client.say(b"")
                assert [await client.rest() for client in opened] == [b""] * 3
                await until(lambda: sum(line["times"] for line in lines) == 3)

    run(silent())


def test_a_head_that_begins_behind_a_request_may_take_as_long_as_its_answer(run: Run[None]) -> None:
    async def patient() -> None:
        ready = asyncio.Event()

        async def waiting(_scope: object, _receive: object, send: Any) -> None:
            await ready.wait()
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
            await send({"type": "http.response.body", "body": b"hello"})

        limits = replace(PATIENT, head_seconds=SHORT)
        async with BareServer(ours(limits), waiting) as server, clients(server.port, 1) as [client]:
            await client.say(asking(""), b"GET / HT")
            await asyncio.sleep(4 * SHORT)
            ready.set()
            assert (await client.hear()).endswith(b"hello")
            await client.say(b"TP/1.1\r\nHost: n\r\n\r\n")
            assert (await client.hear()).endswith(b"hello")

    run(patient())


@pytest.mark.parametrize(
    "sent", [POST, POST + b"x" * 1000, POST.replace(b"Content-Length: 1000000", b"Transfer-Encoding: chunked")]
)
def test_a_body_must_come_in_time(run: Run[None], sent: bytes) -> None:
    async def slow() -> None:
        async with (
            BareServer(ours(replace(PATIENT, body_seconds=SHORT))) as server,
            clients(server.port, 1) as [client],
        ):
            with capture_logs() as lines:
                await client.say(sent)
                assert told(await client.rest()) == (408, "REQUEST_TIMEOUT")
                await until(lambda: reached(lines) == {"NEWSSTAND_BODY_SECONDS": 1})
            await until(lambda: not server.state.tasks)

    run(slow())


def test_a_body_that_nobody_reads_must_come_in_time_too(run: Run[None]) -> None:
    """Its request is answered already; the connection would stay open for ever."""

    async def slow() -> None:
        async with (
            BareServer(ours(replace(PATIENT, body_seconds=SHORT))) as server,
            clients(server.port, 1) as [client],
        ):
            await client.say(POST.replace(b"/echo", b"/plain") + b"x" * 1000)
            answer = await client.rest()
            assert answer.endswith(b"hello")
            assert answer.count(b"HTTP/1.1") == 1

    run(slow())


def test_what_comes_slowly_but_in_time_is_read(run: Run[None]) -> None:
    async def steady() -> None:
        async with BareServer(ours(PATIENT)) as server, clients(server.port, 1) as [client]:
            for number in range(3):
                for sign in asking("echo", "POST", body=f"body {number}"):
                    await client.say(bytes([sign]))
                assert (await client.hear()).endswith(b"body %d" % number)

    run(steady())


def test_a_reader_that_stops_is_left(run: Run[None]) -> None:
    async def slow() -> None:
        async with BareServer(ours(replace(PATIENT, write_seconds=SHORT))) as server, clients(server.port, 2) as opened:
            with capture_logs() as lines:
                for client in opened:
                    await client.say(asking("large"))
                await until(lambda: sum(line["times"] for line in lines) == 2)
            assert {line["limit"] for line in lines} == {"NEWSSTAND_WRITE_SECONDS"}
            await until(lambda: not server.state.connections and not server.state.tasks)

    run(slow())


async def never_answering(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Wire(asyncio.Transport):
    """A connection whose client takes what the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.is_aborted

    def abort(self) -> None:
        self.is_aborted = True


@pytest.mark.parametrize(
    ("steps", "is_left"),
    [
        ([(0, 0), (29, 0), (31, 0)], True),
        ([(0, 0), (29, 1), (58, 1), (87, 1), (116, 0)], False),  # a byte each 29 seconds is progress
        ([(0, 0), (29, 1), (58, 0), (60, 0)], True),
        ([(0, 1000), (500, 0), (1000, 0)], False),  # nothing waits
        ([(0, 0), (29, -100), (31, 0)], True),  # what is written anew is no progress of the client's
        ([(0, 0), (29, -100), (30, 1), (59, 0)], False),
    ],
)
async def test_a_client_that_takes_some_bytes_in_time_may_go_on(steps: list[tuple[float, int]], is_left: bool) -> None:  # noqa: FBT001
    """Each step is a time, and the bytes that the client has taken; negative ones are written to it."""
    wire = Wire()
    limits = replace(PATIENT, write_seconds=30)
    protocol = ours(limits)(Config(never_answering, log_config=None), ServerState(), {})
    protocol.connection_made(wire)
    protocol.data_received(asking("")[:10])
    protocol.transport.write(b"x" * 1000)
    for now, taken in steps:
        if taken < 0:
            protocol.transport.write(b"x" * -taken)
        else:
            wire.waiting -= taken
        protocol.check(float(now) + 100)  # type: ignore[attr-defined] # it is ours
    assert wire.is_aborted == is_left


def test_readers_that_stop_hold_no_more_than_is_allowed_together(run: Run[None]) -> None:
    """The first ones are left; a client that reads gets its answer."""

    async def held() -> None:
        limits = replace(PATIENT, max_unsent_bytes=8 * MEGABYTE)
        async with BareServer(ours(limits)) as server, clients(server.port, 9) as [*stopping, reading]:
            with capture_logs() as lines:
                for client in stopping:
                    await client.say(asking("large"))
                    await asyncio.sleep(0.01)
                await until(lambda: len(server.state.connections) <= 3)
                await reading.say(asking("large", "GET", CLOSE))
                assert len(await reading.rest()) > 3_000_000
                await until(lambda: "NEWSSTAND_MAX_UNSENT_BYTES" in reached(lines))
            transports = [each.transport for each in server.state.connections]
            assert sum(each.get_write_buffer_size() for each in transports) <= 8 * MEGABYTE

    run(held())


def test_unfinished_requests_are_counted_together(run: Run[None]) -> None:
    """A request that comes at once is answered all the same."""

    async def held() -> None:
        limits = replace(PATIENT, max_unfinished_bytes=MEGABYTE)
        async with BareServer(ours(limits)) as server, clients(server.port, 5) as [*slow, quick]:
            with capture_logs() as lines:
                for client in slow[:3]:
                    await client.say(POST + b"x" * 300_000)
                await asyncio.sleep(0.05)
                await slow[3].say(POST + b"x" * 300_000)
                answer = await slow[3].rest()
                if answer:  # the kernel may drop it, since the client was still sending
                    assert told(answer) == (503, "OVERLOADED")
                    assert b"retry-after: 1\r\n" in answer
                await until(lambda: reached(lines) == {"NEWSSTAND_MAX_UNFINISHED_BYTES": 1})
            assert len(server.state.connections) == 3
            await quick.say(asking("echo", "POST", body="x" * 1000))
            assert (await quick.hear()).endswith(b"x" * 100)
            slow[0].close()
            await until(lambda: len(server.state.connections) == 3)
            for client in slow[1:3]:
                await client.say(b"x" * 700_000)
                assert len(await client.hear(100)) > 0

    run(held())


async def fed(*pieces: bytes, limits: ConnectionLimits = PATIENT) -> int:
    """The bytes that are counted as unfinished after these pieces have come."""
    connections = Connections(limits)
    async with BareServer(ours(connections=connections)) as server, clients(server.port, 1) as [client]:
        for piece in pieces:
            await client.say(piece)
            await asyncio.sleep(0.05)
        return connections.unfinished


WHOLE = asking("echo", "POST", body="x" * 5000)


@pytest.mark.parametrize(
    ("pieces", "held"),
    [
        ((), 0),
        ((WHOLE,), 0),
        ((WHOLE * 3,), 0),
        ((WHOLE[:200],), 200),
        ((WHOLE[:20], WHOLE[20:2000]), 2000),
        ((WHOLE[:20], WHOLE[20:2000], WHOLE[2000:]), 0),
        ((WHOLE[:20], WHOLE[20:] + WHOLE[:30]), len(WHOLE) + 30),  # what comes together is counted together
        ((WHOLE[:20], WHOLE[20:] + WHOLE[:30], WHOLE[30:]), 0),
        ((b"POST /plain HTTP/1.1\r\nHost: n\r\nContent-Length: 9000\r\n\r\n", b"x" * 1000, b"x" * 1000), 0),
    ],
)
def test_only_what_has_not_come_to_its_end_is_held(run: Run[int], pieces: tuple[bytes, ...], held: int) -> None:
    assert run(fed(*pieces)) == held


def test_connections_beyond_the_limit_are_told_so_and_counted_no_more_once_they_have_gone(run: Run[None]) -> None:
    async def crowded() -> None:
        protocol = ours(replace(PATIENT, max_connections=3, head_seconds=SHORT * 10))
        async with BareServer(protocol) as server, clients(server.port, 7) as opened:
            with capture_logs() as lines:
                for client in opened[:3]:
                    await client.say(asking("plain"))
                    assert (await client.hear()).endswith(b"hello")
                for client in opened[3:6]:
                    await client.say(asking("plain"))  # a client that asks at once reads why it is refused
                    answer = await client.rest()
                    assert told(answer) == (503, "OVERLOADED")
                    assert b"retry-after: 1\r\n" in answer
                    client.close()
                await until(lambda: sum(reached(lines).values()) > 0)
                await until(lambda: len(server.state.connections) == 3)
                opened[0].close()
                await until(lambda: len(server.state.connections) == 2)
                await opened[6].say(asking("plain"))
                assert (await opened[6].hear()).endswith(b"hello")
            assert sum(line["times"] for line in lines) == 3
            assert {line["limit"] for line in lines} == {"NEWSSTAND_MAX_CONNECTIONS"}

    run(crowded())


def test_a_flood_of_connections_is_dropped(run: Run[None]) -> None:
    async def flooded() -> None:
        async with BareServer(ours(replace(PATIENT, max_connections=1))) as server, clients(server.port, 60) as opened:
            for client in opened:
                await client.say(b"")
            await until(lambda: len(server.state.connections) == 17)
            assert [told(await client.rest()) for client in opened[1:]] == [(503, "OVERLOADED")] * 59

    run(flooded())


class Silent:
    """A connection that is only counted."""

    def check(self, now: float) -> None: ...

    def abort(self) -> None: ...


@pytest.mark.parametrize(
    ("descriptors", "most", "limit"),
    [(64, 32, Limit.DESCRIPTORS), (1000, 872, Limit.DESCRIPTORS), (1200, 1000, Limit.CONNECTIONS)],
)
async def test_connections_leave_files_for_the_index(descriptors: int, most: int, limit: Limit) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, hard))
    try:
        connections = Connections(ConnectionLimits(head_seconds=0.2))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    loop = asyncio.get_running_loop()
    entries = [connections.enter(Silent(), loop) for _ in range(most + 20)]
    assert entries == [Entry.WELCOME] * most + [Entry.REFUSED] * 16 + [Entry.DROPPED] * 4
    with capture_logs() as lines:
        await until(lambda: bool(lines))
    assert reached(lines) == {limit: 20}


def test_nothing_is_kept_of_connections_that_are_gone(run: Run[None]) -> None:
    async def gone() -> None:
        connections = Connections(PATIENT)
        async with BareServer(ours(connections=connections)) as server:
            for said in (b"", b"GET / HT", POST + b"x" * 1000, asking("large"), asking("plain") * 3, END):
                async with clients(server.port, 5) as opened:
                    for client in opened:
                        await client.say(said)
                    await asyncio.sleep(0.02)
            await until(lambda: not server.state.connections and not server.state.tasks)
            assert (connections.unfinished, connections.unsent, len(connections)) == (0, 0, 0)

    run(gone())


def test_meters_tell_what_is_open_and_held_and_which_limits_were_reached(run: Run[None]) -> None:
    async def metered() -> None:
        connections = Connections(replace(PATIENT, head_seconds=SHORT))
        async with BareServer(ours(connections=connections)) as server, clients(server.port, 3) as opened:
            await opened[0].say(asking("plain"))
            assert (await opened[0].hear()).endswith(b"hello")
            await opened[1].say(POST + b"x" * 1000)
            await until(lambda: connections.unfinished == len(POST) + 1000)
            assert {"newsstand_connections 2", f"newsstand_unfinished_bytes {len(POST) + 1000}"} <= {
                *connections.meters()
            }
            await opened[2].say(b"GET / HT")
            await opened[2].rest()
            lines = {*connections.meters()}
        assert 'newsstand_limit_reached_total{limit="NEWSSTAND_HEAD_SECONDS"} 1' in lines
        assert 'newsstand_limit_reached_total{limit="NEWSSTAND_BODY_SECONDS"} 0' in lines
        assert "newsstand_unsent_bytes 0" in lines

    run(metered())
