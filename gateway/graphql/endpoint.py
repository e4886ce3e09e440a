"""/graphql: one GraphQL request in, one response out (GraphQL over HTTP), and GraphiQL for people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.graphql.answer_tags import AnswerTags
from gateway.graphql.http_drafts import Rules
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.reply import NotModified, Reply
from gateway.graphql.request import Parameters, RequestReader, from_query_string
from gateway.http import current_request
from gateway.http.compression import Compression
from gateway.http.error_responses import Refusal, body_of, code_of, overloaded, refused, unreachable, without_index
from gateway.http.host import ServerUrl
from gateway.http.moment import Moment
from gateway.http.negotiation import VARY, Negotiated, Offer, RawHeaders, negotiate
from gateway.http.served import Served
from gateway.http.validators import Freshness, fingerprint
from indexer.errors import SearchIndexError
from indexer.memory import OVERHEAD, Memory, Shelf, plain_bytes
from schema.execution.documents import is_query
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.error_codes import Code

Execute = Callable[[GraphQLRequest], Awaitable[Answer]]

_VARY: Mapping[str, str] = {"Vary": VARY}
_UNCACHED: RawHeaders = ((b"cache-control", b"no-store"),)
_ANY = b"*"  # in If-None-Match: any answer that could be kept
_DOCUMENTS = frozenset({"documentId", "extensions"})
_LONGEST_OPERATION = 100
_LONGEST_KEPT = 16_384  # bytes of a body


class _TaggedRequest(NamedTuple):
    """A request in an address at some moment, and the tag of its answer."""

    parameters: Parameters
    request: GraphQLRequest
    tag: bytes


_Address = tuple[bytes, Negotiated, Moment, str]  # a query string, and what else its answer depends on


def _size(address: _Address, tagged: _TaggedRequest) -> int:
    return OVERHEAD + plain_bytes(address) + plain_bytes(tagged.parameters)


def _body_size(posted: tuple[bytes, str], request: GraphQLRequest) -> int:
    return 2 * OVERHEAD + plain_bytes(posted) + plain_bytes(request)  # with what executors note


class GraphQLEndpoint:
    """Answers POST and GET in `application/json` or `application/graphql-response+json`, as the client likes best.

    The `rules` decide on the media type for a client without a preference, and on the status. Answers to GET may be
    cached: each has a tag, and a client that sends its tag back gets 304 without an execution. A batch gets an array of
    answers in the order of its requests, of `max_answer_bytes` together. A client that likes HTML best
    gets the `page`, if there is one, unless it names a document, and one that likes event streams best the `stream` of
    its operation. `execute` answers in the place of the index, from a cache.
    """

    def __init__(  # noqa: PLR0913 - its parts, each by its name
        self,
        index: Served,
        *,
        reader: RequestReader,
        documents: PersistedDocuments,
        tags: AnswerTags,
        server_url: ServerUrl,
        rules: Rules,
        page: Callable[[], Awaitable[Response]] | None,
        stream: Callable[[Parameters], ASGIApp],
        max_answer_bytes: int,
        memory: Memory,
        execute: Execute | None = None,
    ) -> None:
        self._moment = index.moment
        self._execute = execute or index.execute
        self._reader = reader
        self._documents = documents
        self._tags = tags
        self._server_url = server_url
        self._rules = rules
        self._page = page
        self._max_answer_bytes = max_answer_bytes
        self._stream = stream
        self._offers = (*rules.offers, Offer.EVENT_STREAM)
        self._offers_in_browsers = (*rules.offers, Offer.HTML, Offer.EVENT_STREAM)
        self._addressed = memory.kept("addresses", _size, self._in_address)
        self._posted: Shelf[tuple[bytes, str], GraphQLRequest] = memory.shelf("bodies", _body_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI request."""
        try:
            reply = await self._reply(scope, receive)
        except ClientDisconnect:
            return  # nobody is left to answer
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope, receive: Receive) -> ASGIApp:
        headers = _headers(scope)
        negotiated = self._negotiated(scope, headers)
        if negotiated is None:
            return refused(HTTPException(406, f"Accept must allow {Offer.JSON} or {Offer.GRAPHQL_RESPONSE}", _VARY))
        if negotiated.offer is Offer.HTML and self._page is not None:
            return _conditional(await self._page(), scope)
        try:
            if negotiated.offer is Offer.EVENT_STREAM:
                return self._stream(await self._streamed(scope, receive, headers))
            server_url = self._server_url.of(scope)
            if scope["method"] == "POST":
                body = await self._reader.body(headers, receive)
                reply: Awaitable[ASGIApp] = self._answered_post(body, negotiated, server_url)
            else:
                reply = self._answered_get(scope["query_string"], headers, negotiated, server_url)
            return await reply
        except SearchIndexError as error:
            return self._refused(without_index(error), negotiated)
        except HTTPException as refusal:
            return self._refused(refusal, negotiated)

    async def _answered_get(
        self, query_string: bytes, headers: Mapping[bytes, bytes], negotiated: Negotiated, server_url: str
    ) -> Reply | NotModified:
        """The tagged answer to an address.

        One that was read in this moment is not read again, and its tag may save the execution.
        """
        named = headers.get(b"if-none-match")
        moment = await self._moment()
        parameters, request, tag = self._addressed((query_string, negotiated, moment, server_url))
        tagged = self._tags.headers(tag, moment)
        if named is not None and self._tags.is_named(tag, named):
            return NotModified(tagged)
        answer = await self._executed(request, parameters)
        if not answer.executed and not is_query(request.query, request.operation_name):
            raise HTTPException(405, "GET takes queries only; send other operations by POST", {"Allow": "POST"})
        # Another generation may have come in between, and a failure may be gone the next time.
        if not answer.executed or answer.error_codes or await self._moment() != moment:
            return self._written(answer, negotiated, _UNCACHED)
        return NotModified(tagged) if named == _ANY else self._written(answer, negotiated, tagged)

    async def _streamed(self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes]) -> Parameters:
        if scope["method"] != "POST":
            return from_query_string(scope["query_string"])
        parameters = await self._reader.read(headers, receive)
        if isinstance(parameters, tuple):
            raise HTTPException(400, "An event stream answers one operation; send a batch without it")
        return parameters

    def _negotiated(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Negotiated | None:
        accept, coding = headers.get(b"accept", b""), headers.get(b"accept-encoding", b"")
        if self._page is not None and scope["method"] != "POST":
            best = negotiate(accept, coding, self._offers_in_browsers)
            if best is None or best.offer is not Offer.HTML:
                return best
            if _DOCUMENTS.isdisjoint(QueryParams(scope["query_string"])):
                return best
        return negotiate(accept, coding, self._offers)

    def _in_address(self, address: _Address) -> _TaggedRequest:
        query_string, negotiated, moment, server_url = address
        parameters = from_query_string(query_string)
        request = self._documents.request(parameters, server_url=server_url, now=moment.clock)
        tag = self._tags.tag(request, moment, form=(negotiated.offer, negotiated.coding))
        return _TaggedRequest(parameters, request, tag)

    async def _answered_post(self, body: bytes, negotiated: Negotiated, server_url: str) -> Reply:
        """The answer to a body. One that came before is not read again, unless its document can change."""
        request = self._posted.find((body, server_url))
        if request is not None:
            return self._written(await self._executed(request), negotiated)
        parameters = self._reader.parameters(body)
        if isinstance(parameters, tuple):
            return await self._batch(parameters, negotiated, server_url)
        request = self._documents.request(parameters, server_url=server_url)
        if parameters.sha256 is None and len(body) <= _LONGEST_KEPT:
            self._posted.put((body, server_url), request)
        return self._written(await self._executed(request, parameters), negotiated)

    async def _executed(self, request: GraphQLRequest, parameters: Parameters | None = None) -> Answer:
        """The answer. Its document is registered where the parameters say so.

        Raises `Refusal` 503 where the engine had too much to do for a part of it, or is out of reach.
        """
        answer = await self._execute(request)
        if answer.error_codes and Code.INDEX_UNREACHABLE in answer.error_codes:
            raise unreachable()
        if answer.error_codes and Code.OVERLOADED in answer.error_codes:
            raise overloaded("There are more long searches than this server can answer")
        if answer.executed and parameters is not None and parameters.sha256 is not None:
            self._documents.register(parameters)
        return answer

    async def _batch(self, batch: Sequence[Parameters], negotiated: Negotiated, server_url: str) -> Reply:
        room = _Room(self._max_answer_bytes)
        answers = await asyncio.gather(*(self._answer_in_batch(parameters, room, server_url) for parameters in batch))
        _log(None, tuple(chain.from_iterable(answer.error_codes for answer in answers)))
        return Reply(200, b"[%b]" % b",".join(answer.body for answer in answers), negotiated)

    async def _answer_in_batch(self, parameters: Parameters, room: "_Room", server_url: str) -> Answer:
        try:
            room.check()
            answer = await self._executed(self._documents.request(parameters, server_url=server_url), parameters)
            room.take(answer.body)
            return answer  # noqa: TRY300 - an else would be far from what it belongs to
        except HTTPException as refusal:
            codes = (code_of(refusal),)
            return Answer(body=body_of(refusal), executed=False, operation=None, error_codes=codes)

    def _written(self, answer: Answer, negotiated: Negotiated, headers: RawHeaders = ()) -> Reply:
        _log(answer.operation, answer.error_codes)
        status = self._rules.of_answer(answer, negotiated.offer)
        return Reply(status, answer.body, self._rules.form(negotiated, status), headers)

    def _refused(self, refusal: HTTPException, negotiated: Negotiated) -> Response:
        if negotiated.offer is Offer.EVENT_STREAM:  # which has not begun, so that this is an ordinary answer
            negotiated = negotiated._replace(offer=Offer.JSON)
        status = self._rules.of_refusal(refusal.status_code, negotiated.offer)
        refusal.headers = {**_VARY, **(refusal.headers or {})}
        return refused(refusal, status=status, media_type=self._rules.form(negotiated, status).media_type)


class _Room:
    """Bytes that the answers of a batch may still take."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most

    def check(self) -> None:
        """Raise `Refusal` where none are left: a further answer need not be made."""
        if self._left <= 0:
            raise self._refusal()

    def take(self, body: bytes) -> None:
        """Count an answer. Raises `Refusal` for one that is too large beside the others."""
        if len(body) > self._left:
            raise self._refusal()
        self._left -= len(body)

    def _refusal(self) -> Refusal:
        problem = (
            f"The answers of this batch are larger than {self._most} bytes, the most that is sent. Send fewer at once"
        )
        return Refusal(400, problem, code=Code.ANSWER_TOO_LARGE)


def _conditional(page: Response, scope: Scope) -> ASGIApp:
    """The page, packed; 304 for a browser that has it."""
    response = Freshness(tag=fingerprint(bytes(page.body).decode())).answer(Headers(scope=scope), lambda: page)
    response.headers.update(_VARY)
    return Compression(response)


def _headers(scope: Scope) -> Mapping[bytes, bytes]:
    """The headers by name. Of one that comes several times, all values, as if they were one (RFC 9110, section 5.3)."""
    pairs = scope["headers"]
    headers = dict(pairs)
    if len(headers) == len(pairs):
        return headers
    values: dict[bytes, list[bytes]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: b", ".join(each) for name, each in values.items()}


def _log(operation: str | None, error_codes: Sequence[str]) -> None:
    current = current_request.current()
    current.operation = operation[:_LONGEST_OPERATION] if operation else None
    current.error_codes = sorted(set(error_codes))
