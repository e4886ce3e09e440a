"""The seam: the protocols of an engine and of its writer."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Literal, Protocol, Self

from indexer.article import Article
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.changes import Change, Snapshot
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot

SEARCH_THREADS = 2
"""Threads for long searches, in which clients take turns."""


class BodySearch(StrEnum):
    """ON where words are looked for in bodies too. KEPT is what the index was built with, OFF for a new one."""

    ON = "on"
    OFF = "off"
    KEPT = "kept"


class AtHand(Enum):
    """The answer of an engine that would have to look for it."""

    NOT = "not at hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """The generation of the index that is served, the time of its build, and the number of visible articles in it.

    Within a generation, a request has the same answer at any time from `last_change`, when the newest visible article
    appeared, until `next_change`, when the next one will. Either is None where there is no such article.

    `problems` are those of the last build, which need not have made another generation.
    """

    generation: int
    built_at: datetime
    article_count: int
    last_change: datetime | None = None
    next_change: datetime | None = None
    problems: BuildProblems = NO_PROBLEMS


class SearchEngine(Protocol):
    """An open index. Every call is answered from one generation; answers come in the order of the requests or keys.

    Calls raise `SearchIndexError` where the index cannot be used or the engine is closed, and `RequestError` for a
    request without sense: a negative size, a position of another ranking, statistics of another search. Work for a
    request (`indexer/work.py`) that takes too long, or that nobody waits for, ends with `WorkStopped`.
    """

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """The answer of `search` where it is in memory from before; None where `search` has to work for it.

        It may also tell the total and how the text was understood where the request does not ask for them.
        """

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The articles with these keys; None for each that does not exist or is not visible at `now`."""

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The articles that have these URLs (web, AMP or CDN, compared in canonical form); None as in `fetch`.

        Where two visible articles share an AMP or CDN address, the one whose key sorts first is meant; a webUrl that
        matches goes before both.
        """

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | Literal[AtHand.NOT] | None:
        """The newest article visible at `now` that has a value, in any spelling; ties by key. None where none has it.

        It is answered at once, or is `AtHand.NOT` where it has to be looked up by `find_newest`.
        """

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        """The newest article visible at `now` that has each value, as `newest` tells it; cheaper than a search."""

    def moment(self, now: datetime) -> Hashable:
        """The moment of a clock. Two that are equal belong to one generation, and show the same articles."""

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """For each key, at most `size` articles that share the telling words and topics of its own, most similar first.

        Articles that tell the same story as it, or as one listed before, are left out; ties go by key. None are like an
        article that does not exist or is not visible at `now`.
        """

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """The reasons that keep the article with this key out of a search, whatever its window; or its rank there.

        None where the article does not exist or is not visible.
        """

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of a text that is being typed: titles, topics, providers and frequent words, mixed by `mixed`.

        Those that begin with the text go before those that have it elsewhere, and popular and recent ones before
        others. No two are the same: titles with the same terms are one. Typing errors are tolerated where too few fit
        the text exactly; those that do stay first.
        """

    async def status(self, *, now: datetime) -> IndexStatus:
        """The state of the generation that is served."""

    def snapshot(self, now: datetime) -> Snapshot:
        """The generation that is served, as it is visible at `now`."""

    async def changes(
        self, requests: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Sequence[Sequence[Change]] | None:
        """For each search, the articles that it has only in `until`, only in `since`, or in both but not the same.

        They come by key. None where the generation of a snapshot is neither served nor kept. A text means its words as
        they are typed and, where the request is forgiving, their synonyms: it is neither corrected nor relaxed, so that
        what an article matches depends on the article alone. The requests' clocks and windows do not matter.
        """

    def keep(self, generations: int) -> None:
        """Keep so many generations before the one that is served open, so that `changes` may begin with them."""

    def present(self) -> "SearchEngine":
        """The engine as it is now: every call of it is answered from the generation that is served at this moment.

        It can be used as long as the engine is open, and need not be closed.
        """

    async def refresh(self) -> bool:
        """Serve the newest generation, and the problems of the last build, from the next call on.

        True if the generation is another than before.
        """

    async def close(self) -> None:
        """Release everything. The engine cannot be used afterwards."""


class IndexWriter(Protocol):
    """One build in progress. Nothing is visible to anyone before `commit`; leaving the context without it drops all.

    Opening raises `IndexBusy` while another writer is open.
    """

    @property
    def state(self) -> bytes:
        """The state that the last commit stored with its generation; empty for a new index."""

    @property
    def replaces(self) -> str:
        """The reason to build an existing index anew, such as another language; empty where there is none."""

    @property
    def replaced_state(self) -> bytes:
        """The state of the index that is built anew; empty where there is none, or it cannot be read."""

    @property
    def searches_bodies(self) -> bool:
        """True if articles need their `text`, so that words are found in it."""

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; one whose key is in the index already replaces the old one.

        Of a draft nothing is indexed, since publishing it changes its file: it only removes the old one. Where bodies
        are not searched, the `text` of articles is left out.
        """

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the articles with these keys; unknown ones are ignored."""

    def commit(self, state: bytes, problems: BuildProblems = NO_PROBLEMS) -> int:
        """Make all of it the index's new generation, at once, and store `state` with it; the generation's number.

        Where nothing was added or deleted, the generation stays the one it was, and takes `state`. The index keeps
        `problems` until the next commit.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...
