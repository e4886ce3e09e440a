"""Stand-ins for the parts behind the gateway."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import orjson
from starlette.types import ASGIApp, Message

from gateway.graphql.request import Parameters
from gateway.http.moment import Moment
from indexer.errors import IndexMissing
from indexer.search.engine import IndexStatus
from schema.execution.request import Answer, GraphQLRequest

START = datetime(2024, 6, 1, 12, 30, tzinfo=UTC)


class Clocked:
    """Something over an index whose first article appears at START, and whose next one an hour later."""

    def __init__(self) -> None:
        self.now = START
        self.generation = 1

    async def moment(self) -> Moment:
        later = START + timedelta(hours=1)
        last, following = (later, None) if self.now >= later else (START, later)
        status = IndexStatus(
            generation=self.generation, built_at=START, article_count=1, last_change=last, next_change=following
        )
        return Moment.of(status, now=self.now)


class Echo(Clocked):
    """An executor that answers with the request it got; what is in `refused` it refuses before execution."""

    def __init__(self, refused: str = "syntax error") -> None:
        super().__init__()
        self.refused = refused
        self.executed: list[GraphQLRequest] = []

    async def execute(self, request: GraphQLRequest) -> Answer:
        self.executed.append(request)
        if request.query == self.refused:
            return Answer(
                body=b'{"errors":[{"message":"no"}]}', executed=False, operation=None, error_codes=("BAD_USER_INPUT",)
            )
        seen = {
            "query": request.query,
            "variables": dict(request.variables) if request.variables is not None else None,
            "operationName": request.operation_name,
        }
        return Answer(
            body=orjson.dumps({"data": seen}), executed=True, operation=request.operation_name, error_codes=()
        )


class Absent:
    """An executor without an index."""

    async def moment(self) -> Moment:
        raise IndexMissing("There is no index in attic; build one")

    async def execute(self, request: GraphQLRequest) -> Answer:
        raise IndexMissing(f"There is no index in attic for {request.query}; build one")


class Broken(Clocked):
    """An executor with a bug."""

    async def execute(self, request: GraphQLRequest) -> Answer:
        raise ZeroDivisionError(request.query)


def no_stream(_parameters: Parameters) -> ASGIApp:
    """Fails: no test that uses it asks for an event stream."""
    raise AssertionError


def receiving(*messages: Message) -> Callable[[], Awaitable[Message]]:
    """The messages that a server would let an application receive; asking for more fails."""
    rest = iter(messages)

    async def receive() -> Message:
        return next(rest)

    return receive
