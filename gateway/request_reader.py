"""From an HTTP request to the parameters of GraphQL."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from gateway import parameters
from gateway.parameters import Parameters

_LONGEST_LENGTH = 18  # digits of a Content-Length, all that matter


class RequestReader:
    """Reads requests with bodies of up to `max_body_bytes`, and in them arrays of up to `max_batch` requests.

    With a `max_batch` of 0, an array is no request.
    """

    def __init__(self, *, max_body_bytes: int, max_batch: int = 0) -> None:
        self._max_body_bytes = max_body_bytes
        self._max_batch = max_batch

    async def read(self, request: Request) -> Parameters | tuple[Parameters, ...]:
        """What the client sent, several of them where it sent an array.

        Raises HTTPException 400, 413 and 415 where it is no request, and `ClientDisconnect` where it went away.
        """
        if request.method != "POST":
            return parameters.from_query_string(request.scope["query_string"])
        parameters.check_content(request.headers)
        body = await self._body(request)
        return parameters.batch_from_body(body, most=self._max_batch) if self._max_batch else parameters.from_body(body)

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
