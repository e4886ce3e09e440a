"""A server that is about to end answers those who are there, and lets nobody in whom it would reset."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
import uvicorn

from gateway.config.connection_limits import ConnectionLimits
from gateway.server.connections import Connections
from gateway.server.draining_server import DrainingServer, let_nobody_in
from gateway.server.protocol import Protocol
from tests.gateway.bare_server import CLOSE, PATIENCE, BareServer, Run, app, asking, closing, conversation, ours

CLIENTS = 4
SERVERS = 2
CLOSES = b"connection: close"


async def drained(*said: bytes | tuple[bytes, bytes], before: int) -> bytes:
    """All that comes back of a conversation, where the server begins to drain after so many parts of it."""
    connections = Connections(ConnectionLimits())
    async with BareServer(ours(connections=connections)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        read = b""
        async with asyncio.timeout(PATIENCE), closing(writer):
            for number, each in enumerate(said):
                if number == before:
                    connections.drain()
                sent, awaited = each if isinstance(each, tuple) else (each, None)
                writer.write(sent)
                if awaited:
                    read += await reader.readuntil(awaited)
            if before == len(said):
                connections.drain()
            return read + await reader.read()


def test_the_answer_to_the_next_request_closes_the_connection(run: Run[bytes]) -> None:
    read = run(drained((asking("plain"), b"hello"), asking("plain"), before=1))
    first, last = read.split(b"hello")[:2]
    assert (CLOSES in first, CLOSES in last) == (False, True)
    assert read.endswith(b"hello")


def test_so_does_the_answer_that_is_under_way(run: Run[bytes]) -> None:
    """It has not begun."""
    read = run(drained(asking("slow"), before=1))
    assert (read.count(CLOSES), read.endswith(b"slow")) == (1, True)


def test_requests_behind_each_other_are_all_answered_and_the_last_answer_closes(run: Run[bytes]) -> None:
    for before in (0, 1):
        read = run(drained(asking("slow") + asking("plain") + asking("plain"), before=before))
        assert (read.count(b"HTTP/1.1 200"), read.count(CLOSES)) == (3, 1)
        assert CLOSES in read.rpartition(b"HTTP/1.1")[2]


def test_an_answer_that_has_begun_goes_to_its_end_and_the_next_one_closes(run: Run[bytes]) -> None:
    read = run(drained((asking("parts"), b"abcd"), asking("plain"), before=1))
    assert (read.count(CLOSES), read.endswith(b"hello")) == (1, True)


def test_a_new_client_is_answered_too(run: Run[bytes]) -> None:
    async def late() -> bytes:
        connections = Connections(ConnectionLimits())
        connections.drain()
        async with BareServer(ours(connections=connections)) as server:
            return await conversation(server.port, asking("plain"))

    read = run(late())
    assert (read.count(CLOSES), read.endswith(b"hello")) == (1, True)


def draining_server(drain_seconds: float, listening: Callable[[], None] = lambda: None) -> DrainingServer:
    connections = Connections(ConnectionLimits())
    config = uvicorn.Config(
        app,
        http=partial(Protocol, connections=connections),  # type: ignore[arg-type] # as in `gateway.server.serving`
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    return DrainingServer(config, connections=connections, drain_seconds=drain_seconds, listening=listening)


@asynccontextmanager
async def serving(*servers: DrainingServer) -> AsyncIterator[int]:
    """The port that they serve together, each in its own time, until they have ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # `_serve` is `serve` without handlers of signals, which are the test's own here.
        running = [asyncio.create_task(server._serve([listener.dup()])) for server in servers]  # noqa: SLF001
        port = int(listener.getsockname()[1])
    yield port
    await asyncio.gather(*running)


async def looping(port: int) -> tuple[int, int]:
    """A client that asks without a pause until it is refused; its answers, and how many of them closed."""
    answers = closes = 0
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            return answers, closes
        is_open = True
        async with closing(writer):
            while is_open:
                writer.write(asking("plain"))
                answer = await reader.readuntil(b"hello")
                answers += 1
                is_open = CLOSES not in answer
        closes += 1


@pytest.mark.parametrize("drain_seconds", [0, 0.2])
def test_no_request_is_reset_while_servers_of_one_socket_end(run: Run[None], drain_seconds: float) -> None:
    async def end() -> None:
        servers = [draining_server(drain_seconds) for _ in range(SERVERS)]
        async with asyncio.timeout(10 * PATIENCE), serving(*servers) as port:
            clients = [asyncio.create_task(looping(port)) for _ in range(CLIENTS)]
            await asyncio.sleep(0.2)
            for server in servers:
                server.handle_exit(signal.SIGTERM, None)
        for answers, closes in await asyncio.gather(*clients):
            assert answers >= closes >= 1

    for _ in range(3):
        run(end())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such filter")
def test_at_last_those_who_wait_are_let_in_and_no_others() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as late:
        with socket.create_connection(listener.getsockname()) as early:
            let_nobody_in(listener)
            early.sendall(b"ask")
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.recv(3) == b"ask"
                accepted.sendall(b"tell")
                assert early.recv(4) == b"tell"
        late.settimeout(0.1)
        with pytest.raises(TimeoutError):
            late.connect(listener.getsockname())


def test_it_says_so_when_it_answers(run: Run[None]) -> None:
    async def tell() -> None:
        listening = asyncio.Event()
        server = draining_server(0, listening.set)
        async with asyncio.timeout(PATIENCE), serving(server) as port:
            await listening.wait()
            assert (await conversation(port, asking("plain", "GET", CLOSE))).endswith(b"hello")
            server.handle_exit(signal.SIGTERM, None)
        assert server.end is signal.SIGTERM

    run(tell())


def test_a_signal_that_comes_while_it_starts_does_not_shut_others_out(run: Run[None]) -> None:
    """It would ignore those who connect, and the socket is that of all processes."""

    async def start() -> None:
        other, late = draining_server(0.3), draining_server(0.3)
        late.handle_exit(signal.SIGTERM, None)
        async with asyncio.timeout(PATIENCE), serving(other, late) as port:
            await asyncio.sleep(0.15)
            assert (await conversation(port, asking("plain", "GET", CLOSE))).endswith(b"hello")
            other.handle_exit(signal.SIGTERM, None)

    run(start())
