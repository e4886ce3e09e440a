"""The embedded engine: answers from the newest generation of an index in a folder."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from indexer.article import Article
from indexer.errors import SearchIndexError
from indexer.memory import Memory
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.engine import RESULTS_BYTES, IndexStatus
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot
from indexer.whoosh_engine.generation import Generation, SegmentState
from indexer.whoosh_engine.matching.searchable_segment import KEPT_ARTICLES, SearchableSegment
from indexer.whoosh_engine.searching.kept_results import KeptResults
from indexer.whoosh_engine.segment.stems import Stems
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.storage.stored_segment import StoredSegment


def newest(
    folder: Path,
    before: Generation | None = None,
    *,
    synonyms: Synonyms = NO_SYNONYMS,
    results_bytes: int = RESULTS_BYTES,
) -> Generation:
    """Open the newest generation; segments that `before` has open, with the same deletions, are shared with it.

    Raises IndexMissing, and IndexUnreadable where something cannot be read.
    """
    identity = index_folder.identity(folder)
    try:
        return _opened(folder, before, synonyms, results_bytes)
    except Exception as error:  # damaged bytes can raise anything
        if index_folder.identity(folder) != identity:  # a build has replaced it meanwhile, and removed its files
            return newest(folder, before, synonyms=synonyms, results_bytes=results_bytes)
        if isinstance(error, SearchIndexError):
            raise
        raise index_folder.damaged(folder, error) from error


def _opened(folder: Path, before: Generation | None, synonyms: Synonyms, results_bytes: int) -> Generation:
    identity = index_folder.identity(folder)  # taken before, so that a change meanwhile shows later
    toc, built = index_folder.readable(folder)
    stems = Stems(built.language)
    is_open = before.segments if before and before.built.language == built.language else {}
    memory = (before and before.memory) or Memory(KEPT_ARTICLES)
    segments: dict[SegmentState, SearchableSegment] = {}
    try:
        for stored in toc.segments:
            state = stored.segment_id(), frozenset(stored.deleted_docs())
            segments[state] = is_open.get(state) or SearchableSegment(
                StoredSegment(index_folder.storage(folder), stored, stems), stems, memory
            )
    except BaseException:
        for state, segment in segments.items():
            if state not in is_open:
                segment.close()
        raise
    return Generation(
        segments,
        number=toc.generation,
        identity=identity,
        built=built,
        memory=memory,
        synonyms=synonyms,
        results=KeptResults(results_bytes),
    )


_Answer = TypeVar("_Answer")

# Postings that all searches of one call may touch, at the most, to be answered in the event loop itself: about two
# milliseconds of work. Handing a call to a thread and back costs about a tenth of one.
_INLINE_COST = 1_000_000


class WhooshEngine:
    """A `SearchEngine` over a Whoosh index.

    Calls are answered at once in the event loop; long searches, and opening a generation, in a thread.
    """

    def __init__(self, folder: Path, *, synonyms: Synonyms = NO_SYNONYMS, results_bytes: int = RESULTS_BYTES) -> None:
        """Use `open` instead, which also opens the index."""
        self._folder = folder
        self._newest = partial(newest, folder, synonyms=synonyms, results_bytes=results_bytes)
        self._generation: Generation | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    @classmethod
    async def open(cls, folder: Path, *, synonyms: Synonyms = NO_SYNONYMS, results_bytes: int = RESULTS_BYTES) -> Self:
        """Open the newest generation. Raises IndexMissing and IndexUnreadable."""
        engine = cls(folder, synonyms=synonyms, results_bytes=results_bytes)
        try:
            engine._generation = await engine._in_thread(engine._newest)
        except BaseException:
            engine._thread.shutdown(wait=False)
            raise
        return engine

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""
        generation = self._served()
        timed = [(request, generation.moment(request.now)) for request in requests]
        at_hand = [generation.at_hand(request, moment) for request, moment in timed]

        def results() -> list[SearchResult]:
            rows = zip(timed, at_hand, strict=True)
            return [result or generation.search(request, moment) for (request, moment), result in rows]

        missing = [request for request, result in zip(requests, at_hand, strict=True) if result is None]
        is_long = sum(map(generation.index.cost, missing)) > _INLINE_COST
        return await self._in_thread(results) if is_long else results()

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """The answer to a search, if one before found all of it, and the same articles are still visible."""
        generation = self._served()
        return generation.at_hand(request, generation.moment(request.now))

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these keys."""
        generation = self._served()
        return generation.fetch(keys, generation.moment(now))

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these URLs."""
        generation = self._served()
        return generation.fetch_by_url(urls, generation.moment(now))

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """The articles like each of those with these keys. Takes a millisecond or more for each, so never inline."""
        generation = self._served()
        return await self._in_thread(lambda: generation.similar(keys, generation.moment(now), size))

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """Tell why the article with this key is not in a search, or else its rank there."""
        generation = self._served()
        moment = generation.moment(request.now)
        if generation.index.cost(request) > _INLINE_COST:
            return await self._in_thread(lambda: generation.why_not(key, request, moment))
        return generation.why_not(key, request, moment)

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of a text that is being typed. Undoing typing errors takes milliseconds, so never inline."""
        suggesting = self._served().suggest(request)
        if suggesting.is_enough:
            return suggesting.exact
        return await self._in_thread(suggesting.forgiving)

    async def status(self, *, now: datetime) -> IndexStatus:
        """The state of the generation that is served."""
        generation = self._served()
        return generation.status(generation.moment(now))

    async def refresh(self) -> bool:
        """Serve the newest generation from the next call on. True if it is another than before."""
        served = self._served()
        if index_folder.identity(self._folder) == served.identity:
            return False
        newest = await self._in_thread(lambda: self._newest(before=served))
        self._generation = newest
        await self._in_thread(lambda: served.close(but=newest))  # behind the searches that still use it
        return True

    async def close(self) -> None:
        """Release everything."""
        served, self._generation = self._generation, None
        if served:
            await self._in_thread(served.close)
            self._thread.shutdown()

    def _served(self) -> Generation:
        if self._generation is None:
            raise SearchIndexError(f"the engine on {self._folder} is closed; open another")
        return self._generation

    async def _in_thread(self, call: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
