import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from gateway.http.error_responses import Failures, misrouted, refused
from gateway.http.request_log import RequestLog
from tests.gateway.fakes import receiving


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


async def fail(_request: Request) -> Response:
    raise ZeroDivisionError("sesame")


def client() -> AsyncClient:
    routes = [Route("/", hello, methods=["POST", "GET"]), Route("/fail", fail)]
    app = Starlette(routes=routes, middleware=[Middleware(Failures)], exception_handlers={HTTPException: misrouted})
    return AsyncClient(transport=ASGITransport(app), base_url="http://newsstand.example")


async def test_an_unknown_address_is_named_as_such():
    async with client() as http:
        response = await http.get("/nowhere")
    assert response.status_code == 404
    assert response.json() == {
        "errors": [
            {
                "message": "There is nothing at this address; the API is at /graphql",
                "extensions": {"code": "NOT_FOUND"},
            }
        ]
    }


async def test_a_wrong_method_is_told_the_right_ones():
    async with client() as http:
        response = await http.delete("/")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_a_failure_is_logged_and_masked():
    with capture_logs() as lines:
        async with client() as http:
            response = await http.get("/fail")
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "sesame" not in response.text
    assert [(line["event"], line["log_level"], line["exc_info"]) for line in lines] == [
        ("request failed", "error", True)
    ]


async def test_a_failure_within_an_answer_ends_it():
    """Half an answer cannot be taken back; the server has to break the connection."""

    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def send(_message: object) -> None:
        return

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ZeroDivisionError):
        await RequestLog(Failures(half))(scope, receiving(), send)


def test_a_status_without_a_code_of_ours_has_that_of_http():
    assert b'"LOCKED"' in refused(HTTPException(423)).body
