"""One operation of a stream: a query that is answered once, or a subscription."""

import uuid
from collections.abc import Awaitable
from time import monotonic
from typing import Protocol

import structlog
from starlette.exceptions import HTTPException
from starlette.types import Scope

from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import Parameters
from gateway.http.error_responses import Refusal, body_of, code_of, overloaded, without_index
from gateway.http.host import ServerUrl
from gateway.http.request_log import BACKLOG, client_of
from gateway.subscriptions.change_feed import Subscriber, TooMuchFollowed
from gateway.subscriptions.streams import Streams
from indexer import work
from indexer.errors import SearchIndexError, WorkStopped
from indexer.search.requests import SearchRequest
from indexer.work import Work
from schema.execution import error_answers
from schema.execution.request import Answer, GraphQLRequest

_SCHEMES = {"ws": "http", "wss": "https"}  # of the addresses in answers


class SubscribedIndex(Protocol):
    """An index that takes subscriptions; see `ServedIndex`."""

    def subscribe(self, request: GraphQLRequest) -> Awaitable[SearchRequest | Answer]:
        """The search that a subscription follows, or the answer to another operation."""


class Operations:
    """Begins operations under the same rules as those that come over HTTP: documents, limits, `seconds` of work."""

    def __init__(
        self,
        index: SubscribedIndex,
        documents: PersistedDocuments,
        streams: Streams,
        *,
        server_url: ServerUrl,
        seconds: float,
    ) -> None:
        self.streams = streams
        self._server_url = server_url
        self._index = index
        self._documents = documents
        self._seconds = seconds

    async def begin(
        self, parameters: Parameters, subscriber: Subscriber, *, scope: Scope, since: str = ""
    ) -> Answer | GraphQLRequest:
        """The answer to an operation; or the request of a subscription, which `subscriber` follows from now on.

        The `scope` is that of the stream.
        """
        deadline = monotonic() + self._seconds
        work.begin(Work(client_of(scope), deadline=deadline, backlog=scope.get(BACKLOG)))
        scheme = _SCHEMES.get(scope["scheme"], scope["scheme"])
        try:
            server_url = self._server_url.of({**scope, "scheme": scheme})
            request = self._documents.request(parameters, server_url=server_url)
            result = await self._index.subscribe(request)
            if isinstance(result, Answer):
                if result.executed:
                    self._documents.register(parameters)
                return result
            self._documents.register(parameters)
            await self.streams.feed.follow(request, result, subscriber, since=since)
        except SearchIndexError as error:
            return refusal(without_index(error))
        except WorkStopped as error:
            return refusal(Refusal(503, str(error), code=error_answers.code_of(error)))
        except TooMuchFollowed:
            return refusal(overloaded("There are more subscriptions than this server takes"))
        except HTTPException as error:
            return refusal(error)
        return request

    def end(self, request: GraphQLRequest, subscriber: Subscriber) -> None:
        """Let a subscriber follow no more."""
        self.streams.feed.leave(request, subscriber)


def refusal(error: HTTPException) -> Answer:
    """The answer to an operation that is not executed."""
    return Answer(body=body_of(error), executed=False, operation=None, error_codes=(code_of(error),))


def failure() -> Answer:
    """The answer where an exception is handled that nobody expected; the log has the reason, under the same id."""
    error_id = uuid.uuid4().hex
    structlog.get_logger("newsstand.failure").exception("operation failed", error_id=error_id)
    message = f"Something went wrong on our side; quote the id {error_id} when reporting it"
    return refusal(HTTPException(500, message))
