import json
from collections.abc import Callable
from sys import getrefcount
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gateway.graphql.request import (
    Parameters,
    RequestReader,
    batch_from_body,
    check_content,
    from_body,
    from_query_string,
)
from tests.gateway.fakes import receiving

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["query", "variables", "operationName", "extensions", "documentId", "other"]), JSON_VALUES
)


def test_a_body_holds_a_request():
    body = b'{"query": "query A { a }", "variables": {"x": [1]}, "operationName": "A", "extensions": {}, "id": 7}'
    assert from_body(body) == Parameters(query="query A { a }", variables={"x": [1]}, operation_name="A")


def test_null_is_as_good_as_nothing():
    body = b'{"query": "{ a }", "variables": null, "operationName": null, "extensions": null}'
    assert from_body(body) == Parameters(query="{ a }")


@pytest.mark.parametrize(
    ("body", "named", "status"),
    [
        (b"", "body", 400),
        (b"{", "body", 400),
        (b'{"query": "\xff"}', "body", 400),
        (b"[" * 100_000, "body", 400),
        (b'[{"query": "{ a }"}]', "body", 422),
        (b"null", "body", 422),
        (b'"{ a }"', "body", 422),
        (b"{}", "query", 422),
        (b'{"query": null}', "query", 422),
        (b'{"query": "  "}', "query", 422),
        (b'{"query": ["{ a }"]}', "query", 422),
        (b'{"query": "{ a }", "variables": []}', "variables", 422),
        (b'{"query": "{ a }", "variables": "{}"}', "variables", 422),
        (b'{"query": "{ a }", "operationName": 1}', "operationName", 422),
        (b'{"query": "{ a }", "extensions": true}', "extensions", 422),
        (b'{"extensions": {"persistedQuery": "abc"}}', "persistedQuery", 422),
        (b'{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "abc"}}}', "version 1", 422),
        (b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ""}}}', "sha256Hash", 422),
        (b'{"extensions": {"persistedQuery": {"version": true, "sha256Hash": "%b"}}}' % (b"0" * 64), "version 1", 422),
        (b'{"extensions": {"persistedQuery": {"version": true, "sha256Hash": ""}}}', "version 1", 422),
        (b'{"extensions": {"persistedQuery": {"version": "1", "sha256Hash": "%b"}}}' % (b"0" * 64), "version 1", 422),
        (b'{"extensions": {"other": 1}}', "query", 422),
        (b'{"documentId": 1}', "documentId", 422),
        (b'{"documentId": "a", "query": "{ a }"}', "one of them", 422),
    ],
)
def test_a_body_that_holds_no_request_is_refused_by_the_name_of_what_is_wrong(body: bytes, named: str, status: int):
    """Text that is no JSON, and JSON that means nothing, are told apart."""
    with pytest.raises(HTTPException) as refusal:
        from_body(body)
    assert refusal.value.status_code == status
    assert named in refusal.value.detail


def test_a_query_may_be_named_by_its_hash_or_a_document_by_its_id():
    sha256 = "0123456789abcdef" * 4
    hashed = b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "%b"}}}' % sha256.upper().encode()
    assert from_body(hashed) == Parameters(sha256=sha256)
    assert from_body(hashed.replace(b"{", b'{"query": "{ a }",', 1)) == Parameters(query="{ a }", sha256=sha256)
    assert from_body(b'{"documentId": "sha256:abc"}') == Parameters(document_id="sha256:abc")
    assert from_query_string(b"documentId=a&variables=%7B%22x%22%3A1%7D") == Parameters(
        document_id="a", variables={"x": 1}
    )


def test_an_address_holds_a_request():
    query_string = b"query=query%20A%20%7B%20a%20%7D&variables=%7B%22x%22%3A%22%C3%A9%22%7D&operationName=A"
    assert from_query_string(query_string) == Parameters(
        query="query A { a }", variables={"x": "é"}, operation_name="A"
    )


@pytest.mark.parametrize(
    ("query_string", "named", "status"),
    [
        (b"", "query", 422),
        (b"query=", "query", 422),
        (b"query=%7B%FF", "UTF-8", 400),
        (b"query=\xc3\xa9", "UTF-8", 400),
        (b"query=a&query=b", "once", 422),
        (b"query=a&variables=%7B", "variables", 400),
        (b"query=a&variables=1", "variables", 422),
        (b"query=a&extensions=%5B%5D", "extensions", 422),
        (b"&".join(b"a%d=1" % number for number in range(200)), "few parameters", 400),
    ],
)
def test_an_address_that_holds_no_request_is_refused_by_the_name_of_what_is_wrong(
    query_string: bytes, named: str, status: int
):
    with pytest.raises(HTTPException) as refusal:
        from_query_string(query_string)
    assert refusal.value.status_code == status
    assert named in refusal.value.detail


def outcome(read: Callable[[bytes], Parameters], given_bytes: bytes) -> int:
    """200 where there is a request, else the status of the refusal."""
    try:
        read(given_bytes)
    except HTTPException as refusal:
        return refusal.status_code
    return 200


@given(st.binary() | JSON_VALUES.map(orjson.dumps) | PARAMETERS.map(orjson.dumps))
def test_a_body_is_a_request_or_is_refused(body: bytes):
    """Whatever bytes a client sends, nothing but a refusal may come of them."""
    assert outcome(from_body, body) in {200, 400, 422}


@given(st.binary())
def test_an_address_is_a_request_or_is_refused(query_string: bytes):
    assert outcome(from_query_string, query_string) in {200, 400, 422}


def check(headers: dict[str, str]) -> None:
    check_content(headers.get("content-type", "").encode(), headers.get("content-encoding", "").encode())


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "application/json; charset=utf-8"},
        {"content-type": 'Application/JSON;charset="UTF8"', "content-encoding": "identity"},
    ],
)
def test_json_in_utf8_is_taken(headers: dict[str, str]):
    check(headers)


@pytest.mark.parametrize(
    ("headers", "remedy"),
    [
        ({}, "Content-Type: application/json"),
        ({"content-type": "text/plain"}, "Content-Type: application/json"),
        ({"content-type": "application/graphql"}, "Content-Type: application/json"),
        ({"content-type": "application/json; charset=latin-1"}, "charset=utf-8"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "without Content-Encoding"),
    ],
)
def test_other_content_is_refused_with_the_remedy(headers: dict[str, str], remedy: str):
    with pytest.raises(HTTPException) as refusal:
        check(headers)
    assert refusal.value.status_code == 415
    assert remedy in refusal.value.detail


@given(st.lists(st.sampled_from(["\ud83d", "\ude00", "\\", "\\ud83d", "u", "é", '"', "\n"]) | st.text()).map("".join))
def test_half_a_character_is_read_as_one_that_is_broken(typed: str):
    # A person who deletes an emoji letter by letter sends half of it: JavaScript writes that as an escape.
    request = from_body(json.dumps({"query": "{ a }", "variables": {"typed": typed}}).encode())
    whole = typed.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert request.variables == {"typed": whole}


READER = RequestReader(max_body_bytes=1024)
JSON = {b"content-type": b"application/json"}


async def test_of_a_long_header_no_more_is_kept_than_its_beginning():
    header = b"application/json;" + b"x" * 100_000
    before = getrefcount(header)
    await READER.read({b"content-type": header}, receiving({"type": "http.request", "body": b'{"query": "{ a }"}'}))
    assert getrefcount(header) == before


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_body_may_come_in_pieces(size: int):
    body = b'{"query": "{ a }"}'
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    receive = receiving(*messages, {"type": "http.request"})
    assert await READER.read(JSON, receive) == Parameters(query="{ a }")


async def test_a_client_that_goes_away_while_it_sends_has_no_request():
    with pytest.raises(ClientDisconnect):
        await READER.read(JSON, receiving({"type": "http.disconnect"}))


@pytest.mark.parametrize("length", [b"2000", b"9" * 5000])
async def test_a_body_that_is_announced_as_too_large_is_not_read(length: bytes):
    with pytest.raises(HTTPException) as refusal:
        await READER.read({**JSON, b"content-length": length}, receiving())
    assert refusal.value.status_code == 413


@pytest.mark.parametrize("hash_", ["a" * 63, "a" * 65, "g" * 64, "\u0661" * 64, " " + "a" * 63, "a" * 64 + "\n", ""])
def test_a_hash_that_is_none_is_refused_with_what_one_is(hash_: str):
    body = orjson.dumps({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_}}})
    with pytest.raises(HTTPException, match="64 hexadecimal digits") as refusal:
        from_body(body)
    assert refusal.value.status_code == 422


WHOLE = [2**63 - 1, 2**63, 2**64 - 1, -(2**63), 10**18]


@pytest.mark.parametrize("number", WHOLE)
def test_integers_of_64_bits_are_read_exactly(number: int):
    parameters = from_body(b'{"query": "{ a }", "variables": {"id": %d}}' % number)
    assert parameters.variables == {"id": number}


@pytest.mark.parametrize("number", [str(2**64), str(-(2**63) - 1), "1" * 31, "1" * 400, "-" + "1" * 5000])
@pytest.mark.parametrize("variables", ['{"a": 1, "id": %s}', '{"id" :[1, %s]}', '{"x": {"\\"id": "1", "id": %s}}'])
def test_integers_that_would_lose_digits_are_refused_by_name(number: str, variables: str):
    text = variables % number
    for read in (
        lambda: from_body(f'{{"query": "{{ a }}", "variables": {text}}}'.encode()),
        lambda: from_query_string(f"query=a&variables={quote(text)}".encode()),
        lambda: batch_from_body(f'[{{"query": "{{ a }}", "variables": {text}}}]'.encode(), most=2),
    ):
        with pytest.raises(
            HTTPException,
            match="is a number beyond 64 bits; send an ID as text, in quotes, and an Int of 32 bits at most",
        ) as refusal:
            read()
        assert refusal.value.status_code == 422
        assert refusal.value.detail.startswith(f"'id': '{number[:20]}")
        assert len(refusal.value.detail) < 180


@pytest.mark.parametrize("offset", range(20))
def test_long_numbers_are_seen_wherever_they_stand(offset: int):
    with pytest.raises(HTTPException, match="beyond 64 bits"):
        from_body(b'{"query": "{ a }", "variables": {"id": ' + b" " * offset + b"-9223372036854775809}}")


def test_long_numbers_are_looked_for_in_linear_time():
    with pytest.raises(HTTPException, match="JSON"):
        from_body(b'{"query": 1e' + b"9" * 20 + b', "' + b'\\"' * 500_000)


@pytest.mark.parametrize(
    "value", ['"99999999999999999999999"', "1e30", "0.12345678901234567890123", '"a\\"99999999999999999999"']
)
def test_digits_in_texts_and_fractions_are_no_integers(value: str):
    body = f'{{"query": "{{ a }}", "variables": {{"x": {value}}}}}'.encode()
    assert from_body(body).variables == orjson.loads(body)["variables"]
