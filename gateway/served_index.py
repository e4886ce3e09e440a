"""The index of a serving process, as soon as there is one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

import structlog

from gateway.http.moment import Moment
from indexer.errors import IndexMissing, SearchIndexError
from indexer.search.build_problems import NO_PROBLEMS
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import IndexStatus, SearchEngine
from indexer.search.requests import SearchRequest
from schema.execution.executor import Executor
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.limits import Switch
from schema.loading.context import RequestContext

OpenEngine = Callable[[], Awaitable[SearchEngine]]
MakeExecutor = Callable[[SearchEngine], Executor]


class ServedIndex:
    """Opens an index as soon as it exists, keeps it fresh, and executes GraphQL requests over it.

    The `cursor_key` is read with each generation, since that of a rebuilt index is another.

    The problems of content files are told in `development` only.

    A refresh that fails is logged, once for each reason, and changes nothing: the old generation is served on.
    """

    def __init__(
        self,
        open_engine: OpenEngine,
        make_executor: MakeExecutor,
        *,
        cursor_key: Callable[[], bytes],
        clock: Callable[[], datetime],
        development: Switch = Switch.OFF,
    ) -> None:
        self._open_engine = open_engine
        self._make_executor = make_executor
        self._cursor_key = cursor_key
        self._clock = clock
        self._development = development
        self._engine: SearchEngine | None = None
        self._executor: Executor | None = None
        self._moment: Moment | None = None
        self._is_turning = False
        self.turned = asyncio.Event()
        """Set when another generation is served; those who wait for it clear it."""
        self._hurry = asyncio.Event()
        self._trouble = "The index is not open yet"
        self._log = structlog.get_logger("newsstand.index")

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer to `request`, by the clock of the present moment unless it has one.

        Equal requests of a moment have equal answers then, cursors included, and what was made for one serves others.
        Raises `IndexMissing` with the reason while no index is open.
        """
        executor, now = self._open(), request.now
        if now is None:
            now = (self._present(self._clock()) or await self.moment()).clock
        return await executor.execute(request, now=now)

    async def subscribe(self, request: GraphQLRequest) -> SearchRequest | Answer:
        """The search that a subscription follows, or the answer to another operation. Raises as `execute` does."""
        return await self._open().subscribe(await self._timed(request))

    async def tell(self, request: GraphQLRequest, change: Change, *, generation: int) -> Answer:
        """The answer to a subscription for one change. Raises as `execute` does."""
        return await self._open().tell(await self._timed(request), change, generation=generation)

    def snapshot(self) -> Snapshot:
        """The generation that is served, as it is visible now. Raises as `status` does."""
        return self._opened().snapshot(self._clock())

    def changes(
        self, searches: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Awaitable[Sequence[Sequence[Change]] | None]:
        """The changes of each search, as engines tell them. Raises as `status` does."""
        return self._opened().changes(searches, since=since, until=until)

    def keep(self, generations: int) -> None:
        """Keep so many generations before the one that is served, for `changes`."""
        self._opened().keep(generations)

    def context(self, now: datetime | None = None, *, server_url: str | None = None) -> RequestContext:
        """The way to the index for one request that arrives at `now`, now by default. Raises as `execute` does."""
        return self._open().context(now, server_url=server_url)

    async def status(self) -> IndexStatus:
        """The state of the generation being served. Raises `SearchIndexError` with the reason while there is none."""
        status = await self._opened().status(now=self._clock())
        return status if self._development is Switch.ON else replace(status, problems=NO_PROBLEMS)

    async def moment(self) -> Moment:
        """The present, as answers depend on it. Raises as `status` does."""
        now = self._clock()
        present = self._present(now)
        if present is None:
            present = self._moment = Moment.of(await self.status(), now=now, seal=self._open().seal.name)
        return present.at(now)

    async def refresh(self) -> None:
        """Open the index, or its newest generation."""
        try:
            await self._advance()
        except SearchIndexError as error:
            self._note(str(error))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the process must serve on
            self._note(f"The index cannot be opened, because of {type(error).__name__}; the log says more", error)

    async def keep_fresh(self, *, seconds: float) -> NoReturn:
        """Refresh every so many seconds, and when there is a `hurry`, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), seconds)
            self._hurry.clear()
            await self.refresh()

    def hurry(self) -> None:
        """Refresh at once."""
        self._hurry.set()

    async def close(self) -> None:
        """Release the index."""
        engine, self._engine, self._executor, self._moment = self._engine, None, None, None
        self._trouble = "The process is stopping"
        if engine is not None:
            await engine.close()

    def _present(self, now: datetime) -> Moment | None:
        """The moment that was met last, where the clock `now` lies in it."""
        moment = self._moment
        return moment if moment and not self._is_turning and moment.holds(now) else None

    async def _timed(self, request: GraphQLRequest) -> GraphQLRequest:
        return request if request.now is not None else replace(request, now=(await self.moment()).clock)

    def _opened(self) -> SearchEngine:
        if self._engine is None:
            raise IndexMissing(self._trouble)
        return self._engine

    def _open(self) -> Executor:
        if self._executor is None:
            raise IndexMissing(self._trouble)
        return self._executor

    async def _advance(self) -> None:
        if self._engine is None:
            engine = await self._open_engine()
            executor = self._make_executor(engine)
            executor.reseal(await asyncio.to_thread(self._cursor_key))
            self._engine, self._executor = engine, executor
        elif not await self._turned(self._engine):
            self._trouble = ""
            return
        elif self._executor is not None:
            self._executor.reseal(await asyncio.to_thread(self._cursor_key))
        self._trouble = ""
        status = await self._engine.status(now=self._clock())
        self.turned.set()
        self._log.info("serving", generation=status.generation, articles=status.article_count)

    async def _turned(self, engine: SearchEngine) -> bool:
        """Serve the newest generation; True if that is another. It may be served before this is over."""
        self._is_turning = True
        try:
            return await engine.refresh()
        finally:
            self._is_turning, self._moment = False, None

    def _note(self, trouble: str, error: Exception | None = None) -> None:
        if trouble != self._trouble:
            self._log.warning("index trouble", reason=trouble, exc_info=error)
        self._trouble = trouble
