"""/graphql: one GraphQL request in, one response out (GraphQL over HTTP), and GraphiQL for people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, Protocol

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.graphql.answer_tags import AnswerTags
from gateway.graphql.http_drafts import Rules
from gateway.graphql.moment import Moment
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.reply import NotModified, Reply
from gateway.graphql.request import Parameters, RequestReader
from gateway.http import current_request
from gateway.http.error_responses import body_of, code_of, no_index, refused
from gateway.http.negotiation import VARY, Negotiated, Offer, RawHeaders, best_form
from indexer.errors import SearchIndexError
from schema.execution.request import Answer, GraphQLRequest

_VARY: Mapping[str, str] = {"Vary": VARY}
_UNCACHED: RawHeaders = ((b"cache-control", b"no-store"),)
_REMEMBERED = 512  # questions in addresses
_REMEMBERED_LENGTH = 8192  # longer addresses are taken apart each time, so that the memory stays small
_WHATEVER_THERE_IS = b"*"  # in If-None-Match: any answer that could be kept
_QUESTIONS = frozenset({"query", "documentId", "extensions"})
_LONGEST_OPERATION = 100


class Executes(Protocol):
    """What answers GraphQL requests."""

    def execute(self, request: GraphQLRequest) -> Awaitable[Answer]:
        """The answer to `request`. Raises `SearchIndexError` where there is no index to answer from."""

    async def moment(self) -> Moment:
        """The present, as answers depend on it. Raises `SearchIndexError` as above."""


class _Version(NamedTuple):
    """What is asked in an address at some moment, and the tag that its answer has."""

    asked: Parameters
    question: GraphQLRequest
    tag: bytes


class GraphQLEndpoint:
    """Answers POST and GET in `application/json` or `application/graphql-response+json`, as the client likes best.

    The `rules` say which of them a client gets that does not care, and with which status. What is asked by GET may be
    cached: its answer has a tag, and who has it already is told so without asking again. A request of a batch has its
    own place in an array of answers. A client that likes HTML best and asks nothing gets a `page`, where there is one.
    """

    def __init__(  # noqa: PLR0913 - the parts that it is put together of, each by its name
        self,
        executor: Executes,
        *,
        reader: RequestReader,
        documents: PersistedDocuments,
        caching: AnswerTags,
        rules: Rules,
        page: Callable[[], Response] | None,
    ) -> None:
        self._executor = executor
        self._reader = reader
        self._documents = documents
        self._caching = caching
        self._rules = rules
        self._page = page
        self._version = lru_cache(_REMEMBERED)(self._read_version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI request."""
        try:
            reply = await self._reply(scope, receive)
        except ClientDisconnect:
            return  # nobody is left to answer
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope, receive: Receive) -> ASGIApp:
        headers = _headers(scope)
        form = self._form(scope, headers)
        if form is None:
            return refused(HTTPException(406, f"Accept must allow {Offer.JSON} or {Offer.GRAPHQL_RESPONSE}", _VARY))
        if form.offer is Offer.HTML and self._page is not None:
            return self._page()
        try:
            if scope["method"] == "POST":
                return await self._answer(headers, receive, form)
            return await self._answer_or_304(scope["query_string"], headers.get(b"if-none-match"), form)
        except SearchIndexError:
            return self._refused(no_index(), form)
        except HTTPException as refusal:
            return self._refused(refusal, form)

    async def _answer(self, headers: Mapping[bytes, bytes], receive: Receive, form: Negotiated) -> Reply:
        asked = await self._reader.in_body(headers, receive)
        if isinstance(asked, tuple):
            return await self._answer_all(asked, form)
        return self._replied(await self._executed(asked, self._question(asked)), form)

    async def _answer_all(self, batch: Sequence[Parameters], form: Negotiated) -> Reply:
        answers = await asyncio.gather(*map(self._answer_or_refuse, batch))
        codes = tuple(chain.from_iterable(answer.error_codes for answer in answers))
        body = b"[%b]" % b",".join(answer.body for answer in answers)
        _tell(None, codes)
        return Reply(200, body, form)

    async def _answer_or_refuse(self, asked: Parameters) -> Answer:
        try:
            return await self._executed(asked, self._question(asked))
        except HTTPException as refusal:
            codes = (code_of(refusal),)
            return Answer(body=body_of(refusal), executed=False, operation=None, error_codes=codes)

    async def _answer_or_304(self, query_string: bytes, known: bytes | None, form: Negotiated) -> Reply | NotModified:
        moment = await self._executor.moment()
        version = self._version if len(query_string) <= _REMEMBERED_LENGTH else self._read_version
        asked, question, tag = version(query_string, form, moment)
        headers = self._caching.headers(tag, moment)
        if known is not None and self._caching.is_named(tag, known):
            return NotModified(headers)
        answer = await self._executed(asked, question)
        # Another generation may have come in between, and a failure may be gone the next time.
        is_lasting = answer.executed and not answer.error_codes and await self._executor.moment() == moment
        if is_lasting and known == _WHATEVER_THERE_IS:
            return NotModified(headers)
        return self._replied(answer, form, headers if is_lasting else _UNCACHED)

    def _read_version(self, query_string: bytes, form: Negotiated, moment: Moment) -> _Version:
        asked = self._reader.in_address(query_string)
        question = replace(self._question(asked), now=moment.clock)
        return _Version(asked, question, self._caching.tag(question, moment, form=(form.offer, form.coding)))

    async def _executed(self, asked: Parameters, question: GraphQLRequest) -> Answer:
        answer = await self._executor.execute(question)
        if answer.executed:
            self._documents.register(asked)
        return answer

    def _question(self, asked: Parameters) -> GraphQLRequest:
        query = self._documents.text(asked)
        return GraphQLRequest(query=query, variables=asked.variables, operation_name=asked.operation_name)

    def _replied(self, answer: Answer, form: Negotiated, headers: RawHeaders = ()) -> Reply:
        _tell(answer.operation, answer.error_codes)
        status = self._rules.of_answer(answer, form.offer)
        return Reply(status, answer.body, self._rules.form(form, status), headers)

    def _refused(self, refusal: HTTPException, form: Negotiated) -> Response:
        status = self._rules.of_refusal(refusal.status_code, form.offer)
        refusal.headers = {**_VARY, **(refusal.headers or {})}
        return refused(refusal, status=status, media_type=self._rules.form(form, status).media_type)

    def _form(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Negotiated | None:
        accept, coding = headers.get(b"accept", b""), headers.get(b"accept-encoding", b"")
        if self._page is None or scope["method"] == "POST":
            return best_form(accept, coding, self._rules.offers)
        best = best_form(accept, coding, (*self._rules.offers, Offer.HTML))
        is_page = best is not None and best.offer is Offer.HTML
        if is_page and not _QUESTIONS.isdisjoint(QueryParams(scope["query_string"])):
            return best_form(accept, coding, self._rules.offers)
        return best


def _headers(scope: Scope) -> Mapping[bytes, bytes]:
    """The headers by name. Of one that comes several times, all values, as if they were one (RFC 9110, section 5.3)."""
    given = scope["headers"]
    named = dict(given)
    if len(named) == len(given):
        return named
    values: dict[bytes, list[bytes]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    return {name: b", ".join(each) for name, each in values.items()}


def _tell(operation: str | None, error_codes: Sequence[str]) -> None:
    told = current_request.current()
    told.operation = operation[:_LONGEST_OPERATION] if operation else None
    told.error_codes = sorted(set(error_codes))
