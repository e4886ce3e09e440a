"""Engines that watch or spoil what goes through them."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Literal

from indexer.article import Article
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import AtHand, IndexStatus, SearchEngine
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot


class CountingEngine:
    """Hands every call on to another engine, and remembers its name; of newest articles, the values looked up."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.calls: list[str] = []
        self.lookups: list[str] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self.calls.append("search")
        return await self._engine.search(requests)

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        return self._engine.at_hand(request)

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        self.calls.append("fetch")
        return await self._engine.fetch(keys, now=now)

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        self.calls.append("fetch_by_url")
        return await self._engine.fetch_by_url(urls, now=now)

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | Literal[AtHand.NOT] | None:
        self.lookups.append(value)
        return self._engine.newest(field, value, now=now)

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        self.lookups += [value for _, value in values]
        return await self._engine.find_newest(values, now=now)

    def moment(self, now: datetime) -> Hashable:
        return self._engine.moment(now)

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        self.calls.append("similar")
        return await self._engine.similar(keys, size=size, now=now)

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        self.calls.append("why_not")
        return await self._engine.why_not(key, request)

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        self.calls.append("suggest")
        return await self._engine.suggest(request)

    async def status(self, *, now: datetime) -> IndexStatus:
        self.calls.append("status")
        return await self._engine.status(now=now)

    def snapshot(self, now: datetime) -> Snapshot:
        return self._engine.snapshot(now)

    async def changes(
        self, requests: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Sequence[Sequence[Change]] | None:
        self.calls.append("changes")
        return await self._engine.changes(requests, since=since, until=until)

    def present(self) -> SearchEngine:
        return self

    def keep(self, generations: int) -> None:
        self._engine.keep(generations)

    async def refresh(self) -> bool:
        return await self._engine.refresh()

    async def close(self) -> None:
        await self._engine.close()


class BrokenEngine(CountingEngine):
    """Fails whatever it is asked."""

    def __init__(self, engine: SearchEngine, error: Exception) -> None:
        super().__init__(engine)
        self._error = error

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | None:
        del field, value, now
        raise self._error

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        del requests
        raise self._error


class FarEngine(CountingEngine):
    """Hands every call on, as an engine does that has nothing at hand."""

    def at_hand(self, request: SearchRequest) -> SearchResult | None:  # noqa: ARG002
        return None

    def newest(self, field: TermField, value: str, *, now: datetime) -> Literal[AtHand.NOT]:  # noqa: ARG002
        return AtHand.NOT

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        self.calls.append("find_newest")
        return await super().find_newest(values, now=now)
