import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gateway.parameters import Parameters
from gateway.request_reader import RequestReader

READER = RequestReader(max_body_bytes=1024)


def asking(query_string: bytes) -> Request:
    return Request({"type": "http", "method": "GET", "headers": [], "query_string": query_string})


@pytest.mark.parametrize("length", [1, 10_000])
async def test_an_address_is_read_the_same_each_time_however_long_it_is(length: int):
    text = "a" * length
    for _ in range(2):
        assert await READER.read(asking(f"query={text}".encode())) == Parameters(query=text)


async def test_an_address_that_holds_no_request_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(HTTPException):
            await READER.read(asking(b"query="))
