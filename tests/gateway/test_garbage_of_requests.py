"""Requests leave nothing for the garbage collector, whose pauses every client would notice."""

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gateway.app import create_app
from gateway.config.settings import Settings
from gateway.server.protocol import Protocol
from indexer.memory import Memory
from indexer.whoosh_engine.engine import WhooshEngine
from tests.gateway.bare_server import BareServer, closing, ours
from tests.indexer.whoosh_engine.segments import write_segments
from tests.samples import full

ARTICLES = """query ($search: String, $topic: String, $first: Int) {
  articles(search: $search, topic: $topic, first: $first) {
    totalCount pageInfo { endCursor } facets { topics { value count } }
    edges { cursor score explain { score } highlights { title { html } }
            node { ...All related { title } similar(first: 1) { key } whyNot(search: "zebra") { words { text } } } }
  }
}
fragment All on Article { __typename id key title excerpt topics provider { name images { url } } images { url } }"""


def posted(query: str, **variables: object) -> bytes:
    body = orjson.dumps({"query": query, "variables": variables})
    head = f"POST /graphql HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def got(address: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: n\r\n\r\n".encode()


REQUESTS: dict[str, Callable[[int], bytes]] = {
    "a list with everything": lambda _: posted(ARTICLES, first=3),
    "a list of a topic": lambda _: posted(ARTICLES, topic="AI"),
    "a search": lambda _: posted(ARTICLES, search="café opens"),
    "a new search": lambda number: posted(ARTICLES, search=f"café -word{number}"),
    "a misspelt search": lambda number: posted(ARTICLES, search=f"opesn x{number}"),
    "an address": lambda _: got("/graphql?query={articles{totalCount}}"),
    "suggestions": lambda number: got(f"/suggest.json?prefix=ca&first={number % 8 + 1}"),
    "plain JSON": lambda number: got(f"/search.json?q=ran%20-w{number}"),
    "a feed": lambda _: got("/feed.atom"),
    "an unknown field": lambda _: posted("{ nonsense }"),
    "a page that is too large": lambda _: posted(ARTICLES, first=1000),
    "a wrong variable": lambda _: posted(ARTICLES, first="many"),
    "a syntax error": lambda _: posted("{"),
    "a new syntax error": lambda number: posted(f"{{ a{number}: articles {{ totalCount }} {'b ' * 100} {{"),
    "a new document of too many tokens": lambda number: posted(f"{{ a{number} {'b ' * 3000} }}"),
    "a new document that is nested too deeply": lambda number: posted(f"{{ a{number} {'{ b ' * 900}"),
    "an unknown address": lambda _: got("/nowhere"),
    "no JSON": lambda _: posted("{ articles { totalCount } }").replace(b'"}', b'"]'),
    "metrics": lambda _: got("/metrics"),
}
"""Neither distinct documents nor wrong cursors are among them: graphql-core leaves its visitors of documents, and its
executor of what is not compiled, in cycles."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_segments(tmp_path_factory.mktemp("index"), [[full(key) for key in "abc"], [full("d")]])


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
    await reader.readexactly(int(length))


@pytest.mark.parametrize("said", [posted(ARTICLES), got("/") + posted(ARTICLES), posted(ARTICLES)[:-9], got("/") * 9])
@pytest.mark.usefixtures("no_collector")
def test_no_connection_that_is_reset_leaves_garbage_in_cycles(said: bytes) -> None:
    """Neither one whose requests have not begun, nor one that several wait on."""

    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0.01)

    async def garbage() -> int:
        async with BareServer(ours(), slow) as server:
            for number in range(120):
                if number == 20:
                    gc.collect()
                writers = [(await asyncio.open_connection("127.0.0.1", server.port))[1] for _ in range(5)]
                for writer in writers:
                    writer.write(said)
                await asyncio.sleep(0.001 * (number % 3))
                for writer in writers:
                    writer.transport.abort()
            while server.state.connections or server.state.tasks:  # noqa: ASYNC110 - Uvicorn has no event for it
                await asyncio.sleep(0.001)
            del writers, writer
            await asyncio.sleep(0.01)
            return sum(type(each) in {Protocol, RequestResponseCycle} for each in cycles())

    assert asyncio.run(garbage()) == 0


def cycles() -> list[object]:
    """All garbage that only the collector finds."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return gc.garbage[:]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.usefixtures("no_collector")
def test_no_request_leaves_garbage_in_cycles(kind: str, folder: Path) -> None:
    async def garbage() -> int:
        memory = Memory()
        app = create_app(Settings(), open_engine=lambda: WhooshEngine.open(folder, memory=memory), memory=memory)
        async with app.router.lifespan_context(app), BareServer(ours(), app) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            async with closing(writer):
                for number in range(10):  # the operation is compiled, and the page at hand
                    await exchange(reader, writer, REQUESTS[kind](number))
                gc.collect()
                for number in range(10, 1010):
                    await exchange(reader, writer, REQUESTS[kind](number))
                return gc.collect()

    assert asyncio.run(garbage()) == 0
