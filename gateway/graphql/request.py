"""The parameters of a GraphQL request, read from a body or a query string (GraphQL over HTTP, section 5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from gateway.http.negotiation import MediaType

_MOST_FIELDS = 100
_REMEMBERED = 64  # pairs of headers, of which clients send few different ones
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
    """What a client sends: a `query`, the `sha256` of one, or both; or else a `document_id`.

    `variables` are JSON values, and `sha256` is in small hexadecimal digits.
    """

    query: str | None = None
    document_id: str | None = None
    sha256: str | None = None
    variables: Mapping[str, object] | None = None
    operation_name: str | None = None


@lru_cache(_REMEMBERED)
def check_content(content_type: bytes, content_encoding: bytes) -> None:
    """Make sure that the body is JSON in UTF-8, by these headers. Raises HTTPException 415 otherwise."""
    given = MediaType.parse(content_type.decode("latin-1"))
    if given.name != "application/json":
        raise HTTPException(415, "Send the request as JSON, with the header Content-Type: application/json")
    if given.parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise HTTPException(
            415, "Send the JSON in UTF-8, with the header Content-Type: application/json; charset=utf-8"
        )
    if content_encoding.strip().lower() not in {b"", b"identity"}:
        raise HTTPException(415, "Send the body as it is, without Content-Encoding")


def from_body(body: bytes) -> Parameters:
    """The parameters in a JSON body. Raises HTTPException 400 where it is no JSON, and 422 where it is no request."""
    return _entry(_json(body, "The body"))


def batch_from_body(body: bytes, *, most: int) -> Parameters | tuple[Parameters, ...]:
    """The same, or several in a JSON array. Raises HTTPException 422 also for none, or more than `most`."""
    entries = _json(body, "The body")
    if not isinstance(entries, list):
        return _entry(entries)
    if not 0 < len(entries) <= most:
        raise _malformed(f"A batch must hold one request at least, and {most} at most; this one has {len(entries)}")
    return tuple(map(_entry, entries))


def from_query_string(query_string: bytes) -> Parameters:
    """The parameters in the address, where `variables` and `extensions` are JSON. Raises HTTPException as above."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of fields
        raise _bad("The address must be percent-encoded UTF-8, with few parameters") from error
    parameters: dict[str, object] = dict(pairs)
    if len(parameters) < len(pairs):
        raise _malformed("Each parameter may be in the address only once")
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _json(str(parameters[name]).encode(), name)
    return _parameters(parameters)


def _entry(given: object) -> Parameters:
    if not isinstance(given, dict):
        raise _malformed("The body must be one JSON object with a query, such as {'query': '{ __typename }'}")
    return _parameters(given)


def _parameters(given: Mapping[str, object]) -> Parameters:
    parameters = Parameters(
        query=_text(given, "query"),
        document_id=_text(given, "documentId"),
        sha256=_sha256(_object(given, "extensions") or {}),
        variables=_object(given, "variables"),
        operation_name=_text(given, "operationName"),
    )
    if parameters.document_id and (parameters.query or parameters.sha256):
        raise _malformed("documentId stands for a query: send one of them")
    if not (parameters.document_id or parameters.query or parameters.sha256):
        raise _malformed("query is missing: it must be a string that holds a GraphQL document")
    return parameters


def _sha256(extensions: Mapping[str, object]) -> str | None:
    """The hash in Apollo's extension; others are not understood, and the specification allows to send any."""
    match extensions.get("persistedQuery"):
        case None:
            return None
        case {"version": 1, "sha256Hash": str(hash_)} if hash_:
            return hash_.lower()
        case _:
            raise _malformed("extensions.persistedQuery must be an object with version 1 and a sha256Hash")


def _text(parameters: Mapping[str, object], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise _malformed(f"{name} must be a string or null")
    return value if value and value.strip() else None


def _object(parameters: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, dict):
        raise _malformed(f"{name} must be a JSON object or null")
    return value


def _json(text: bytes, name: str) -> object:
    try:
        return orjson.loads(_ESCAPE.sub(_whole, text) if b"\\u" in text and _SURROGATE.search(text) else text)
    except orjson.JSONDecodeError as error:
        raise _bad(f"{name} cannot be read as JSON in UTF-8: {error}") from error


def _whole(escape: re.Match[bytes]) -> bytes:
    """The escape; for half of a character, as browsers send it of an emoji that is cut in two, that of U+FFFD."""
    return rb"\ufffd" if escape["half"] else escape[0]


def _malformed(message: str) -> HTTPException:
    return HTTPException(422, message)


def _bad(message: str) -> HTTPException:
    return HTTPException(400, message)


_REMEMBERED = 512
_REMEMBERED_LENGTH = 8192  # longer addresses are taken apart each time, so that the memory stays small
_LONGEST_LENGTH = 18  # digits of a Content-Length, all that matter


class RequestReader:
    """Reads requests with bodies of up to `max_body_bytes`, and in them arrays of up to `max_batch` requests.

    With a `max_batch` of 0, an array is no request.
    """

    def __init__(self, *, max_body_bytes: int, max_batch: int = 0) -> None:
        self._max_body_bytes = max_body_bytes
        self._max_batch = max_batch
        # Caches ask for the same addresses again and again, and taking one apart takes longer than telling that its
        # answer is still good.
        self._remembered = lru_cache(_REMEMBERED)(from_query_string)

    def in_address(self, query_string: bytes) -> Parameters:
        """What a client asks by GET. Raises HTTPException 400 and 422 where it is no request."""
        read = self._remembered if len(query_string) <= _REMEMBERED_LENGTH else from_query_string
        return read(query_string)

    async def in_body(self, headers: Mapping[bytes, bytes], receive: Receive) -> Parameters | tuple[Parameters, ...]:
        """What a client posts, several requests where it sends an array.

        Raises HTTPException 400, 413, 415 and 422 where it is no request, and `ClientDisconnect` where it went away.
        """
        check_content(headers.get(b"content-type", b""), headers.get(b"content-encoding", b""))
        body = await self._body(headers.get(b"content-length", b""), receive)
        return batch_from_body(body, most=self._max_batch) if self._max_batch else from_body(body)

    async def _body(self, announced: bytes, receive: Receive) -> bytes:
        announced = announced[:_LONGEST_LENGTH]
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

    def _too_large(self) -> HTTPException:
        # The rest of the body is not worth reading.
        close = {"Connection": "close"}
        return HTTPException(413, f"The body is larger than {self._max_body_bytes} bytes, the most taken here", close)
