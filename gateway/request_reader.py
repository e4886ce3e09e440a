"""From an HTTP request to the parameters of GraphQL."""

from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request

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

    async def read(self, request: Request) -> Parameters | tuple[Parameters, ...]:
        """What the client sent, several of them where it sent an array.

        Raises HTTPException 400, 413 and 415 where it is no request, and `ClientDisconnect` where it went away.
        """
        if request.method != "POST":
            return self._in_address(request.scope["query_string"])
        parameters.check_content(request.headers)
        body = await self._body(request)
        return parameters.batch_from_body(body, most=self._max_batch) if self._max_batch else parameters.from_body(body)

    def _in_address(self, query_string: bytes) -> Parameters:
        read = self._remembered if len(query_string) <= _REMEMBERED_LENGTH else parameters.from_query_string
        return read(query_string)

    async def _body(self, request: Request) -> bytes:
        announced = request.headers.get("content-length", "")[:_LONGEST_LENGTH]
        if announced.isdecimal() and int(announced) > self._max_body_bytes:
            raise self._too_large()
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body_bytes:
                raise self._too_large()
        return bytes(body)

    def _too_large(self) -> HTTPException:
        # The rest of the body is not worth reading.
        close = {"Connection": "close"}
        return HTTPException(413, f"The body is larger than {self._max_body_bytes} bytes, the most taken here", close)
