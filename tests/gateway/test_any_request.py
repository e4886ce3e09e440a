"""Whatever a client sends: no answer is a failure of ours, and nothing is held of it once it has gone."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp
from structlog.testing import capture_logs
from uvicorn.server import ServerState

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.settings import Settings
from gateway.server.connections import Connections
from schema.limits.limits import Limits
from tests.gateway.bare_server import ours
from tests.gateway.http_client import application
from tests.samples import full, plain

CONTINUE = 100
HELD = 2**18
"""Bytes that unfinished requests may hold together."""
INTERNAL = re.compile(rb"Traceback|site-packages|object at 0x|(?:indexer|schema|gateway)\.[a-z_]+[.:]|\.py\b")
"""The traces that code would leave in an answer."""
ARTICLES = [full("a"), *(plain(f"{number}") for number in range(30))]
SETTINGS = Settings(max_batch=3, limits=Limits(max_answer_bytes=20_000), cors_origins=("https://daily.example",))
PATHS = [
    "/", "/graphql", "/graphql/", "/search.json", "/suggest.json", "/feed.atom", "/feed.json", "/healthz", "/readyz",
    "/assets/images/topics/ai.svg", "/assets/", "/assets/../news", "/assets/%2e%2e/news", "/assets//etc/passwd",
    "/nowhere", "*", "/static/graphiql/5.4.0-2/graphiql.js", "/static/../app.py", "/static//etc/passwd", "//graphql",
    "/%2e%2e/graphql", "http://n.example/graphql", "/gr%61phql", "/search.json;a=b", "/%00", "/%ff", "n.example:80",
    "/search-box.js", "/opensearch.xml",
]  # fmt: skip
NAMES = [
    "Host", "Accept", "Accept-Encoding", "Content-Type", "Content-Encoding", "Content-Length", "Transfer-Encoding",
    "Expect", "Connection", "Upgrade", "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers",
    "If-None-Match", "If-Modified-Since", "Range", "If-Range", "X-Request-ID", "X-Forwarded-For",
    "Cookie", "TE", "Trailer",
]  # fmt: skip
VALUES = [
    "", "*", "*/*", "text/html", "application/json", "application/json; charset=utf-16", "gzip", "gzip;q=0", "br;q=x",
    "100-continue", "close", "keep-alive", "upgrade", "websocket", "h2c", "chunked", "identity", "null", "GET",
    "https://daily.example", "https://other.example", "bytes=0-10", "bytes=-", "bytes=5-1,0-0", "0", "7", "99999", "-1",
    "Thu, 01 Jan 1970 00:00:00 GMT", "1e9", "n.example", "..", "[::1]:80", 'W/"a"', '"a", "b', "q=1;q=2,,;", "x" * 5000,
]  # fmt: skip
PARAMETERS = [
    "q", "topic", "provider", "from", "to", "ranking", "first", "after", "offset", "facets",
    "hasImage", "category", "query", "variables", "operationName",
    "extensions", "documentId", "", "Q",
]  # fmt: skip
QUERIES = [
    "{ __typename }", "{ articles(first: 100) { nodes { key title excerpt webUrl related { title } } } }", "{", "",
    "mutation { a }", "query ($f: Int) { articles(first: $f) { totalCount } }", "{ articles { titel } }",
    "{ a: __schema { types { name fields { name } } } }", "{ nodes(ids: [1, 2]) { id } }",
]  # fmt: skip
BODIES = [
    "", "{", "[]", "null", "x" * 9000, '{"query": 1}', '{"query": "{ __typename }"}',
    '[{"query": "{ __typename }"}, 1]',
]  # fmt: skip
TEXTS = ["\x00", "\u202e", "e\u0301" * 40, "\ud7ff", "\U0001d11e", "a" * 3000, "-1", "1e30"]
METHODS = [b"GET", b"GET", b"POST", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"TRACE"]

Drawn = TypeVar("Drawn")


def mostly(ordinary: st.SearchStrategy[Drawn], odd: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    return st.integers(0, 7).flatmap(lambda number: odd if number == 0 else ordinary)


raw = st.binary(max_size=30).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b""))
texts = st.sampled_from(VALUES + QUERIES + TEXTS) | st.text(max_size=20)
pairs = st.lists(st.tuples(st.sampled_from(PARAMETERS), texts), max_size=5)
queries = mostly(pairs.map(lambda drawn: "&".join(f"{name}={quote(text)}" for name, text in drawn).encode()), raw)
paths = mostly(st.sampled_from(PATHS).map(str.encode), raw.map(lambda data: b"/" + data))
targets = st.tuples(paths, queries).map(lambda parts: parts[0] + (b"?" + parts[1] if parts[1] else b""))
names = mostly(st.sampled_from(NAMES).map(str.encode), st.binary(min_size=1, max_size=9))
headers = st.lists(st.tuples(names, mostly(st.sampled_from(VALUES).map(str.encode), raw)), max_size=4)
hosts = mostly(st.just([(b"Host", b"n.example")]), st.sampled_from([[], [(b"Host", b"..")], [(b"Host", b"a")] * 2]))
methods = mostly(st.sampled_from(METHODS), st.sampled_from([b"PROPFIND", b"CONNECT", b"get", b"G\x00T"]))
versions = mostly(st.just(b"HTTP/1.1"), st.sampled_from([b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9", b""]))


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request, more or less, as it goes over the wire."""
    body = draw(st.sampled_from(BODIES + QUERIES).map(str.encode) | st.binary(max_size=200))
    listed = draw(hosts) + draw(headers)
    if draw(st.booleans()):
        listed += [(b"Content-Type", b"application/json"), (b"Content-Length", str(len(body)).encode())]
    lines = [b" ".join((draw(methods), draw(targets), draw(versions))), *(b": ".join(pair) for pair in listed)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@dataclass(eq=False)
class Wire(asyncio.Transport):
    """A connection of which nothing but what is written to it is known."""

    written: bytes = b""
    is_closed: bool = False
    info: dict[str, object] = field(default_factory=dict)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.info.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Door:
    """The application behind our protocol, in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        self._config.load()
        self._state = ServerState()
        self.connections = Connections(ConnectionLimits(max_unfinished_bytes=HELD))

    async def tell(self, pieces: Sequence[bytes]) -> bytes:
        """All that is answered to these pieces, from a client that goes then."""
        wire, loop = Wire(), asyncio.get_running_loop()
        protocol = ours(connections=self.connections)(self._config, self._state, {}, loop)
        protocol.connection_made(wire)
        for piece in pieces:
            if not wire.is_closed:
                protocol.data_received(piece)
                assert self.connections.unfinished <= HELD + len(piece)
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while not wire.is_closed and protocol.cycle is not None and not protocol.cycle.response_complete:
                if not protocol.cycle.response_started and protocol.cycle.more_body:
                    break  # it waits for the rest of a body
                await asyncio.sleep(0)
        wire.is_closed = True
        protocol.connection_lost(None)
        async with asyncio.timeout(10):
            while self._state.tasks:  # noqa: ASYNC110 - Uvicorn has no event for it
                await asyncio.sleep(0)
        return wire.written


@asynccontextmanager
async def door() -> AsyncIterator[Door]:
    async with application(ARTICLES, SETTINGS) as app:
        yield Door(app)


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


cuts = st.lists(st.integers(1, 300), max_size=6)


def cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    pieces = []
    for length in lengths:
        pieces.append(data[:length])
        data = data[length:]
    return [*filter(None, pieces), data]


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(drawn=st.lists(requests(), min_size=1, max_size=3), lengths=cuts)
async def test_no_request_is_a_failure_of_ours_and_nothing_is_held_of_it(
    caplog: pytest.LogCaptureFixture, drawn: list[bytes], lengths: list[int]
) -> None:
    caplog.set_level(logging.ERROR)
    async with door() as opened:
        with capture_logs() as lines:
            answer = await opened.tell(cut(b"".join(drawn), lengths))
        assert not {500, 501} & {*statuses(answer)}, answer
        assert not INTERNAL.search(answer), answer
        assert len(answer) < 3 * 2_000_000
        answered = [status for status in statuses(answer) if status != CONTINUE]
        assert answer.count(b"\r\nx-request-id: ") == answer.count(b"\r\nx-content-type-options: ") == len(answered)
        assert [line for line in lines if line["log_level"] == "error"] == []
        assert caplog.messages == []
        connections = opened.connections
        assert (connections.unfinished, connections.unsent, len(connections)) == (0, 0, 0)
        assert (connections.backlog.requests.count, connections.backlog.calls.count) == (0, 0)


async def test_most_kinds_of_answers_are_drawn() -> None:
    """Without this, all might have been refused by the parser."""
    seen: set[int] = set()

    @settings(max_examples=300, database=None, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None)
    @given(requests())
    def draw(request: bytes) -> None:
        everything.append(request)

    everything: list[bytes] = []
    draw()
    async with door() as opened:
        for request in everything:
            seen.update(statuses(await opened.tell([request])))
    assert seen >= {200, 400, 404, 405}
