"""/graphql: one GraphQL request in, one response out (GraphQL over HTTP), and GraphiQL for people."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Protocol

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.caching import Caching
from gateway.failures import body_of, code_of, no_index, refused
from gateway.media_type import Offer, best_offer
from gateway.moment import Moment
from gateway.parameters import Parameters
from gateway.persisted import PersistedDocuments
from gateway.request_reader import RequestReader
from indexer.errors import SearchIndexError
from schema.executor import Answer, GraphQLRequest

VARY: Mapping[str, str] = {"Vary": "Accept"}
# To what is sent, the middleware that compresses adds the second by itself.
_VARY_UNSENT: Mapping[str, str] = {"Vary": "Accept, Accept-Encoding"}
_UNCACHED: Mapping[str, str] = {"Cache-Control": "no-store"}
_ANSWERS = (Offer.JSON, Offer.GRAPHQL_RESPONSE)
_REMEMBERED = 64  # Accept headers, of which clients send few different ones
_QUESTIONS = frozenset({"query", "documentId", "extensions"})
_LONGEST_OPERATION = 100


class Executes(Protocol):
    """What answers GraphQL requests."""

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer to `request`. Raises `SearchIndexError` where there is no index to answer from."""

    async def moment(self) -> Moment:
        """The present, as answers depend on it. Raises `SearchIndexError` as above."""


class GraphQLEndpoint:
    """Answers POST and GET in `application/json` or `application/graphql-response+json`, as the client likes best.

    In the first, GraphQL's own errors come with status 200; in the second, what was refused before execution comes
    with 400. What is asked by GET may be cached: its answer has a tag, and who has it already is told so without
    asking again. Each request of a batch has its own place in an array of answers. A client that likes HTML best and
    asks nothing gets a `page`, where there is one.
    """

    def __init__(
        self,
        executor: Executes,
        *,
        reader: RequestReader,
        documents: PersistedDocuments,
        caching: Caching,
        page: Callable[[], Response] | None,
    ) -> None:
        self._executor = executor
        self._reader = reader
        self._documents = documents
        self._caching = caching
        self._page = page
        self._best_offer = lru_cache(_REMEMBERED)(best_offer)

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
            return await self._answer(request, offer)
        except SearchIndexError:
            return refused(no_index(VARY), media_type=media_type)
        except HTTPException as refusal:
            refusal.headers = {**VARY, **(refusal.headers or {})}
            return refused(refusal, media_type=media_type)

    async def _answer(self, request: Request, offer: Offer) -> Response:
        asked = await self._reader.read(request)
        if isinstance(asked, tuple):
            return await self._answer_all(asked, offer)
        if request.method == "POST":
            return _response(await self._executed(asked, self._question(asked)), offer, VARY)
        return await self._answer_or_304(request, asked, offer)

    async def _answer_all(self, batch: Sequence[Parameters], offer: Offer) -> Response:
        answers = await asyncio.gather(*map(self._answer_or_refuse, batch))
        codes = tuple(chain.from_iterable(answer.error_codes for answer in answers))
        body = b"[%b]" % b",".join(answer.body for answer in answers)
        return _response(Answer(body=body, executed=True, operation=None, error_codes=codes), offer, VARY)

    async def _answer_or_refuse(self, asked: Parameters) -> Answer:
        try:
            return await self._executed(asked, self._question(asked))
        except HTTPException as refusal:
            codes = (code_of(refusal),)
            return Answer(body=body_of(refusal), executed=False, operation=None, error_codes=codes)

    async def _answer_or_304(self, request: Request, asked: Parameters, offer: Offer) -> Response:
        moment = await self._executor.moment()
        question = replace(self._question(asked), now=moment.clock)
        freshness = self._caching.freshness(question, moment, form=(offer, _coding(request)))
        headers = {**VARY, **freshness.headers}
        if freshness.is_named(request.headers):
            return Response(status_code=304, headers={**headers, **_VARY_UNSENT})
        answer = await self._executed(asked, question)
        # Another generation may have come in between, and a failure may be gone the next time.
        is_lasting = answer.executed and not answer.error_codes and await self._executor.moment() == moment
        return _response(answer, offer, headers if is_lasting else {**VARY, **_UNCACHED})

    async def _executed(self, asked: Parameters, question: GraphQLRequest) -> Answer:
        answer = await self._executor.execute(question)
        if answer.executed:
            self._documents.register(asked)
        return answer

    def _question(self, asked: Parameters) -> GraphQLRequest:
        query = self._documents.text(asked)
        return GraphQLRequest(query=query, variables=asked.variables, operation_name=asked.operation_name)

    def _offer(self, request: Request) -> Offer | None:
        accept = tuple(request.headers.getlist("accept"))
        if self._page is None or request.method == "POST":
            return self._best_offer(accept, _ANSWERS)
        best = self._best_offer(accept, (*_ANSWERS, Offer.HTML))
        is_question = best is Offer.HTML and not _QUESTIONS.isdisjoint(request.query_params)
        return self._best_offer(accept, _ANSWERS) if is_question else best


def _coding(request: Request) -> str:
    """How long answers to this client are compressed: a strong tag must tell them from those that are not."""
    return "gzip" if "gzip" in request.headers.get("accept-encoding", "") else ""


def _response(answer: Answer, offer: Offer, headers: Mapping[str, str]) -> Response:
    operation = answer.operation[:_LONGEST_OPERATION] if answer.operation else None
    structlog.contextvars.bind_contextvars(operation=operation, error_codes=sorted(set(answer.error_codes)))
    status = 200 if answer.executed or offer is Offer.JSON else 400
    return Response(answer.body, status, headers=headers, media_type=f"{offer}; charset=utf-8")
