"""A GraphQL request, read from a body or an address (GraphQL over HTTP, section 5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from gateway.http.negotiation import MAX_HEADER, MediaType
from schema.inputs.bad_input import quoted

_MAX_PARAMETERS = 100
_HEADER_PAIRS = 64  # clients send few different ones
_DIGITS = 20  # of the greatest integers of 64 bits
_LENGTH_DIGITS = 18  # of a Content-Length, all that matter
_SHA256 = re.compile("[0-9a-fA-F]{64}")
_DIGIT = re.compile(rb"[0-9]")
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_STRING_OR_NUMBER = re.compile(
    rb"""
      "(?P<text> (?: [^"\\]++ | \\. )*+ )"? (?P<key> \s*+: )?  # without an end it goes to the end of the text
    | [-+.0-9eE]++
    """,
    re.VERBOSE | re.DOTALL,
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"""
      \\u[dD][89abAB][0-9a-fA-F]{2} \\u[dD][c-fC-F][0-9a-fA-F]{2}  # two halves that belong together
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} )
    | \\.
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameters of one request: a `query`, the `sha256` of one, or both; or else a `document_id`.

    `variables` are JSON values, and `sha256` is in small hexadecimal digits.
    """

    query: str | None = None
    document_id: str | None = None
    sha256: str | None = None
    variables: Mapping[str, object] | None = None
    operation_name: str | None = None


class RequestReader:
    """Reads bodies of up to `max_body_bytes`, and in them arrays of up to `max_batch` requests.

    With a `max_batch` of 0, an array is no request.
    """

    def __init__(self, *, max_body_bytes: int, max_batch: int = 0) -> None:
        self._max_body_bytes = max_body_bytes
        self._max_batch = max_batch

    async def read(self, headers: Mapping[bytes, bytes], receive: Receive) -> Parameters | tuple[Parameters, ...]:
        """The request that a client posts, or several from an array. Raises as `body` and `parameters` do."""
        return self.parameters(await self.body(headers, receive))

    async def body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """The body that a client posts.

        Raises HTTPException 413 and 415 where it cannot be a request, and `ClientDisconnect` where the client left.
        """
        content_type, encoding = headers.get(b"content-type", b""), headers.get(b"content-encoding", b"")
        check_content(content_type[:MAX_HEADER], encoding[:MAX_HEADER])
        announced = headers.get(b"content-length", b"")[:_LENGTH_DIGITS]
        if announced.isdigit() and int(announced) > self._max_body_bytes:
            raise self._too_large()
        message = await receive()
        body: bytes | bytearray = message.get("body", b"")
        while message.get("more_body", False) and len(body) <= self._max_body_bytes:
            message = await receive()
            body = bytearray(body) if isinstance(body, bytes) else body
            body += message.get("body", b"")
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if len(body) > self._max_body_bytes:
            raise self._too_large()
        return bytes(body)

    def parameters(self, body: bytes) -> Parameters | tuple[Parameters, ...]:
        """The request in a body, or several from an array. Raises HTTPException 400 and 422 where it is no request."""
        return batch_from_body(body, most=self._max_batch) if self._max_batch else from_body(body)

    def _too_large(self) -> HTTPException:
        # The rest of the body is not worth reading.
        close = {"Connection": "close"}
        return HTTPException(413, f"The body is larger than {self._max_body_bytes} bytes, the most taken here", close)


@lru_cache(_HEADER_PAIRS)
def check_content(content_type: bytes, content_encoding: bytes) -> None:
    """Check by these headers that the body is JSON in UTF-8. Raises HTTPException 415 otherwise."""
    media_type = MediaType.parse(content_type.decode("latin-1"))
    if media_type.name != "application/json":
        raise HTTPException(415, "Send the request as JSON, with the header Content-Type: application/json")
    if media_type.parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise HTTPException(
            415, "Send the JSON in UTF-8, with the header Content-Type: application/json; charset=utf-8"
        )
    if content_encoding.strip().lower() not in {b"", b"identity"}:
        raise HTTPException(415, "Send the body as it is, without Content-Encoding")


def from_body(body: bytes) -> Parameters:
    """The request in a JSON body. Raises HTTPException 400 where it is no JSON, and 422 where it is no request."""
    return _request(json_value(body, "The body"))


def batch_from_body(body: bytes, *, most: int) -> Parameters | tuple[Parameters, ...]:
    """The same, or several in a JSON array. Raises HTTPException 422 also for none, or more than `most`."""
    value = json_value(body, "The body")
    if not isinstance(value, list):
        return _request(value)
    if not 0 < len(value) <= most:
        raise _malformed(f"A batch must hold one request at least, and {most} at most; this one has {len(value)}")
    return tuple(map(_request, value))


def from_query_string(query_string: bytes) -> Parameters:
    """The request in an address, where `variables` and `extensions` are JSON. Raises HTTPException as above."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=_MAX_PARAMETERS)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of parameters
        raise _bad("The address must be percent-encoded UTF-8, with few parameters") from error
    values: dict[str, object] = dict(pairs)
    if len(values) < len(pairs):
        raise _malformed("Each parameter may be in the address only once")
    for name in ("variables", "extensions"):
        if name in values:
            values[name] = json_value(str(values[name]).encode(), name)
    return parameters_of(values)


def _request(value: object) -> Parameters:
    if not isinstance(value, dict):
        raise _malformed("The body must be one JSON object with a query, such as {'query': '{ __typename }'}")
    return parameters_of(value)


def parameters_of(values: Mapping[str, object]) -> Parameters:
    """The request in an object. Raises HTTPException 422 where it is none."""
    parameters = Parameters(
        query=_text(values, "query"),
        document_id=_text(values, "documentId"),
        sha256=_sha256(_object(values, "extensions") or {}),
        variables=_object(values, "variables"),
        operation_name=_text(values, "operationName"),
    )
    if parameters.document_id and (parameters.query or parameters.sha256):
        raise _malformed("documentId stands for a query: send one of them")
    if not (parameters.document_id or parameters.query or parameters.sha256):
        raise _malformed("query is missing: it must be a string that holds a GraphQL document")
    return parameters


def _sha256(extensions: Mapping[str, object]) -> str | None:
    """The hash in Apollo's extension. Others are ignored, since the specification lets clients send any."""
    match extensions.get("persistedQuery"):
        case None:
            return None
        case {"version": 1 as version, "sha256Hash": str(hash_)} if version is not True and _SHA256.fullmatch(hash_):
            return hash_.lower()
        case {"version": 1 as version} if version is not True:
            raise _malformed("extensions.persistedQuery.sha256Hash must be a SHA-256: 64 hexadecimal digits")
        case _:
            raise _malformed("extensions.persistedQuery must be an object with version 1 and a sha256Hash")


def _text(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise _malformed(f"{name} must be a string or null")
    return value if value and value.strip() else None


def _object(values: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    value = values.get(name)
    if value is not None and not isinstance(value, dict):
        raise _malformed(f"{name} must be a JSON object or null")
    return value


def json_value(text: bytes, name: str) -> object:
    """The value of a text. Raises HTTPException 400 where it is no JSON, and 422 for integers beyond 64 bits."""
    # One of any 19 digits in a row is among each 19th byte, which are looked through in no time.
    if _DIGIT.search(text[18::19]) and _LONG_NUMBER.search(text):
        _check_integers(text, name)
    try:
        return orjson.loads(_ESCAPE.sub(_whole, text) if b"\\u" in text and _SURROGATE.search(text) else text)
    except orjson.JSONDecodeError as error:
        raise _bad(f"{name} cannot be read as JSON in UTF-8: {error}") from error


def _check_integers(text: bytes, name: str) -> None:
    """Raise HTTPException 422 for an integer beyond 64 bits, of which reading would lose digits."""
    for token in _STRING_OR_NUMBER.finditer(text):
        if token["key"]:
            name = token["text"].decode(errors="replace")
        elif token["text"] is None and _is_beyond_64_bits(token[0]):
            number = quoted(token[0].decode())
            remedy = "send an ID as text, in quotes, and an Int of 32 bits at most"
            raise _malformed(f"{quoted(name)}: {number} is a number beyond 64 bits; {remedy}")


def _is_beyond_64_bits(number: bytes) -> bool:
    digits = number.removeprefix(b"-")
    return digits.isdigit() and (len(digits) > _DIGITS or not -(2**63) <= int(number) < 2**64)


def _whole(escape: re.Match[bytes]) -> bytes:
    """The escape, or that of U+FFFD for half of a character, which browsers send of an emoji cut in two."""
    return rb"\ufffd" if escape["half"] else escape[0]


def _malformed(message: str) -> HTTPException:
    return HTTPException(422, message)


def _bad(message: str) -> HTTPException:
    return HTTPException(400, message)
