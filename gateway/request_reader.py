"""From an HTTP request to the parameters of GraphQL."""

from collections.abc import Mapping
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from gateway import parameters
from gateway.parameters import Parameters

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
        self._remembered = lru_cache(_REMEMBERED)(parameters.from_query_string)

    def in_address(self, query_string: bytes) -> Parameters:
        """What a client asks by GET. Raises HTTPException 400 and 422 where it is no request."""
        read = self._remembered if len(query_string) <= _REMEMBERED_LENGTH else parameters.from_query_string
        return read(query_string)

    async def in_body(self, headers: Mapping[bytes, bytes], receive: Receive) -> Parameters | tuple[Parameters, ...]:
        """What a client posts, several requests where it sends an array.

        Raises HTTPException 400, 413, 415 and 422 where it is no request, and `ClientDisconnect` where it went away.
        """
        parameters.check_content(headers.get(b"content-type", b""), headers.get(b"content-encoding", b""))
        body = await self._body(headers.get(b"content-length", b""), receive)
        return parameters.batch_from_body(body, most=self._max_batch) if self._max_batch else parameters.from_body(body)

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
