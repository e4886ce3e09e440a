"""The server's side of graphql-transport-ws: what each message is answered by, and when a WebSocket is closed."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.settings import DocumentsMode, Settings
from indexer.article import Article
from tests.gateway.bare_server import asking, conversation
from tests.gateway.subscriptions.live_server import KEYS, PROTOCOL, QUICK, Client, event, live
from tests.replacing import replace
from tests.samples import DAY, NOW, plain


def limited(settings: Settings = QUICK, **limits: Any) -> Settings:
    return replace(settings, connections=replace(ConnectionLimits(), **limits))


def titled(key: str, title: str) -> Article:
    return replace(plain(key), title=title)


# Handshake


@pytest.mark.parametrize("offered", [["graphql-ws"], ["json"], None])
async def test_another_subprotocol_is_not_acceptable(offered: list[str] | None):
    protocols = [Subprotocol(name) for name in offered] if offered else None
    async with live() as server, server.client(initialised=False, subprotocols=protocols) as client:
        assert client.socket.subprotocol is None
        assert await client.end() == (4406, "The subprotocol must be graphql-transport-ws")


async def test_the_protocol_is_agreed_on_among_others():
    offered = [Subprotocol("graphql-ws"), PROTOCOL]
    async with live() as server, server.client(subprotocols=offered) as client:
        assert client.socket.subprotocol == PROTOCOL


@pytest.mark.parametrize(
    ("allowed", "origin", "is_allowed"),
    [
        (("*",), "https://other.example", True),
        ((), "https://other.example", False),
        ((), None, True),
        (("https://www.example.com",), "https://www.example.com", True),
        (("https://www.example.com",), "https://www.example.com.evil.example", False),
        (("https://www.example.com",), "null", False),
        (("https://www.example.com",), "http://[", False),
        ((), "http://127.0.0.1:{port}", True),
        ((), "http://127.0.0.1", False),
    ],
)
async def test_pages_of_other_sites_connect_as_they_may_ask(
    allowed: tuple[str, ...],
    origin: str | None,
    is_allowed: bool,  # noqa: FBT001 - a case, no switch
):
    async with live(settings=replace(QUICK, cors_origins=allowed)) as server:
        origin = origin and origin.replace("{port}", str(server.port))
        async with server.client(initialised=False, origin=origin) as client:
            if is_allowed:
                await client.initialise()
            else:
                assert await client.end() == (4403, "Pages of this origin may not connect")


async def test_a_websocket_elsewhere_is_a_plain_request():
    """An upgrade is never answered but at /graphql, and one without a key or version not even there."""
    upgrade = ("Upgrade: websocket", "Connection: Upgrade, close", "Sec-WebSocket-Version: 13")
    async with live() as server:
        answer = await conversation(server.port, asking("healthz", "GET", *upgrade))
        assert answer.startswith(b"HTTP/1.1 200 ")
        answer = await conversation(server.port, asking("graphql", "GET", *upgrade))
        assert answer.startswith(b"HTTP/1.1 400 ")
        [error] = orjson.loads(answer.partition(b"\r\n\r\n")[2])["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert "Sec-WebSocket-Key" in error["message"]


async def test_a_head_that_no_websocket_takes_is_refused():
    key = ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Upgrade: websocket")
    async with live() as server:
        for more in ([f"Cookie: {'x' * 9000}"], [f"X-{number}: x" for number in range(120)]):
            request = asking("graphql", "GET", *key, "Connection: Upgrade", *more)
            assert (await conversation(server.port, request)).startswith(b"HTTP/1.1 431 ")


async def test_more_streams_than_the_limit_are_refused():
    async with live(settings=limited(max_streams=1)) as server, server.client():
        with pytest.raises(InvalidStatus) as refused:
            async with server.client():
                pass
        response = refused.value.response
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        assert orjson.loads(response.body or b"")["errors"][0]["extensions"]["code"] == "OVERLOADED"


async def test_a_websocket_is_a_connection_like_all_others():
    async with live() as server:
        async with server.client():
            assert len(server.connections) == 1
            assert await server.meter('newsstand_streams{transport="websocket"}') == 1
        await server.until('newsstand_streams{transport="websocket"}', 0)
        assert len(server.connections) == 0


# Initialisation


async def test_a_connection_that_is_not_initialised_in_time_is_closed():
    async with live(settings=limited(head_seconds=0.1)) as server, server.client(initialised=False) as client:
        assert await client.end() == (4408, "The connection was not initialised in time")


async def test_a_connection_that_is_initialised_stays():
    async with live(settings=limited(head_seconds=0.1)) as server, server.client() as client:
        await asyncio.sleep(0.3)
        await client.hears_nothing()


async def test_a_connection_is_initialised_once():
    async with live() as server, server.client() as client:
        await client.say(type="connection_init")
        assert await client.end() == (4429, "The connection is initialised already")


async def test_nothing_is_subscribed_to_before():
    async with live() as server, server.client(initialised=False) as client:
        await client.subscribe("1")
        assert await client.end() == (4401, "Send connection_init first, and wait for connection_ack")


async def test_the_initialisation_may_carry_anything():
    async with live() as server, server.client(initialised=False) as client:
        await client.say(type="connection_init", payload={"token": "x", "nested": [1, {"a": None}]})
        assert await client.hear() == {"type": "connection_ack"}


# Messages


@pytest.mark.parametrize("payload", [None, {"a": [1, "é", None]}, {}])
async def test_pings_are_answered_with_what_they_carry(payload: object):
    async with live() as server, server.client(initialised=False) as client:
        carried = {} if payload is None else {"payload": payload}
        await client.say(type="ping", **carried)
        assert await client.hear() == {"type": "pong", **carried}
        await client.initialise()
        await client.say(type="pong", **carried)
        await client.hears_nothing()


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "7", '"ping"', "{", "{}", '{"type":null}', '{"type":7}', '{"type":"start"}',
        '{"type":"next","id":"1"}',
        '{"type":"connection_ack"}', '{"type":"ping","payload":7}', '{"type":"connection_init","payload":"x"}',
        '{"type":"subscribe"}', '{"type":"subscribe","id":"1"}', '{"type":"subscribe","id":"1","payload":null}',
        '{"type":"subscribe","id":"","payload":{"query":"{ a }"}}',
        '{"type":"subscribe","id":7,"payload":{"query":"{ a }"}}',
        '{"type":"subscribe","id":"%s","payload":{"query":"{ a }"}}' % ("x" * 129),
        '{"type":"subscribe","id":"1","payload":{}}', '{"type":"subscribe","id":"1","payload":{"query":7}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":[]}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{ a }","operationName":7}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":{"a":123456789012345678901234567890}}}',
        '{"type":"complete"}', '{"type":"complete","id":null}', "[" * 2000 + "]" * 2000,
    ],
)  # fmt: skip
async def test_what_is_no_message_is_a_bad_request(text: str):
    async with live() as server, server.client() as client:
        await client.socket.send(text)
        code, reason = await client.end()
        assert code == 4400
        assert reason


async def test_binary_messages_are_bad_requests():
    async with live() as server, server.client() as client:
        await client.socket.send(b'{"type":"ping"}')
        assert await client.end() == (4400, "Messages must be text")


async def test_a_message_that_is_too_large_is_refused():
    async with live(settings=replace(QUICK, max_body_bytes=2000)) as server, server.client() as client:
        await client.say(type="ping", payload={"text": "x" * 2000})
        assert (await client.end())[0] == 1009


async def test_the_reason_of_a_close_fits_its_frame():
    async with live() as server, server.client() as client:
        await client.subscribe("é" * 100)
        await client.subscribe("é" * 100)
        code, reason = await client.end()
        assert code == 4409
        assert reason.startswith("Subscriber for éé")
        assert len(reason.encode()) <= 123


# Operations


async def test_a_query_is_answered_and_completed():
    async with live() as server, server.client() as client:
        await client.subscribe("q", "query ($n: Int) { articles(first: $n) { nodes { key } } }", variables={"n": 1})
        answer = {"data": {"articles": {"nodes": [{"key": "a"}]}}}
        assert await client.hear() == {"id": "q", "type": "next", "payload": answer}
        assert await client.hear() == {"id": "q", "type": "complete"}
        await client.subscribe("q", "{ __typename }")  # the id is free again
        assert (await client.hear())["payload"] == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { a }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { articleChanges(topic: 7) { key } }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { articleChanges(topic: "%s") { key } }' % ("x" * 501), "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_an_operation_without_sense_ends_with_its_errors(query: str, code: str):
    async with live() as server, server.client() as client:
        await client.subscribe("1", query)
        message = await client.hear()
        assert (message["id"], message["type"]) == ("1", "error")
        assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        await client.hears_nothing()


async def test_an_error_of_a_field_is_part_of_the_answer():
    async with live() as server, server.client() as client:
        await client.subscribe("1", "{ index { generation } articles(first: 1000) { totalCount } }")
        payload = (await client.hear())["payload"]
        assert payload["data"] == {"index": {"generation": 1}, "articles": None}
        assert payload["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert await client.hear() == {"id": "1", "type": "complete"}


async def test_changes_come_to_all_who_follow_them():
    async with live() as server, server.client() as one, server.client() as other:
        await one.subscribe("all")
        await one.subscribe("pears", 'subscription { articleChanges(search: "pears") { change key } }')
        await other.subscribe("x")
        await server.followed_by(3)
        server.publish(titled("b", "Pears"))
        assert sorted([await one.hear(), await one.hear()], key=str) == [
            event("all", "ENTERED", "b"),
            event("pears", "ENTERED", "b"),
        ]
        assert await other.hear() == event("x", "ENTERED", "b")
        server.publish(titled("b", "Apples"), without=["a"])
        assert sorted([await one.hear() for _ in range(3)], key=str) == [
            event("all", "CHANGED", "b"),
            event("all", "LEFT", "a"),
            event("pears", "LEFT", "b"),
        ]


async def test_a_scheduled_article_enters_when_its_time_comes():
    later = replace(plain("later"), published_date_time=NOW + DAY)
    async with live([plain("a"), later]) as server, server.client() as client:
        await client.subscribe("1")
        await server.followed_by(1)
        server.now = NOW + DAY
        server.publish(titled("a", "Another"))  # wakes the server, whose clock jumps
        assert await client.hear() == event("1", "CHANGED", "a")
        assert await client.hear() == event("1", "ENTERED", "later")


async def test_two_operations_cannot_have_one_id():
    async with live() as server, server.client() as client:
        await client.subscribe("1")
        await client.subscribe("1")
        assert await client.end() == (4409, "Subscriber for 1 already exists")


async def test_the_same_id_is_another_on_another_connection():
    async with live() as server, server.client() as one, server.client() as other:
        await one.subscribe("1")
        await other.subscribe("1")
        await server.followed_by(2)


async def test_an_operation_that_the_client_completes_tells_nothing_more():
    async with live() as server, server.client() as client:
        await client.subscribe("1")
        await client.subscribe("2")
        await server.followed_by(2)
        await client.say(type="complete", id="1")
        await server.followed_by(1)
        server.publish(plain("b"))
        assert await client.hear() == event("2", "ENTERED", "b")
        await client.say(type="complete", id="unknown")
        await client.subscribe("1")
        await server.followed_by(2)
        await client.hears_nothing()


async def test_an_operation_may_be_completed_before_it_has_begun():
    async with live() as server, server.client() as client:
        for number in range(20):
            await client.subscribe(str(number))
            await client.say(type="complete", id=str(number))
        await client.hears_nothing()
        await server.followed_by(0)


async def test_a_client_that_goes_is_forgotten():
    async with live() as server:
        async with server.client() as client:
            await client.subscribe("1")
            await server.followed_by(1)
        await server.followed_by(0)
        async with server.client() as client:
            await client.subscribe("1")
            await server.followed_by(1)
            client.socket.transport.abort()
            await server.followed_by(0)


async def test_a_connection_has_at_most_so_many_operations():
    async with live(settings=limited(max_subscriptions=2)) as server, server.client() as client:
        for number in "123":
            await client.subscribe(number)
        message = await client.hear()
        assert (message["id"], message["type"]) == ("3", "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_REQUESTS"
        await client.say(type="complete", id="1")
        await client.subscribe("3")
        await server.followed_by(2)
        await client.hears_nothing()


async def test_only_listed_documents_are_executed_where_that_is_set(tmp_path: Path):
    listed = tmp_path / "documents.json"
    listed.write_bytes(orjson.dumps({"keys": KEYS}))
    settings = replace(QUICK, documents=listed, documents_mode=DocumentsMode.ONLY)
    async with live(settings=settings) as server, server.client() as client:
        for query in ("{ index { generation } }", "subscription { articleChanges { change } }"):
            await client.subscribe("1", query)
            message = await client.hear()
            assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "PERSISTED_QUERY_ONLY")
        await client.say(type="subscribe", id="1", payload={"documentId": "keys"})
        await server.followed_by(1)


async def test_a_document_that_a_hash_names_is_registered_by_its_first_use():
    named = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(KEYS.encode()).hexdigest()}}
    async with live() as server, server.client() as client:
        await client.say(type="subscribe", id="1", payload={"extensions": named})
        message = await client.hear()
        assert (message["type"], message["payload"][0]["message"]) == ("error", "PersistedQueryNotFound")
        await client.subscribe("1", extensions=named)
        await server.followed_by(1)
        await client.say(type="subscribe", id="2", payload={"extensions": named})
        await server.followed_by(2)


class Refusing:
    """A queue that refuses so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def take(self, _client: str, begin: Callable[[], None], refuse: Callable[[], None], _loop: object) -> None:
        self.times -= 1
        (refuse if self.times >= 0 else begin)()


async def test_under_overload_an_operation_begins_later():
    """An error would end it for good, and when a server begins, all clients subscribe at once."""
    async with live() as server, server.client() as client:
        server.connections.queue = Refusing(2)  # type: ignore[assignment]
        await client.subscribe("1", "{ index { generation } }")
        assert (await client.hear())["payload"] == {"data": {"index": {"generation": 1}}}


# Ends


async def test_a_client_that_is_too_slow_is_closed_and_holds_up_nobody():
    """It reads nothing at first: its messages fill the buffers of the kernel, and then too much waits for it."""
    articles = [replace(plain(f"{number}"), body="x" * 100_000) for number in range(60)]
    query = "subscription { articleChanges { change key article { body } } }"
    async with live() as server, server.client() as quick, server.client(initialised=False, max_queue=1) as slow:
        await slow.initialise()
        await slow.subscribe("1", query)
        await slow.subscribe("2", query)
        await quick.subscribe("1")
        await server.followed_by(3)
        slow.socket.transport.pause_reading()
        server.publish(*articles)
        heard = [await quick.hear() for _ in articles]
        assert sorted(message["payload"]["data"]["articleChanges"]["key"] for message in heard) == sorted(
            article.key for article in articles
        )
        await server.until("newsstand_queued_event_bytes", 0)
        slow.socket.transport.resume_reading()
        code, reason = await slow.end()
        assert code == 1013
        assert "too slowly" in reason
        await server.until("newsstand_slow_streams_total", 1)


async def test_a_client_that_takes_nothing_at_all_is_dropped():
    articles = [replace(plain(f"{number}"), body="x" * 100_000) for number in range(60)]
    settings = limited(write_seconds=0.3, heartbeat_seconds=3600)
    async with live(settings=settings) as server, server.client(max_queue=1) as slow:
        await slow.subscribe("1", "subscription { articleChanges { article { body } } }")
        await server.followed_by(1)
        slow.socket.transport.pause_reading()
        server.publish(*articles)
        await server.until('newsstand_streams{transport="websocket"}', 0)
        slow.socket.transport.resume_reading()


async def test_a_client_that_answers_no_ping_is_dropped():
    async with live(settings=limited(heartbeat_seconds=0.1)) as server, server.client() as client:
        client.socket.transport.pause_reading()
        await server.until('newsstand_streams{transport="websocket"}', 0)
        client.socket.transport.resume_reading()


async def test_at_shutdown_clients_are_told_to_go_away():
    async with live() as server, server.client() as client:
        await client.subscribe("1")
        await server.followed_by(1)
        server.shut_down()
        assert await client.end() == (1001, "The server is stopping")
        await server.followed_by(0)


async def test_a_line_tells_of_each_websocket_and_of_nothing_that_was_sent():
    with capture_logs() as lines:
        async with (
            live() as server,
            connect(f"ws://127.0.0.1:{server.port}/graphql?token=secret", subprotocols=[PROTOCOL]) as socket,
        ):
            client = await Client(socket).initialise()
            await client.subscribe("1", "query Secret { __typename }")
            await client.hear()
    [line] = [line for line in lines if line["event"] == "websocket"]
    assert (line["path"], line["code"], line["operations"]) == ("/graphql", 1000, 1)
    assert "ecret" not in str(lines)


async def test_before_there_is_an_index_operations_are_refused():
    async with live(settings=QUICK, is_open=False) as server, server.client() as client:
        for query in (KEYS, "{ index { generation } }"):
            await client.subscribe("1", query)
            message = await client.hear()
            assert message["type"] == "error"
            assert message["payload"][0]["extensions"]["code"] == "INDEX_UNAVAILABLE"
