"""The parameters of a GraphQL request, read from a body or a query string (GraphQL over HTTP, section 5)."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from gateway.media_type import MediaType
from schema.executor import GraphQLRequest

_MOST_FIELDS = 100
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"""
      \\u[dD][89abAB][0-9a-fA-F]{2} \\u[dD][c-fC-F][0-9a-fA-F]{2}  # two halves that belong together
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} )
    | \\.
    """,
    re.VERBOSE | re.DOTALL,
)


def check_content(headers: Headers) -> None:
    """Make sure that the body is JSON in UTF-8. Raises HTTPException 415 otherwise."""
    given = MediaType.parse(headers.get("content-type", ""))
    if given.name != "application/json":
        raise HTTPException(415, "Send the request as JSON, with the header Content-Type: application/json")
    if given.parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise HTTPException(
            415, "Send the JSON in UTF-8, with the header Content-Type: application/json; charset=utf-8"
        )
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Send the body as it is, without Content-Encoding")


def from_body(body: bytes) -> GraphQLRequest:
    """The request in a JSON body. Raises HTTPException 400 where it holds none."""
    parameters = _json(body, "The body")
    if not isinstance(parameters, dict):
        raise _bad("The body must be one JSON object with a query, such as {'query': '{ __typename }'}")
    return _request(parameters)


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """The request in the address, where `variables` and `extensions` are JSON. Raises HTTPException 400 as above."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of fields
        raise _bad("The address must be percent-encoded UTF-8, with few parameters") from error
    parameters: dict[str, object] = dict(pairs)
    if len(parameters) < len(pairs):
        raise _bad("Each parameter may be in the address only once")
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _json(str(parameters[name]).encode(), name)
    return _request(parameters)


def _request(parameters: Mapping[str, object]) -> GraphQLRequest:
    query = parameters.get("query")
    if not isinstance(query, str) or not query.strip():
        raise _bad("query is missing: it must be a string that holds a GraphQL document")
    operation_name = parameters.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise _bad("operationName must be a string or null")
    _object(parameters, "extensions")  # none is understood, and the specification allows to send any
    return GraphQLRequest(
        query=query, variables=_object(parameters, "variables"), operation_name=operation_name or None
    )


def _object(parameters: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, dict):
        raise _bad(f"{name} must be a JSON object or null")
    return value


def _json(text: bytes, name: str) -> object:
    try:
        return orjson.loads(_ESCAPE.sub(_whole, text) if _SURROGATE.search(text) else text)
    except orjson.JSONDecodeError as error:
        raise _bad(f"{name} cannot be read as JSON in UTF-8: {error}") from error


def _whole(escape: re.Match[bytes]) -> bytes:
    """The escape; for half of a character, as browsers send it of an emoji that is cut in two, that of U+FFFD."""
    return rb"\ufffd" if escape["half"] else escape[0]


def _bad(message: str) -> HTTPException:
    return HTTPException(400, message)
