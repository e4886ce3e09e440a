"""The messages of the protocol graphql-transport-ws."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import orjson
from starlette.exceptions import HTTPException

from gateway.graphql.request import Parameters, json_value, parameters_of
from schema.inputs.bad_input import quoted

PROTOCOL = "graphql-transport-ws"
ACKNOWLEDGEMENT = b'{"type":"connection_ack"}'
_LONGEST_ID = 128


class Close(IntEnum):
    """The codes with which a WebSocket is closed: the protocol's own, and of RFC 6455 those for an end that is ours."""

    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429
    INTERNAL = 4500


class Closing(Exception):
    """The end of a WebSocket for a reason of ours."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Kind(StrEnum):
    """The types of messages that a client sends."""

    INITIALISE = "connection_init"
    PING = "ping"
    PONG = "pong"
    SUBSCRIBE = "subscribe"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of a client: an operation has an `id`, one that begins has `parameters`, and a ping a `payload`."""

    kind: Kind
    id: str = ""
    parameters: Parameters | None = None
    payload: Mapping[str, object] | None = None


def read(text: str) -> Message:
    """The message in a text. Raises `Closing` with BAD_REQUEST where it is none."""
    try:
        value = json_value(text.encode("utf-8", "surrogatepass"), "The message")
        if not isinstance(value, dict):
            raise _bad("A message must be a JSON object")
        return _message(value)
    except HTTPException as error:
        raise _bad(error.detail) from error


def _message(values: Mapping[str, object]) -> Message:
    kind = values.get("type")
    if not isinstance(kind, str):
        raise _bad("A message must have a type, which is a string")
    match kind:
        case Kind.INITIALISE | Kind.PING | Kind.PONG:
            return Message(kind=Kind(kind), payload=_payload(values, kind))
        case Kind.SUBSCRIBE:
            payload = _payload(values, kind)
            if payload is None:
                raise _bad("The payload of subscribe must be an object with a query")
            return Message(kind=Kind.SUBSCRIBE, id=_operation_id(values), parameters=parameters_of(payload))
        case Kind.COMPLETE:
            return Message(kind=Kind.COMPLETE, id=_operation_id(values))
        case _:
            raise _bad(f"Clients send no message of the type {quoted(kind)}")


def _payload(values: Mapping[str, object], kind: str) -> Mapping[str, object] | None:
    payload = values.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise _bad(f"The payload of {kind} must be an object")
    return payload


def _operation_id(values: Mapping[str, object]) -> str:
    operation_id = values.get("id")
    if not isinstance(operation_id, str) or not 0 < len(operation_id) <= _LONGEST_ID:
        raise _bad(f"The id of an operation must be a string of 1 to {_LONGEST_ID} characters")
    return operation_id


def _bad(reason: str) -> Closing:
    return Closing(Close.BAD_REQUEST, reason)


def pong(payload: Mapping[str, object] | None) -> bytes:
    """The answer to a ping, with what it carried."""
    return orjson.dumps({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


class Operation:
    """The messages to a client about one of its operations."""

    def __init__(self, operation_id: str) -> None:
        self._id = orjson.dumps(operation_id)

    def next(self, answer: bytes) -> bytes:
        """The message with an answer, which is JSON."""
        return b'{"id":%b,"type":"next","payload":%b}' % (self._id, answer)

    def error(self, answer: bytes) -> bytes:
        """The message that ends an operation which was refused with an answer."""
        return b'{"id":%b,"type":"error","payload":%b}' % (self._id, orjson.dumps(orjson.loads(answer)["errors"]))

    def complete(self) -> bytes:
        """The message that ends an operation."""
        return b'{"id":%b,"type":"complete"}' % self._id
