import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs
from structlog.typing import EventDict

from gateway.http import current_request
from gateway.http.request_log import RequestLog
from gateway.http.whole_answers import Headers, send_answer
from tests.gateway.fakes import receiving


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    current_request.current().operation = "Hello"
    await PlainTextResponse("hello")(scope, receive, send)


async def fetch(
    path: str, *, headers: dict[bytes, bytes] | None = None, app: ASGIApp = hello
) -> tuple[str, list[EventDict]]:
    """The id that came back, and what was logged."""
    with capture_logs() as lines:
        async with AsyncClient(transport=ASGITransport(RequestLog(app)), base_url="http://newsstand.example") as http:
            response = await http.get(path, headers=headers)
    return response.headers["x-request-id"], list(lines)


async def test_each_request_has_one_line():
    request_id, [line] = await fetch("/graphql")
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "request_id": request_id,
        "method": "GET",
        "path": "/graphql",
        "client": "127.0.0.1",
        "status": 200,
        "bytes": 5,
        "operation": "Hello",
    }


@pytest.mark.parametrize("given", ["a", "7b0f-4.x_Y", "x" * 128])
async def test_a_sane_id_of_the_client_is_kept(given: str):
    request_id, [line] = await fetch("/", headers={b"x-request-id": given.encode()})
    assert request_id == line["request_id"] == given


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "id\u00e9", '{"a":1}', "a/b"])
async def test_another_id_of_the_client_is_replaced(given: str):
    """It goes into the log and back to the client, so it must not carry anything."""
    request_id, [line] = await fetch("/", headers={b"x-request-id": given.encode("latin-1")})
    assert request_id == line["request_id"] != given
    assert len(request_id) == 32


async def test_the_query_string_is_not_logged():
    _, [line] = await fetch("/graphql?query=sesame")
    assert "sesame" not in str(line)


async def test_a_long_path_is_cut():
    _, [line] = await fetch("/" + "x" * 10_000)
    assert len(line["path"]) == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/readyz"])
async def test_probes_are_logged_at_debug_level(path: str):
    """They come every few seconds and say nothing."""
    _, [line] = await fetch(path)
    assert line["log_level"] == "debug"


async def test_one_request_does_not_inherit_from_the_one_before():
    """Pipelined requests run in tasks that copy the context of their predecessor."""

    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("hello")(scope, receive, send)

    await fetch("/")
    current_request.current().operation = "Earlier"
    _, [line] = await fetch("/", app=silent)
    assert "operation" not in line


async def test_a_client_that_went_away_is_logged_as_such():
    async def gone(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    async def send(_message: Message) -> None:
        raise AssertionError("nothing is sent")

    scope: Scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": []}
    with capture_logs() as lines:
        await RequestLog(gone)(scope, receiving(), send)
    assert lines[0]["status"] == 499


class Server:
    """Takes whole answers, or messages only."""

    def __init__(self, *, takes_whole: bool) -> None:
        self.takes_whole = takes_whole
        self.sent: list[tuple[int, Headers, bytes]] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.sent.append((message["status"], tuple(message["headers"]), b""))
        else:
            status, headers, body = self.sent.pop()
            self.sent.append((status, headers, body + message["body"]))

    def whole(self, status: int, headers: Headers, body: bytes) -> bool:
        if self.takes_whole:
            self.sent.append((status, tuple(headers), body))
        return self.takes_whole


@pytest.mark.parametrize("takes_whole", [True, False])
async def test_a_whole_answer_has_the_same_headers_and_line(takes_whole: bool):  # noqa: FBT001
    async def not_there(_scope: Scope, _receive: Receive, send: Send) -> None:
        assert not current_request.current().is_answered
        await send_answer(send, 404, [(b"content-length", b"5")], b"hello")
        assert current_request.current().is_answered

    server = Server(takes_whole=takes_whole)
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"x-request-id", b"mine")]}
    with capture_logs() as lines:
        await RequestLog(not_there)(scope, receiving(), server)
    added = (b"x-content-type-options", b"nosniff"), (b"x-request-id", b"mine")
    assert server.sent == [(404, ((b"content-length", b"5"), *added), b"hello")]
    assert (lines[0]["status"], lines[0]["bytes"]) == (404, 5)
