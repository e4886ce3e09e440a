import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gateway.parameters import Parameters
from gateway.request_reader import RequestReader
from tests.gateway.fakes import receiving

READER = RequestReader(max_body_bytes=1024)
JSON = {b"content-type": b"application/json"}


@pytest.mark.parametrize("length", [1, 10_000])
def test_an_address_is_read_the_same_each_time_however_long_it_is(length: int):
    text = "a" * length
    for _ in range(2):
        assert READER.in_address(f"query={text}".encode()) == Parameters(query=text)


def test_an_address_that_holds_no_request_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(HTTPException):
            READER.in_address(b"query=")


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_body_may_come_in_pieces(size: int):
    body = b'{"query": "{ a }"}'
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    receive = receiving(*messages, {"type": "http.request"})
    assert await READER.in_body(JSON, receive) == Parameters(query="{ a }")


async def test_a_client_that_goes_away_while_it_sends_has_no_request():
    with pytest.raises(ClientDisconnect):
        await READER.in_body(JSON, receiving({"type": "http.disconnect"}))


@pytest.mark.parametrize("length", [b"2000", b"9" * 5000])
async def test_a_body_that_is_announced_as_too_large_is_not_read(length: bytes):
    with pytest.raises(HTTPException) as refusal:
        await READER.in_body({**JSON, b"content-length": length}, receiving())
    assert refusal.value.status_code == 413
