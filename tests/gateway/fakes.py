"""What stands in for the parts behind the gateway."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.types import Message

from indexer.errors import IndexMissing
from schema.executor import Answer, GraphQLRequest


class Echo:
    """An executor that answers with the request it got; those in `refused` it refuses before execution."""

    def __init__(self, refused: str = "syntax error") -> None:
        self.refused = refused

    async def execute(self, request: GraphQLRequest) -> Answer:
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

    async def execute(self, request: GraphQLRequest) -> Answer:
        raise IndexMissing(f"There is no index in attic for {request.query}; build one")


class Broken:
    """An executor with a bug."""

    async def execute(self, request: GraphQLRequest) -> Answer:
        raise ZeroDivisionError(request.query)


def receiving(*messages: Message) -> Callable[[], Awaitable[Message]]:
    """What a server would let an application receive; asking for more fails."""
    rest = iter(messages)

    async def receive() -> Message:
        return next(rest)

    return receive
