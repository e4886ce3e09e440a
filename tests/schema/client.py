"""A client that asks an executor over an engine, and reads the JSON of its answers."""

from datetime import datetime
from typing import Any

import orjson

from indexer.search.changes import Change
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest
from schema.execution.executor import Execution, Executor
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.error_codes import Code
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.samples import NOW
from tests.seal import CURSOR_KEY

_SCHEMA = build_schema()  # one for all: to build it takes longer than most answers


class Client:
    """Asks at `now`, which a test may move."""

    def __init__(  # noqa: PLR0913 - what an executor is set up with
        self,
        engine: SearchEngine,
        *,
        limits: Limits | None = None,
        asset_base_url: str | None = None,
        server_url: str | None = None,
        now: datetime = NOW,
        cursor_key: bytes = CURSOR_KEY,
        execution: Execution = Execution.COMPILED,
    ) -> None:
        self.now = now
        self._server_url = server_url
        self._executor = Executor(
            engine,
            schema=_SCHEMA,
            limits=limits or Limits(),
            asset_base_url=asset_base_url,
            cursor_key=cursor_key,
            clock=lambda: self.now,
            execution=execution,
        )

    async def data(self, query: str, **variables: object) -> Any:
        """The data of an answer that has no errors."""
        body = orjson.loads((await self.answer(query, **variables)).body)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def errors(self, query: str, **variables: object) -> Any:
        """The errors of an answer that has some."""
        return orjson.loads((await self.answer(query, **variables)).body)["errors"]

    async def refusal(self, query: str, *, code: Code = Code.BAD_USER_INPUT, **variables: object) -> str:
        """The message of the one error, which has this code and is the client's own fault."""
        (error,) = await self.errors(query, **variables)
        assert error["extensions"] == {"code": code}
        return str(error["message"])

    async def subscribe(self, query: str, **variables: object) -> SearchRequest | Answer:
        return await self._executor.subscribe(GraphQLRequest(query=query, variables=variables))

    async def told(self, query: str, change: Change, *, generation: int = 1) -> Any:
        """The answer to a subscription for one change."""
        answer = await self._executor.tell(GraphQLRequest(query=query), change, generation=generation)
        return orjson.loads(answer.body)

    async def answer(self, query: str, **variables: object) -> Answer:
        request = GraphQLRequest(query=query, variables=variables, server_url=self._server_url)
        return await self._executor.execute(request)
