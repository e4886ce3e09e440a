"""Answers to requests that failed: always JSON in the form of a GraphQL response."""

from collections.abc import Mapping
from http import HTTPStatus

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http import current_request
from gateway.http.host import PREFIX
from indexer.errors import IndexUnreachable, IndexUnreadable, Overloaded
from schema.execution.error_answers import UNREACHABLE
from schema.limits.error_codes import Code

CODES = {
    HTTPStatus.BAD_REQUEST: "BAD_USER_INPUT",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
    HTTPStatus.NOT_ACCEPTABLE: "NOT_ACCEPTABLE",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "BODY_TOO_LARGE",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "RANGE_NOT_SATISFIABLE",
    HTTPStatus.UNPROCESSABLE_ENTITY: "BAD_USER_INPUT",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "HEAD_TOO_LARGE",
    HTTPStatus.INTERNAL_SERVER_ERROR: "INTERNAL",
    HTTPStatus.SERVICE_UNAVAILABLE: "INDEX_UNAVAILABLE",
}
_VARY = {"Vary": "Accept-Encoding, Origin"}  # also where no other middleware is on the way
JSON = "application/json; charset=utf-8"
NO_SNIFFING = {"X-Content-Type-Options": "nosniff"}
"""Let browsers take an answer for what its Content-Type says."""


class Refusal(HTTPException):
    """A refusal with a code of its own, rather than that of its status."""

    def __init__(self, status_code: int, detail: str, *, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code, detail, headers)
        self.code = code


def refused(refusal: HTTPException, *, status: int | None = None, media_type: str = JSON) -> Response:
    """The response for a request that HTTP itself refuses; its `detail` is the error's message.

    It has the refusal's own status, unless another is given.
    """
    current_request.current().error_codes = [code_of(refusal)]
    return Response(body_of(refusal), status or refusal.status_code, headers=refusal.headers, media_type=media_type)


def body_of(refusal: HTTPException) -> bytes:
    """The refusal as a GraphQL response, in JSON."""
    return orjson.dumps({"errors": [{"message": refusal.detail, "extensions": {"code": code_of(refusal)}}]})


def code_of(refusal: HTTPException) -> str:
    """The code by which programs know the refusal."""
    status = HTTPStatus(refusal.status_code)
    return refusal.code if isinstance(refusal, Refusal) else CODES.get(status, status.name)


def overloaded(message: str) -> Refusal:
    """The refusal while there is too much to do, or too many ask at once."""
    return Refusal(503, f"{message}; try again soon", code=Code.OVERLOADED, headers={"Retry-After": "1"})


def no_index(headers: Mapping[str, str] | None = None) -> HTTPException:
    """The refusal while there is nothing to answer from."""
    # The reason names places on this machine, and is for operators: in the log, and at /readyz.
    retry = {"Retry-After": "1", **(headers or {})}
    return HTTPException(503, "There is no index to answer from yet; try again soon", retry)


def unreachable() -> Refusal:
    """The refusal while no node of the index's cluster answers."""
    return Refusal(503, UNREACHABLE, code=Code.INDEX_UNREACHABLE, headers={"Retry-After": "1"})


def without_index(error: Exception) -> HTTPException:
    """The refusal for a request that needs an index which cannot be used, because of this error."""
    return unreachable() if isinstance(error, IndexUnreachable) else no_index()


async def misrouted(request: Request, error: Exception) -> Response:
    """The response where no route takes the request: unknown address, or wrong method.

    The prefix of a proxy without a slash leads to the home page, whose links are relative.
    """
    if not isinstance(error, HTTPException):
        raise error
    if request.scope["path"] == request.scope.get(PREFIX):
        return RedirectResponse(request.url.replace(path=f"{request.scope['path']}/", scheme="", netloc=""))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        error = HTTPException(405, f"This address takes only {allowed}", {"Allow": allowed})
    elif error.status_code == HTTPStatus.NOT_FOUND:
        error = HTTPException(404, "There is nothing at this address; the API is at /graphql")
    return refused(error)


async def senseless(_request: Request, error: Exception) -> Response:
    """The response where a request asks for something that makes no sense."""
    return refused(HTTPException(400, str(error)))


async def too_large(_request: Request, error: Exception) -> Response:
    """The response where an answer would have more bytes than are sent."""
    return refused(Refusal(400, str(error), code=Code.ANSWER_TOO_LARGE))


async def stopped(_request: Request, error: Exception) -> Response:
    """The response where the work for a request was given up, or not begun."""
    if isinstance(error, Overloaded):
        return refused(overloaded(str(error)))
    return refused(Refusal(503, str(error), code=Code.DEADLINE_EXCEEDED, headers={"Retry-After": "1"}))


async def unavailable(_request: Request, error: Exception) -> Response:
    """The response while the index cannot be used. The log tells of an index that is there, but cannot be read."""
    if isinstance(error, IndexUnreadable):
        structlog.get_logger("newsstand.index").error("index trouble", reason=str(error))
    return refused(without_index(error))


class Failures:
    """Middleware that turns an unexpected exception into a response, and a log entry with the same request id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("newsstand.failure")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            if scope["type"] != "http" or current_request.current().is_answered:
                raise
            self._log.exception("request failed")
            message = "Something went wrong on our side; quote this answer's X-Request-ID when reporting it"
            await refused(HTTPException(500, message, _VARY))(scope, receive, send)
