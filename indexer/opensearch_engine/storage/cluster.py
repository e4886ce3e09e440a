"""Reads from a cluster, with a deadline for each, other nodes to ask, and a breaker for when there is none."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from math import isfinite
from typing import Any

import orjson

from indexer import work
from indexer.errors import IndexMissing, IndexUnreachable, SearchIndexError
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.breaker import Breaker
from indexer.opensearch_engine.storage.client import NotReady, reading_client, refusal, translated
from indexer.search.access import Access
from indexer.work import deadline_exceeded

Body = Mapping[str, Any]  # Any: JSON
"""The body of a search, as OpenSearch's documentation describes it, and of its answer."""

_TRIES_SECONDS = (0.05, 0.2, 0.5)
"""Waits before another try where nodes answer that they have not got what is asked for yet, as after the loss of one.
"""


_AT_ONCE = 4
"""Requests to each node that are under way. With more, all of them would take longer, and some too long: then other
nodes are asked as well, which have as much to do."""

_HEADERS = {"content-type": "application/json"}


class Cluster:
    """The nodes of a cluster as a process asks them. Calls come from one event loop.

    Calls raise `IndexUnreachable` where no node can answer, at once while the last calls could not reach any,
    `DeadlineExceeded` at the deadline of the current work, `Overloaded` where nodes refuse more work, and
    `SearchIndexError` for whatever else a node refuses.
    """

    def __init__(self, address: Address, access: Access, *, breaker: Breaker | None = None) -> None:
        """Connect with the first call. Raises SearchIndexError for an access that cannot be used."""
        self.address = address
        self._client = reading_client(address, access)
        self._breaker = breaker or Breaker()
        self._patience = access.seconds
        self._is_closed = False
        self._seconds = access.seconds * (1 + len(address.hosts))
        self._room = asyncio.Semaphore(_AT_ONCE * len(address.hosts))

    async def searches(self, index: str, bodies: Sequence[Body]) -> Sequence[Body]:
        """The answers to searches of one index, in one request. All shards answer, or all of it fails."""
        if not bodies:
            return ()
        header = orjson.dumps({"index": index, "allow_partial_search_results": False})
        lines = b"".join(b"%b\n%b\n" % (header, orjson.dumps(body)) for body in bodies)
        answer = await self._ask("POST", "/_msearch", body=lines)
        responses: Sequence[Body] = answer["responses"]
        return responses

    async def search(self, index: str, body: Body) -> Body:
        """The answer to one search of an index."""
        [answer] = await self.searches(index, [body])
        return answer

    async def source(self, index: str, document: str) -> Body | None:
        """The source of the document with an id, as it was written last; None where there is none."""
        try:
            answer = await self._ask("GET", f"/{index}/_doc/{document}")
        except IndexMissing:
            return None
        found: Body | None = answer.get("_source")
        return found

    def check(self) -> None:
        """Raise `IndexUnreachable` where the last call could not reach any node."""
        self._breaker.check()

    async def close(self) -> None:
        """Close all connections."""
        self._is_closed = True
        pool = self._client.transport.connection_pool
        for connection in getattr(pool, "orig_connections", pool.connections):  # the client itself forgets dead ones
            await connection.close()

    async def _ask(self, method: str, path: str, *, body: bytes | None = None) -> Body:
        work.checkpoint()
        if self._is_closed:
            raise SearchIndexError(f"the engine on {self.address} is closed; open another")
        async with self._turn():
            return await self._watched(method, path, body)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until few enough requests are under way, until the deadline of the work at the latest."""
        left = work.current().seconds_left
        try:
            async with asyncio.timeout(left if isfinite(left) else None):
                await self._room.acquire()
        except TimeoutError:
            raise deadline_exceeded() from None
        try:
            yield
        finally:
            self._room.release()

    async def _watched(self, method: str, path: str, body: bytes | None) -> Body:
        with self._breaker.watch():
            seconds = min(self._seconds, max(0.0, work.current().seconds_left))
            try:
                async with asyncio.timeout(seconds):
                    return await self._tried(method, path, body)
            except TimeoutError as error:
                silence = f"no node of the index {self.address} answers within {seconds:.1f} s; wait, or start another"
                if work.current().seconds_left > 0:
                    raise IndexUnreachable(silence) from error
                if seconds > self._patience:  # so that several were asked, and others need not wait for them
                    self._breaker.trip(IndexUnreachable(silence))
                raise deadline_exceeded() from None

    async def _tried(self, method: str, path: str, body: bytes | None) -> Body:
        """The answer, after some more tries where nodes say that they cannot give it yet."""
        for seconds in _TRIES_SECONDS:
            try:
                return await self._once(method, path, body)
            except NotReady:
                await asyncio.sleep(seconds)
        return await self._once(method, path, body)

    async def _once(self, method: str, path: str, body: bytes | None) -> Body:
        with translated(self.address):
            answer: Body = await self._client.transport.perform_request(method, path, body=body, headers=_HEADERS)
        for response in answer.get("responses", ()):
            error = refusal(response, self.address)
            if error is not None:
                raise error
        return answer
