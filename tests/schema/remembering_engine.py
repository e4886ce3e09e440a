"""An engine that has at hand what it was asked before."""

from collections.abc import Sequence

from msgspec import structs

from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from tests.schema.engines import CountingEngine


class RememberingEngine(CountingEngine):
    """Remembers all results of the engine it asks, whose articles appear by the clock, until it is told to forget."""

    def __init__(self, engine: SearchEngine, appearing: Sequence[object]) -> None:
        super().__init__(engine)
        self._appearing = appearing
        self._known: dict[object, SearchResult] = {}
        self.had_at_hand = 0

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        found = await super().search(requests)
        self._known.update(zip(map(self._key, requests), found, strict=True))
        return found

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        known = self._known.get(self._key(request))
        self.had_at_hand += known is not None
        return known

    def forget(self) -> None:
        self._known.clear()

    def _key(self, request: SearchRequest) -> object:
        visible = sum(time <= request.now for time in self._appearing)
        return visible, structs.replace(request, now=min(self._appearing))
