"""The engine on a cluster: answers from the newest generation of an index that many processes share."""

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from indexer.article import Article
from indexer.errors import SearchIndexError
from indexer.memory import Memory
from indexer.opensearch_engine.changes import Comparison, Documents
from indexer.opensearch_engine.generation import Generation
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.articles import Articles
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.opensearch_engine.storage.head import HEAD, Head, readable
from indexer.opensearch_engine.storage.together import together
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.access import OPEN, Access
from indexer.search.build_problems import BuildProblems
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import AtHand, IndexStatus
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot


@dataclass(frozen=True, slots=True)
class Source:
    """The cluster of an index, and all that its generations share in a process."""

    cluster: Cluster
    synonyms: Synonyms
    memory: Memory

    async def head(self) -> Head:
        """The head of the index. Raises IndexMissing, IndexUnreadable and IndexUnreachable."""
        address = self.cluster.address
        return readable(await self.cluster.source(address.name, HEAD), address)

    async def generation(self, head: Head, before: Generation | None = None) -> Generation:
        """Open the newest generation of a head. It shares articles with one before in the same history."""
        is_successor = before is not None and before.commit in head.history
        articles = before.articles if before is not None and is_successor else Articles(self.memory)
        return await Generation.open(self.cluster, head, articles, synonyms=self.synonyms, memory=self.memory)


class ClusterEngine:
    """A `SearchEngine` over an index in a cluster. Nothing of it lies in this process but what is kept in memory."""

    def __init__(self, source: Source, generation: Generation, problems: BuildProblems) -> None:
        """Use `open` instead, which also opens the index."""
        self._source = source
        self._generation: Generation | None = generation
        self._problems = problems
        self._present: _PresentEngine | None = None
        self._kept: deque[Generation] = deque()
        self._keeps = 0

    @classmethod
    async def open(
        cls, address: Address, *, access: Access = OPEN, synonyms: Synonyms = NO_SYNONYMS, memory: Memory | None = None
    ) -> Self:
        """Open the newest generation. Raises IndexMissing, IndexUnreadable and IndexUnreachable."""
        cluster = Cluster(address, access)
        source = Source(cluster, synonyms, memory or Memory())
        try:
            head = await source.head()
            return cls(source, await source.generation(head), head.problems)
        except BaseException:
            await cluster.close()
            raise

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""
        generation = self._served()
        return await together(generation.search(request) for request in requests)

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """The answer to a search, if one before found all of it, and the same articles are still visible."""
        return self._served().at_hand(request)

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these keys."""
        generation = self._served()
        return await generation.fetch(keys, generation.view(now))

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The visible articles with these URLs."""
        generation = self._served()
        return await generation.fetch_by_url(urls, generation.view(now))

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | Literal[AtHand.NOT] | None:
        """The newest visible article that has a value, where it was looked up before; ties by key."""
        generation = self._served()
        return generation.newest(field, value, generation.view(now))

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        """The newest visible article that has each value."""
        generation = self._served()
        return await generation.find_newest(values, generation.view(now))

    def moment(self, now: datetime) -> Hashable:
        """The moment of a clock, in the generation that is served."""
        return self._served().moment(now)

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """The articles like each of those with these keys."""
        return await self._served().similar(keys, size=size, now=now)

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """Tell why the article with this key is not in a search, or else its rank there."""
        return await self._served().why_not(key, request)

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of a text that is being typed."""
        return await self._served().suggest(request)

    async def status(self, *, now: datetime) -> IndexStatus:
        """The state of the generation that is served. Raises IndexUnreachable while no node answers."""
        served = self._served()
        self._source.cluster.check()
        return replace(await served.status(now), problems=self._problems)

    def snapshot(self, now: datetime) -> Snapshot:
        """The generation that is served, as it is visible at `now`."""
        commit = self._served().commit
        return Snapshot(generation=commit.generation, built_at=commit.built_at, now=now)

    async def changes(
        self, requests: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Sequence[Sequence[Change]] | None:
        """The changes of each search; None, too, where builds have let go what the older generation had."""
        before, after = self._generation_of(since), self._generation_of(until)
        if before is None or after is None or before.commit.articles != after.commit.articles:
            return None
        searching = after.searching
        documents = Documents(self._source.cluster, after.commit.articles, after.articles)
        comparison = await Comparison.between(documents, before.view(since.now), after.view(until.now))
        changes = await comparison.changes(requests, searching.texts, searching.clauses)
        head = await self._source.head()
        return changes if {before.commit, after.commit} <= {*head.history} else None

    def present(self) -> "ClusterEngine":
        """The engine as it is now. All who ask within a generation get the same one."""
        if self._present is None:
            self._present = _PresentEngine(self._source, self._served(), self._problems)
        return self._present

    def keep(self, generations: int) -> None:
        """Keep so many generations before the one that is served."""
        self._keeps = generations
        self._retire()

    async def refresh(self) -> bool:
        """Serve the newest generation, and the problems of the last build. True if the generation is another."""
        served = self._served()
        head = await self._source.head()
        if head.problems != self._problems:
            self._problems, self._present = head.problems, None
        if head.commit == served.commit:
            await served.keep_time()
            return False
        following = await self._source.generation(head, served)
        if self._generation is not served:  # closed meanwhile
            return False
        self._generation, self._present = following, None
        self._kept.append(served)
        self._retire()
        return True

    async def close(self) -> None:
        """Release everything."""
        served, self._generation, self._present = self._generation, None, None
        self._kept.clear()
        if served is not None:
            await self._source.cluster.close()

    def _retire(self) -> None:
        while len(self._kept) > self._keeps:
            self._kept.popleft()

    def _generation_of(self, snapshot: Snapshot) -> Generation | None:
        """The generation of a snapshot, served or kept."""
        wanted = snapshot.generation, snapshot.built_at
        generations = (self._served(), *self._kept)
        return next((each for each in generations if (each.commit.generation, each.commit.built_at) == wanted), None)

    def _served(self) -> Generation:
        if self._generation is None:
            raise SearchIndexError(f"the engine on {self._source.cluster.address} is closed; open another")
        return self._generation


class _PresentEngine(ClusterEngine):
    """An engine that stays with one generation."""

    def present(self) -> ClusterEngine:
        return self

    async def refresh(self) -> bool:
        return False

    async def close(self) -> None:
        """Stay as it is: others may have it."""
