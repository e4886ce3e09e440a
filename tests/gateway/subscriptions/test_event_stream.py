"""Operations as event streams: the distinct connections mode of GraphQL over Server-Sent Events."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.settings import DocumentsMode
from tests.gateway.bare_server import PATIENCE, asking, closing
from tests.gateway.subscriptions.live_server import KEYS, QUICK, Live, change, live
from tests.replacing import replace
from tests.samples import plain

ACCEPT = "Accept: text/event-stream"
JSON = "Content-Type: application/json"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an event stream."""

    event: str = ""
    id: str = ""
    data: str | None = None
    is_comment: bool = False


class Stream:
    """The answer to a request, read block by block."""

    def __init__(self, reader: asyncio.StreamReader, head: bytes) -> None:
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        self._reader = reader
        self._text = ""
        self.id = ""
        """The last id, with which a client comes back."""

    async def body(self) -> Any:
        return orjson.loads(await self._reader.readexactly(int(self.headers["content-length"])))

    async def block(self) -> Block | None:
        """The next block; None at the end."""
        while "\n\n" not in self._text:
            async with asyncio.timeout(PATIENCE):
                size = int(await self._reader.readuntil(b"\r\n"), 16)
                self._text += (await self._reader.readexactly(size + 2))[:-2].decode()
            if not size:
                return None
        text, _, self._text = self._text.partition("\n\n")
        fields = dict(line.split(": ", 1) if ": " in line else (line, "") for line in text.split("\n"))
        block = Block(fields.get("event", ""), fields.get("id", ""), fields.get("data"), is_comment=text == ":")
        self.id = block.id or self.id
        return block

    async def next(self) -> Any:
        """The payload of the next event, which is an answer."""
        block = await self.event()
        assert block is not None
        assert block.event == "next"
        return orjson.loads(block.data or "")

    async def event(self) -> Block | None:
        """The next block that is an event; None at the end."""
        while (block := await self.block()) and not block.event:
            pass
        return block


@asynccontextmanager
async def streaming(
    server: Live, query: str = KEYS, *headers: str, method: str = "POST", **parameters: object
) -> AsyncIterator[Stream]:
    """The answer to an operation that asks for an event stream."""
    values = {"query": query, **parameters}
    if method == "POST":
        request = asking("graphql", "POST", ACCEPT, JSON, *headers, body=orjson.dumps(values).decode())
    else:
        request = asking(f"graphql?{urlencode(values)}", "GET", ACCEPT, *headers)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with closing(writer):
        writer.write(request)
        yield Stream(reader, await reader.readuntil(b"\r\n\r\n"))


COMPLETE = Block("complete", data="")


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_query_is_one_event_and_the_end(method: str):
    async with live() as server, streaming(server, "{ articles { totalCount } }", method=method) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-store"
        assert await stream.next() == {"data": {"articles": {"totalCount": 1}}}
        assert await stream.event() == COMPLETE
        assert await stream.event() is None


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { articleChanges(topic: "%s") { key } }' % ("x" * 501), "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_errors_are_events_too(query: str, code: str):
    async with live() as server, streaming(server, query) as stream:
        assert stream.status == 200
        payload = await stream.next()
        assert [error["extensions"]["code"] for error in payload["errors"]] == [code]
        assert await stream.event() == COMPLETE
        assert await stream.event() is None


@pytest.mark.parametrize("sent", ["{", "[]", "{}", '{"query":7}'])
async def test_what_is_no_request_is_refused_by_http(sent: str):
    async with live() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        async with closing(writer):
            writer.write(asking("graphql", "POST", ACCEPT, JSON, body=sent))
            answer = Stream(reader, await reader.readuntil(b"\r\n\r\n"))
            assert answer.status == 400
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
            assert (await answer.body())["errors"]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_changes_are_events(method: str):
    async with live() as server, streaming(server, method=method) as stream:
        await server.followed_by(1)
        server.publish(plain("b"))
        assert await stream.next() == change("ENTERED", "b")
        server.publish(without=["a"])
        assert await stream.next() == change("LEFT", "a")
    async with live() as server:
        async with streaming(server, method=method):
            await server.followed_by(1)
            assert await server.meter('newsstand_streams{transport="event-stream"}') == 1
        await server.followed_by(0)
        await server.until('newsstand_streams{transport="event-stream"}', 0)


async def test_a_client_that_asks_for_json_as_well_gets_it():
    for accept in ("application/json, text/event-stream", "text/event-stream;q=0.5, application/json", "*/*"):
        async with live() as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            async with closing(writer):
                body = '{"query":"{ __typename }"}'
                writer.write(asking("graphql", "POST", f"Accept: {accept}", JSON, body=body))
                answer = Stream(reader, await reader.readuntil(b"\r\n\r\n"))
                assert await answer.body() == {"data": {"__typename": "Query"}}


async def test_a_client_that_comes_back_goes_on_from_the_last_event():
    async with live() as server:
        async with streaming(server) as stream:
            await server.followed_by(1)
            server.publish(plain("b"))
            assert await stream.next() == change("ENTERED", "b")
            last = stream.id
        await server.followed_by(0)
        server.publish(plain("c"), without=["b"])
        server.publish(plain("d"))
        async with streaming(server, KEYS, f"Last-Event-ID: {last}") as stream:
            payloads = [await stream.next() for _ in range(3)]
            assert payloads == [change("LEFT", "b"), change("ENTERED", "c"), change("ENTERED", "d")]
            server.publish(plain("e"))
            assert await stream.next() == change("ENTERED", "e")


async def test_a_client_that_has_got_only_some_changes_of_a_generation_gets_them_again():
    async with live() as server:
        async with streaming(server) as stream:
            await server.followed_by(1)
            server.publish(plain("b"), plain("c"))
            assert await stream.next() == change("ENTERED", "b")
            last = stream.id
        async with streaming(server, KEYS, f"Last-Event-ID: {last}") as stream:
            assert [await stream.next(), await stream.next()] == [change("ENTERED", "b"), change("ENTERED", "c")]


async def test_the_id_goes_on_where_nothing_is_told():
    async with live() as server, streaming(server, 'subscription { articleChanges(topic: "none") { key } }') as stream:
        await server.followed_by(1)
        first = await stream.block()
        assert first is not None
        assert first.is_comment
        before = await stream.block()
        server.publish(plain("b"))
        after = await stream.block()
        assert before
        assert after
        assert before.id
        assert after.id
        assert before.id != after.id
        assert (after.event, after.data) == ("", None)


@pytest.mark.parametrize(
    "last", ["1.2.3", "nonsense", "1.2", "9" * 99, "1.2.99999999999999999", "é", "-1.2.3", "¹.2.3"]
)
async def test_an_id_that_is_too_old_or_none_of_ours_is_told_as_such(last: str):
    async with live() as server:
        header = f"Last-Event-ID: {last}".encode().decode("latin-1")
        async with streaming(server, KEYS, header) as stream:
            [error] = (await stream.next())["errors"]
            assert error["extensions"]["code"] == "CHANGES_MISSED"
            await server.followed_by(1)
            server.publish(plain("b"))
            assert await stream.next() == change("ENTERED", "b")


async def test_a_generation_that_is_no_longer_kept_is_too_old():
    async with live() as server:
        async with streaming(server) as stream:
            await server.followed_by(1)
            await stream.block()
            await stream.block()
            last = stream.id
            for number in range(10):
                server.publish(plain(f"{number}"))
                assert await stream.next() == change("ENTERED", f"{number}")
            newest = stream.id
        async with streaming(server, KEYS, f"Last-Event-ID: {last}") as stream:
            assert (await stream.next())["errors"][0]["extensions"]["code"] == "CHANGES_MISSED"
        async with streaming(server, KEYS, f"Last-Event-ID: {newest}") as stream:
            await server.followed_by(1)
            server.publish(plain("b"))
            assert (await stream.next()).get("data")


async def test_more_changes_than_can_be_told_are_told_as_one_error():
    async with live() as server, streaming(server) as stream:
        await server.followed_by(1)
        server.publish(*(plain(f"{number}") for number in range(1001)))
        [error] = (await stream.next())["errors"]
        assert error["extensions"]["code"] == "CHANGES_MISSED"
        server.publish(plain("b"))
        assert await stream.next() == change("ENTERED", "b")


async def test_an_idle_stream_has_heartbeats():
    limits = replace(ConnectionLimits(), heartbeat_seconds=0.1)
    async with live(settings=replace(QUICK, connections=limits)) as server, streaming(server) as stream:
        blocks = [await stream.block() for _ in range(4)]
        assert [block.is_comment for block in blocks if block and not block.id] == [True] * 3


async def test_at_the_end_of_the_server_streams_end_so_that_clients_come_back():
    async with live() as server, streaming(server) as stream:
        await server.followed_by(1)
        server.connections.drain()
        assert await stream.event() is None
        async with streaming(server) as other:
            assert other.status == 503


async def test_more_streams_than_the_limit_are_refused():
    limits = replace(ConnectionLimits(), max_streams=1)
    async with live(settings=replace(QUICK, connections=limits)) as server, streaming(server), streaming(server) as two:
        assert (two.status, two.headers["retry-after"]) == (503, "1")
        assert (await two.body())["errors"][0]["extensions"]["code"] == "OVERLOADED"


async def test_only_listed_documents_are_executed_where_that_is_set(tmp_path: Any):
    listed = tmp_path / "documents.json"
    listed.write_bytes(orjson.dumps({"keys": KEYS}))
    settings = replace(QUICK, documents=listed, documents_mode=DocumentsMode.ONLY)
    async with live(settings=settings) as server, streaming(server, "{ __typename }") as stream:
        assert (await stream.next())["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_ONLY"
        assert await stream.event() == COMPLETE


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://other.example"}, {"Accept-Encoding": "gzip", "Origin": "https://o.example"}]
)
async def test_a_stream_is_never_compressed_and_pages_of_other_sites_read_it(headers: Mapping[str, str]):
    lines = [f"{name}: {value}" for name, value in headers.items()]
    async with live() as server, streaming(server, KEYS, *lines) as stream:
        assert "content-encoding" not in stream.headers
        assert ("access-control-allow-origin" in stream.headers) is ("Origin" in headers)
        await server.followed_by(1)
        server.publish(plain("b"))
        assert await stream.next() == change("ENTERED", "b")
