"""The embedded engine: answers from the newest generation of an index in a folder."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.errors import Overloaded, SearchIndexError
from indexer.listing.kept_results import exactly
from indexer.memory import Memory
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import SEARCH_THREADS, IndexStatus
from indexer.search.filters import EVERYTHING, TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot
from indexer.whoosh_engine.generation import Generation, SegmentState
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.storage.stored_segment import StoredSegment
from indexer.whoosh_engine.workers import Workers
from indexer.work import checkpoint


def newest(
    folder: Path,
    before: Generation | None = None,
    *,
    synonyms: Synonyms = NO_SYNONYMS,
    memory: Memory | None = None,
) -> Generation:
    """Open the newest generation; segments that `before` has open are shared with it, as far as deletions allow.

    Raises IndexMissing, and IndexUnreadable where something cannot be read.
    """
    memory = memory or Memory()
    identity = index_folder.identity(folder)
    try:
        return _opened(folder, before, synonyms, memory)
    except Exception as error:  # damaged bytes can raise anything
        if index_folder.identity(folder) != identity:  # a build has replaced it meanwhile, and removed its files
            return newest(folder, before, synonyms=synonyms, memory=memory)
        if isinstance(error, SearchIndexError):
            raise
        raise index_folder.damaged(folder, error) from error


def _opened(folder: Path, before: Generation | None, synonyms: Synonyms, memory: Memory) -> Generation:
    identity = index_folder.identity(folder)  # taken before, so that a change meanwhile shows later
    toc, built = index_folder.readable(folder)
    stems = Stems(built.language)
    storage = index_folder.storage(folder)
    is_open = before.segments if before and before.built.language == built.language else {}
    by_name = {name: segment for (name, _), segment in is_open.items()}
    segments: dict[SegmentState, SearchableSegment] = {}
    try:
        for stored in toc.segments:
            state = stored.segment_id(), frozenset(stored.deleted_docs())
            shared = is_open.get(state)
            if shared:
                segments[state] = shared.retain()
            elif other := by_name.get(stored.segment_id()):
                segments[state] = SearchableSegment(other.stored.with_deletions(stored), stems, memory, before=other)
            else:
                stored_segment = StoredSegment(storage, stored, stems, built.checksums)
                segments[state] = SearchableSegment(stored_segment, stems, memory)
    except BaseException:
        for segment in segments.values():
            segment.close()
        raise
    return Generation(
        segments,
        number=toc.generation,
        identity=identity,
        built=built,
        memory=memory,
        synonyms=synonyms,
    )


_Answer = TypeVar("_Answer")

# Postings that all searches of one call may touch, at the most, to be answered in the event loop itself: about two
# milliseconds of work. Handing a call to a thread and back costs about a tenth of one.
_INLINE_COST = 1_000_000


class WhooshEngine:
    """A `SearchEngine` over a Whoosh index.

    Calls are answered at once in the event loop; long searches in threads, in which clients take turns, and opening a
    generation in another, so that it waits for none of them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        synonyms: Synonyms = NO_SYNONYMS,
        memory: Memory | None = None,
        threads: int = SEARCH_THREADS,
    ) -> None:
        """Use `open` instead, which also opens the index."""
        self._folder = folder
        self._newest = partial(newest, folder, synonyms=synonyms, memory=memory or Memory())
        self._generation: Generation | None = None
        self._problems = NO_PROBLEMS
        self._present: _PresentEngine | None = None
        self._kept: deque[Generation] = deque()
        self._keeps = 0
        self._workers = Workers(threads)

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        synonyms: Synonyms = NO_SYNONYMS,
        memory: Memory | None = None,
        threads: int = SEARCH_THREADS,
    ) -> Self:
        """Open the newest generation. Raises IndexMissing and IndexUnreadable."""
        engine = cls(folder, synonyms=synonyms, memory=memory, threads=threads)
        engine._generation = await asyncio.to_thread(engine._newest)
        engine._problems = index_folder.read_problems(folder)
        return engine

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""
        generation = self._at_work()
        timed = [(request, generation.moment(request.now)) for request in requests]
        at_hand = [generation.at_hand(request, moment) for request, moment in timed]

        def results() -> list[SearchResult]:
            rows = zip(timed, at_hand, strict=True)
            return [
                exactly(request, result) if result else generation.search(request, moment)
                for (request, moment), result in rows
            ]

        missing = [asked for asked, result in zip(timed, at_hand, strict=True) if result is None]
        is_long = sum(generation.index.cost(*asked) for asked in missing) > _INLINE_COST
        return await self._long(results, generation) if is_long else results()

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """The answer to a search, if one before found all of it, and the same articles are still visible."""
        generation = self._served()
        return generation.at_hand(request, generation.moment(request.now))

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these keys."""
        generation = self._at_work()
        return generation.fetch(keys, generation.moment(now))

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these URLs."""
        generation = self._at_work()
        return generation.fetch_by_url(urls, generation.moment(now))

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | None:
        """The newest visible article that has a value; ties by key."""
        generation = self._at_work()
        return generation.newest(field, value, generation.moment(now))

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        """The newest visible article that has each value."""
        return [self.newest(field, value, now=now) for field, value in values]

    def moment(self, now: datetime) -> Hashable:
        """The moment of a clock, in the generation that is served."""
        return self._served().own_moment(now)

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """The articles like each of those with these keys. Takes a millisecond or more for each, so never inline."""
        generation = self._at_work()
        return await self._long(lambda: generation.similar(keys, generation.moment(now), size), generation)

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """Tell why the article with this key is not in a search, or else its rank there."""
        generation = self._at_work()
        moment = generation.moment(request.now)
        if generation.index.cost(request, moment) > _INLINE_COST:
            return await self._long(lambda: generation.why_not(key, request, moment), generation)
        return generation.why_not(key, request, moment)

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of a text that is being typed. Undoing typing errors takes milliseconds, so never inline."""
        generation = self._at_work()
        if request.filter != EVERYTHING or not generation.is_ready_to_suggest(request.now):  # titles are counted anew
            return await self._long(lambda: generation.suggest(request).forgiving(), generation)
        suggesting = generation.suggest(request)
        if suggesting.is_enough:
            return suggesting.exact
        return await self._long(suggesting.forgiving, generation)

    async def status(self, *, now: datetime) -> IndexStatus:
        """The state of the generation that is served."""
        generation = self._served()
        return replace(generation.status(generation.moment(now)), problems=self._problems)

    def snapshot(self, now: datetime) -> Snapshot:
        """The generation that is served, as it is visible at `now`."""
        generation = self._served()
        return Snapshot(generation=generation.number, built_at=generation.built.built_at, now=now)

    async def changes(
        self, requests: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Sequence[Sequence[Change]] | None:
        """The changes of each search. A merge of large segments takes long to compare, so never inline."""
        before, after = self._generation_of(since), self._generation_of(until)
        if before is None or after is None:
            return None

        def changes() -> list[list[Change]]:
            comparison = after.comparison(after.moment(until.now), before, before.moment(since.now))
            return [comparison.changes(request) for request in requests]

        return await self._long(changes, before, after)

    def present(self) -> "WhooshEngine":
        """The engine as it is now. All who ask within a generation get the same one."""
        if self._present is None:
            self._present = _PresentEngine(self._served(), self._problems, folder=self._folder, workers=self._workers)
        return self._present

    def keep(self, generations: int) -> None:
        """Keep so many generations before the one that is served."""
        self._keeps = generations
        self._retire()

    async def refresh(self) -> bool:
        """Serve the newest generation, and the problems of the last build. True if the generation is another."""
        served = self._served()
        problems = index_folder.read_problems(self._folder)
        if problems != self._problems:
            self._problems, self._present = problems, None
        if index_folder.identity(self._folder) == served.identity:
            return False
        self._generation = await asyncio.to_thread(self._newest, before=served)
        self._present = None
        self._kept.append(served)
        self._retire()
        return True

    async def close(self) -> None:
        """Release everything."""
        served, self._generation = self._generation, None
        if self._present:
            self._present.release()
        if served:
            await self._workers.close()
            self.keep(0)
            served.close()

    def _retire(self) -> None:
        """Close the generations beyond those to be kept; searches that still use one close it later."""
        while len(self._kept) > self._keeps:
            self._kept.popleft().close()

    def _generation_of(self, snapshot: Snapshot) -> Generation | None:
        """The generation of a snapshot, served or kept. Of two with one number, the builds differ in time."""
        wanted = snapshot.generation, snapshot.built_at
        generations = (self._served(), *self._kept)
        return next((each for each in generations if (each.number, each.built.built_at) == wanted), None)

    def _at_work(self) -> Generation:
        """The generation that is served, for work that somebody still waits for."""
        checkpoint()
        return self._served()

    def _served(self) -> Generation:
        if self._generation is None:
            raise SearchIndexError(f"the engine on {self._folder} is closed; open another")
        return self._generation

    async def _long(self, call: Callable[[], _Answer], *generations: Generation) -> _Answer:
        """The answer of a call that searches generations, which stay open until the call has ended."""

        def kept_open() -> _Answer:
            try:
                checkpoint()
                return call()
            finally:
                for generation in generations:
                    generation.close()

        for generation in generations:
            generation.retain()
        try:
            return await self._workers.run(kept_open)
        except Overloaded:  # it has not begun
            for generation in generations:
                generation.close()
            raise


class _PresentEngine(WhooshEngine):
    """An engine that stays with one generation, which is open as long as somebody has this engine."""

    def __init__(self, generation: Generation, problems: BuildProblems, *, folder: Path, workers: Workers) -> None:
        self._folder = folder
        self._problems = problems
        self._workers = workers
        self._generation = generation.retain()

    def __del__(self) -> None:
        self.release()

    def present(self) -> WhooshEngine:
        return self

    async def refresh(self) -> bool:
        return False

    async def close(self) -> None:
        """Stay as it is: others may have it."""

    def release(self) -> None:
        """Release the generation."""
        generation, self._generation = self._generation, None
        if generation:
            generation.close()
