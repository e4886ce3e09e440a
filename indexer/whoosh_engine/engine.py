"""The embedded engine: answers from the newest generation of an index in a folder, in one thread of its own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from indexer.article import Article
from indexer.errors import SearchIndexError
from indexer.search import IndexStatus, SearchRequest, SearchResult
from indexer.whoosh_engine import place
from indexer.whoosh_engine.generation import Generation

_Answer = TypeVar("_Answer")


class WhooshEngine:
    """A `SearchEngine` over a Whoosh index.

    Whoosh's readers are not for several threads, so all calls run one after another in a thread of their own, which
    also keeps a long search from holding up the event loop.
    """

    def __init__(self, folder: Path) -> None:
        """Use `open` instead, which also opens the index."""
        self._folder = folder
        self._generation: Generation
        self._is_closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Open the newest generation. Raises IndexMissing and IndexUnreadable."""
        engine = cls(folder)
        try:
            engine._generation = await engine._run(engine._open_newest)
        except BaseException:
            engine._thread.shutdown(wait=False)
            raise
        return engine

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""
        return await self._run(lambda: [self._generation.search(request) for request in requests])

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these keys."""
        return await self._run(lambda: self._generation.fetch(keys, now))

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these URLs."""
        return await self._run(lambda: self._generation.fetch_by_url(urls, now))

    async def status(self, *, now: datetime) -> IndexStatus:
        """Which generation is being served."""
        return await self._run(lambda: self._generation.status(now))

    async def refresh(self) -> bool:
        """Serve the newest generation from the next call on; whether that is another than before."""
        return await self._run(self._swap)

    async def close(self) -> None:
        """Release everything."""
        if not self._is_closed:
            await self._run(self._generation.close)
            self._is_closed = True
            self._thread.shutdown()

    async def _run(self, call: Callable[[], _Answer]) -> _Answer:
        if self._is_closed:
            raise SearchIndexError(f"the engine on {self._folder} is closed; open another")
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _open_newest(self) -> Generation:
        reader, number, built = place.open_reader(self._folder)
        return Generation(reader, number=number, built=built)

    def _swap(self) -> bool:
        if place.newest(self._folder) == self._generation.number:
            return False
        old, self._generation = self._generation, self._open_newest()
        old.close()
        return True
