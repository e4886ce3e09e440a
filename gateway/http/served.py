"""The index as every address asks it."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from gateway.http.moment import Moment
from indexer.search.engine import IndexStatus
from schema.execution.request import Answer, GraphQLRequest
from schema.loading.context import RequestContext


class Served(Protocol):
    """An index that a process serves. Every method raises `SearchIndexError` while there is none to answer from."""

    def execute(self, request: GraphQLRequest) -> Awaitable[Answer]:
        """The answer to a GraphQL request."""

    def context(self, now: datetime | None = None, *, server_url: str | None = None) -> RequestContext:
        """The way to the index for one request that arrives at `now`, by default at this moment, at that URL."""

    async def status(self) -> IndexStatus:
        """The state of the generation being served."""

    async def moment(self) -> Moment:
        """The present, as answers depend on it."""
