"""The seam: what can be asked of an index, what it answers, and the protocols of an engine and its writer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from indexer.article import Article
from indexer.explanation import Explanation
from indexer.facet import FacetField, FacetOrder, Spread, SpreadRequest
from indexer.filters import EVERYTHING, Filter
from indexer.suggestion import Suggestion, SuggestRequest
from indexer.understanding import Understanding
from indexer.why_not import WhyNot

RESULTS_BYTES = 64_000_000
"""Memory for what searches found, so that an engine has it at hand when it is asked for again."""


class Ranking(StrEnum):
    """In which order articles are listed. Last of all, the key breaks ties.

    RELEVANCE without words to look for is NEWEST, unless it is tuned. QUALITY, HEAT and TRENDING put the newer of two
    equals first, and articles without a quality or heat last. TRENDING is heat halved for every 24 hours of age.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    QUALITY = "quality"
    HEAT = "heat"
    TRENDING = "trending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What RELEVANCE weighs. As it is, the words alone.

    Otherwise a score is the sum of four parts, each a weight times a number from 0 to about 1: how well the text
    matches, of what it could; how new the article is, halved every `half_life_hours`; its quality, of 100; and its
    heat, of which 100 counts half. With `max_per_provider`, so many articles of each provider come before any further
    ones of the same; as other articles come, an article may then move from one turn to another.
    """

    text: float = 1.0
    recency: float = 0.0
    quality: float = 0.0
    heat: float = 0.0
    half_life_hours: float = 72.0
    max_per_provider: int | None = None


WORDS_ALONE = Tuning()


class End(StrEnum):
    """From which end of a list a page is taken."""

    START = "start"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Position:
    """Where an article stands in one ranking: the whole sort tuple, which never compares equal for two articles.

    `values` are numbers that sort descending; `key` breaks their ties, ascending.
    """

    values: tuple[float, ...]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a ranked list is wanted: `size` entries from one end of what lies between two positions.

    Both positions are exclusive, and need not be those of an article that still exists. A page without entries lies at
    the end it is taken from.
    """

    size: int = 20
    after: Position | None = None
    before: Position | None = None
    end: End = End.START


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRequest:
    """Asks for the values of `field` among the articles found.

    `prefix` leaves values of which a word begins with it, or which have its words one after another and the last one
    so begun; case and accents do not count, nor does a blank one. `filter` says which articles to look at instead of
    those that the request's filter matches; the text must match all the same.
    """

    field: FacetField
    size: int = 20
    after: Position | None = None
    order: FacetOrder = FacetOrder.COUNT
    prefix: str = ""
    filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question to the index.

    `text` is what a person typed; empty means every article. `now` is the clock: drafts and whatever is published
    later than `now` are never found. `total` says whether the number of all matches is wanted. `statistics` is that of
    an earlier result for the same text, so that later pages are scored as the first was. `tuning` is for RELEVANCE.
    `forgiving` tolerates typing errors, and gives words up where nothing matches all of them; without it, words are
    meant as typed. `understanding` says whether it is wanted how the text was understood, `explanations` whether the
    parts of each score are.
    """

    now: datetime
    text: str = ""
    filter: Filter = EVERYTHING
    ranking: Ranking = Ranking.NEWEST
    tuning: Tuning = WORDS_ALONE
    window: Window = Window()
    total: bool = False
    facets: tuple[FacetRequest, ...] = ()
    spreads: tuple[SpreadRequest, ...] = ()
    statistics: str = ""
    forgiving: bool = False
    understanding: bool = False
    explanations: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article found. `score` is how well it matches the text, 0 or more; None without words to look for.

    `explanation` is None unless asked for, and where there is no score.
    """

    article: Article
    position: Position
    score: float | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a field, in canonical form, and how many of the articles found have it."""

    value: str
    count: int
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values of one field among the articles found. `total` counts the different values."""

    field: FacetField
    values: tuple[FacetValue, ...]
    has_next: bool
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What was found: `hits` in ranked order, whichever end the window was taken from.

    `has_previous` and `has_next` say whether further matches lie before the first and after the last hit, also
    outside the window. `total` and `understanding` are None unless asked for. `facets` and
    `spreads` answer the request's, in its order; a spread is None where no article has a number.
    """

    hits: tuple[Hit, ...]
    has_previous: bool
    has_next: bool
    total: int | None = None
    facets: tuple[Facet, ...] = ()
    spreads: tuple[Spread | None, ...] = ()
    statistics: str = ""
    understanding: Understanding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """Which generation of the index is being served, when it was built, and how many articles are visible in it.

    Between `last_change`, when the latest of them became visible, and `next_change`, when the next one will, no answer
    changes but by other words. None is no such moment.
    """

    generation: int
    built_at: datetime
    article_count: int
    last_change: datetime | None = None
    next_change: datetime | None = None


class SearchEngine(Protocol):
    """An open index. Every call is answered from one generation; answers come in the order of what was asked.

    Calls raise `SearchIndexError` where the index cannot be used or the engine is closed, and `RequestError` for a
    request without sense: a negative size, a position of another ranking, statistics of another search.
    """

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        """Answer several searches at once."""

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """What `search` answers, where that takes no work because it was asked before; None where it is to be asked."""

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The articles with these keys; None for each that does not exist or is not visible at `now`."""

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        """The articles that have these URLs (web, AMP or CDN, compared in canonical form); None as in `fetch`.

        Where two visible articles share an AMP or CDN address, the one whose key sorts first is meant; a webUrl that
        matches goes before both.
        """

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """For each key, at most `size` articles that share what is telling about that article, the most similar first.

        Articles that tell the same story as it, or as one listed before, are left out; ties go by key. None are like an
        article that does not exist or is not visible at `now`.
        """

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """What keeps the article with this key out of a search, whatever its window; or its rank there.

        None where the article does not exist or is not visible.
        """

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of what is being typed: titles, topics, providers and frequent words, mixed by `mixed`.

        What begins with the text goes before what has it elsewhere, and then what is popular and recent before what is
        not. No two are the same: titles with the same terms are one. Typing errors are tolerated where too few fit what
        was typed, and those that do stay first.
        """

    async def status(self, *, now: datetime) -> IndexStatus:
        """Which generation is being served."""

    async def refresh(self) -> bool:
        """Serve the newest generation from the next call on; whether that is another than before."""

    async def close(self) -> None:
        """Release everything. The engine cannot be used afterwards."""


class IndexWriter(Protocol):
    """One build in progress. Nothing is visible to anyone before `commit`; leaving the context without it drops all.

    Opening raises `IndexBusy` while another writer is open.
    """

    @property
    def state(self) -> bytes:
        """What the last commit stored with its generation; empty for a new index."""

    @property
    def replaces(self) -> str:
        """Why the index is built anew although there is one, such as another language; empty where it is not."""

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; one whose key is in the index already replaces the old one."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the articles with these keys; unknown ones are ignored."""

    def commit(self, state: bytes) -> int:
        """Make all of it the index's new generation, at once, and store `state` with it; the generation's number.

        Where nothing was added or deleted, the generation stays the one it was, and takes `state`.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...
