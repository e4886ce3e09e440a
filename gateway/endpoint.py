"""/graphql: one GraphQL request in, one response out (GraphQL over HTTP), and GraphiQL for people."""

from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway import parameters
from gateway.failures import no_index, refused
from gateway.media_type import Offer, best_offer
from indexer.errors import SearchIndexError
from schema.executor import Answer, GraphQLRequest

VARY: Mapping[str, str] = {"Vary": "Accept"}
_LONGEST_OPERATION = 100
_LONGEST_LENGTH = 18  # digits of a Content-Length, all that matter


class Executes(Protocol):
    """What answers GraphQL requests."""

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer to `request`. Raises `SearchIndexError` where there is no index to answer from."""


class GraphQLEndpoint:
    """Answers POST and GET in `application/json` or `application/graphql-response+json`, as the client likes best.

    In the first, GraphQL's own errors come with status 200; in the second, what was refused before execution comes
    with 400. A client that likes HTML best and asks nothing gets a `page`, where there is one.
    """

    def __init__(self, executor: Executes, *, max_body_bytes: int, page: Callable[[], Response] | None) -> None:
        self._executor = executor
        self._max_body_bytes = max_body_bytes
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI request."""
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return  # nobody is left to answer
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        offer = self._offer(request)
        if offer is None:
            return refused(HTTPException(406, f"Accept must allow {Offer.JSON} or {Offer.GRAPHQL_RESPONSE}", VARY))
        if offer is Offer.HTML and self._page is not None:
            return self._page()
        media_type = f"{offer}; charset=utf-8"
        try:
            answer = await self._executor.execute(await self._question(request))
        except SearchIndexError:
            return refused(no_index(VARY), media_type=media_type)
        except HTTPException as refusal:
            refusal.headers = {**VARY, **(refusal.headers or {})}
            return refused(refusal, media_type=media_type)
        return _response(answer, offer)

    def _offer(self, request: Request) -> Offer | None:
        forms = [Offer.JSON, Offer.GRAPHQL_RESPONSE]
        if self._page is not None and request.method != "POST" and "query" not in request.query_params:
            forms.append(Offer.HTML)
        return best_offer(request.headers.getlist("accept"), forms)

    async def _question(self, request: Request) -> GraphQLRequest:
        if request.method != "POST":
            return parameters.from_query_string(request.scope["query_string"])
        parameters.check_content(request.headers)
        return parameters.from_body(await self._body(request))

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


def _response(answer: Answer, offer: Offer) -> Response:
    operation = answer.operation[:_LONGEST_OPERATION] if answer.operation else None
    structlog.contextvars.bind_contextvars(operation=operation, error_codes=sorted(set(answer.error_codes)))
    status = 200 if answer.executed or offer is Offer.JSON else 400
    return Response(answer.body, status, headers=VARY, media_type=f"{offer}; charset=utf-8")
