"""Our engine with stock Whoosh in the place of our search."""

from collections.abc import Sequence
from pathlib import Path

from corpora.queries import Query
from peers.whoosh_peer import WhooshPeer

from indexer.search.engine import SearchEngine
from indexer.search.ranking import Position
from indexer.search.requests import Hit, SearchRequest, SearchResult


class StockSearch:
    """An engine that finds keys by a stock searcher, and takes the articles from `engine`, which does all else.

    Words are all required, as texts of the comparison mean them. Positions are places on the first page: there is no
    second one.
    """

    def __init__(self, engine: SearchEngine, peer: WhooshPeer) -> None:
        self._engine = engine
        self._peer = peer

    @classmethod
    async def open(cls, engine: SearchEngine, folder: Path) -> "StockSearch":
        """Open the stock index in the folder."""
        peer = WhooshPeer()
        await peer.open(folder)
        return cls(engine, peer)

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer those with a text by the stock searcher, and the others as the engine does."""
        return [await self._found(request) if request.text else await self._listed(request) for request in requests]

    async def _listed(self, request: SearchRequest) -> SearchResult:
        [result] = await self._engine.search([request])
        return result

    async def _found(self, request: SearchRequest) -> SearchResult:
        size = request.window.size
        query = Query(kind="text", words=tuple(request.text.split()))
        keys = await self._peer.keys(query, size + 1)
        articles = await self._engine.fetch(keys[:size], now=request.now)
        hits = tuple(
            Hit(article=article, position=Position((float(-place),), article.key))
            for place, article in enumerate(articles)
            if article
        )
        total = await self._peer.count(query) if request.total else None
        return SearchResult(hits=hits, has_previous=False, has_next=len(keys) > size, total=total)
