import gzip

import pytest
from starlette.types import ASGIApp, Message

from gateway.graphql.reply import NotModified, Reply
from gateway.http.negotiation import Negotiated, Offer
from tests.gateway.fakes import receiving


async def sent(reply: ASGIApp) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await reply({"type": "http"}, receiving(), send)
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"]


@pytest.mark.parametrize(("size", "is_packed"), [(0, False), (1023, False), (1024, True), (200_000, True)])
async def test_what_is_worth_it_is_compressed_and_its_length_is_told(size: int, is_packed: bool):  # noqa: FBT001 - a case
    status, headers, body = await sent(Reply(200, b"a" * size, Negotiated(Offer.JSON, "gzip")))
    assert status == 200
    assert headers[b"content-length"] == str(len(body)).encode()
    assert (headers.get(b"content-encoding") == b"gzip") == is_packed
    assert (gzip.decompress(body) if is_packed else body) == b"a" * size


async def test_what_the_client_cannot_unpack_is_sent_as_it_is():
    status, headers, body = await sent(Reply(400, b"a" * 5000, Negotiated(Offer.GRAPHQL_RESPONSE, ""), ((b"x", b"y"),)))
    assert (status, body) == (400, b"a" * 5000)
    assert headers == {
        b"content-type": b"application/graphql-response+json; charset=utf-8",
        b"vary": b"Accept, Accept-Encoding, Origin",
        b"x": b"y",
        b"content-length": b"5000",
    }


async def test_what_is_not_modified_has_no_body_and_no_length():
    status, headers, body = await sent(NotModified(((b"etag", b'"a"'),)))
    assert (status, body) == (304, b"")
    assert headers == {b"vary": b"Accept, Accept-Encoding, Origin", b"etag": b'"a"'}
