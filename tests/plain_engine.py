"""A slow and obviously right search engine, for tests: the oracle of every other engine."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta

from indexer.article import Article
from indexer.errors import RequestError, SearchIndexError
from indexer.query.tree import SEARCHED, WITH_BODY, TextField
from indexer.search.changes import Change, Snapshot
from indexer.search.engine import IndexStatus, SearchEngine
from indexer.search.filters import Among, Filter, TermField
from indexer.search.ranking import WORDS_ALONE, End, Position, Ranking, Window
from indexer.search.requests import Hit, SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot
from tests.plain_changes import plain_changes
from tests.plain_facets import plain_facet, plain_spread
from tests.plain_filter import canonical_url_or_none, is_visible, matches
from tests.plain_index import Generation, PlainIndex
from tests.plain_place import check, order
from tests.plain_similar import plain_similar
from tests.plain_suggest import plain_suggestions
from tests.plain_text import plain_score
from tests.plain_tuning import is_tuned, plain_explanation, tuned_score
from tests.plain_why_not import plain_why_not
from tests.replacing import replace

MISSING = -(2.0**40)
"""Stands for a quality or heat that an article does not have: lower than any, and still finite."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVER = datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1) / timedelta(microseconds=1)
_ONE_VALUE = (Ranking.RELEVANCE, Ranking.NEWEST, Ranking.OLDEST)


class PlainEngine:
    """A `SearchEngine` that looks at every article for every question.

    `articles` holds what is being served, by key. `add` and `delete` make a new generation and serve it at once;
    what another writer of `index` commits is served after `refresh`, as with any engine.
    """

    def __init__(self, articles: Iterable[Article] = (), *, index: PlainIndex | None = None) -> None:
        self.index = index or PlainIndex()
        self.searched = WITH_BODY if self.index.searches_bodies else SEARCHED
        self._kept: list[Generation] = []
        self._keeps = 0
        self._served = self.index.newest
        self._serve_newest()
        self._is_closed = False
        self.add(*articles)

    def add(self, *articles: Article) -> None:
        """Add articles, or replace those with the same keys."""
        if articles:
            with self.index.open_writer() as writer:
                writer.add(articles)
                writer.commit(writer.state)
            self._serve_newest()

    def delete(self, *keys: str) -> None:
        """Remove the articles with these keys."""
        with self.index.open_writer() as writer:
            writer.delete(keys)
            writer.commit(writer.state)
        self._serve_newest()

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self._check_open()
        return [_answer(request, self.articles.values(), self.searched) for request in requests]

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        del request
        self._check_open()
        return None

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        visible = {article.key: article for article in self._visible(now)}
        return [visible.get(key) for key in keys]

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        visible = self._visible(now)
        return [_with_url(url, visible) for url in urls]

    def newest(self, field: TermField, value: str, *, now: datetime) -> Article | None:
        having = (article for article in self._visible(now) if matches(article, Among(field, frozenset({value}))))
        return min(having, key=lambda article: order(position(article, Ranking.NEWEST)), default=None)

    async def find_newest(self, values: Sequence[tuple[TermField, str]], *, now: datetime) -> Sequence[Article | None]:
        return [self.newest(field, value, now=now) for field, value in values]

    def moment(self, now: datetime) -> Hashable:
        return self._served.number, tuple(article.key for article in self._visible(now))

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        visible = {article.key: article for article in self._visible(now)}
        return [plain_similar(visible[key], visible.values(), size) if key in visible else [] for key in keys]

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        article = next((article for article in self._visible(request.now) if article.key == key), None)
        if article is None:
            return None
        whole = replace(request, window=Window(size=len(self.articles)), facets=())
        [everything] = await self.search([whole])
        return plain_why_not(article, whole, [hit.article.key for hit in everything.hits], matches, self.searched)

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        within = [article for article in self._visible(request.now) if matches(article, request.filter)]
        return plain_suggestions(request, within)

    async def status(self, *, now: datetime) -> IndexStatus:
        visible = [article.published_date_time for article in self._visible(now)]
        to_come = {article.published_date_time for article in self._visible(_EVER)} - set(visible)
        return IndexStatus(
            generation=self._served.number,
            built_at=self._served.built_at,
            article_count=len(visible),
            last_change=max(visible, default=None),
            next_change=min(to_come, default=None),
            problems=self._problems,
        )

    def snapshot(self, now: datetime) -> Snapshot:
        self._check_open()
        return Snapshot(generation=self._served.number, built_at=self._served.built_at, now=now)

    async def changes(
        self, requests: Sequence[SearchRequest], *, since: Snapshot, until: Snapshot
    ) -> Sequence[Sequence[Change]] | None:
        self._check_open()
        generations = {(each.number, each.built_at): each for each in (*self._kept, self._served)}
        before = generations.get((since.generation, since.built_at))
        after = generations.get((until.generation, until.built_at))
        if before is None or after is None:
            return None
        return [
            plain_changes(
                self._matches(replace(request, now=since.now), before),
                self._matches(replace(request, now=until.now), after),
            )
            for request in requests
        ]

    def keep(self, generations: int) -> None:
        self._keeps = generations
        self._kept = self._kept[len(self._kept) - min(generations, len(self._kept)) :]

    def present(self) -> SearchEngine:
        self._check_open()
        return copy(self)

    async def refresh(self) -> bool:
        self._check_open()
        before = self._served.number
        self._serve_newest()
        return self._served.number != before

    async def close(self) -> None:
        self._is_closed = True

    def _matches(self, request: SearchRequest, generation: Generation) -> dict[str, Article]:
        """All articles that a generation has for the search, by key."""
        hits = _hits(request, generation.articles.values(), self.searched)
        return {hit.article.key: hit.article for hit in hits}

    def _serve_newest(self) -> None:
        if self._served is not self.index.newest:
            self._kept.append(self._served)
            self.keep(self._keeps)
        self._served = self.index.newest
        self._problems = self.index.problems
        self.articles = dict(self._served.articles)

    def _visible(self, now: datetime) -> list[Article]:
        self._check_open()
        return sorted((a for a in self.articles.values() if is_visible(a, now)), key=lambda article: article.key)

    def _check_open(self) -> None:
        if self._is_closed:
            raise SearchIndexError("the engine is closed; open another")


def position(article: Article, ranking: Ranking, *, score: float | None = None) -> Position:
    """The position of the article in the ranking. RELEVANCE without a score is NEWEST.

    Two heats that halve at the same pace keep their order, whatever the clock says. So TRENDING is the binary logarithm
    of heat * 2 ** -(age in days), less what depends on the clock; that never vanishes, however old an article is.
    """
    microseconds = float((article.published_date_time - _EPOCH) // timedelta(microseconds=1))
    match ranking:
        case Ranking.RELEVANCE if score is not None:
            return Position((score,), article.key)
        case Ranking.RELEVANCE | Ranking.NEWEST:
            return Position((microseconds,), article.key)
        case Ranking.OLDEST:
            return Position((-microseconds,), article.key)
        case Ranking.QUALITY:
            return Position((_number(article.quality), microseconds), article.key)
        case Ranking.HEAT:
            return Position((_number(article.heat), microseconds), article.key)
        case Ranking.TRENDING:
            heat = article.heat or 0
            trend = math.log2(heat) + microseconds / _DAY if heat > 0 else MISSING
            return Position((trend, microseconds), article.key)


def _answer(request: SearchRequest, articles: Iterable[Article], searched: tuple[TextField, ...]) -> SearchResult:
    hits = sorted(_hits(request, articles, searched), key=lambda hit: order(hit.position))
    length = 1 if request.ranking in _ONE_VALUE else 2
    if is_tuned(request) and (most := request.tuning.max_per_provider):
        hits, length = _in_turns(hits, most), 2
    for bound in (request.window.after, request.window.before):
        check(bound, length, f"the ranking {request.ranking.value}")
    page, has_previous, has_next = _cut(hits, request.window)

    def counted(condition: Filter | None) -> list[Article]:
        """What a facet of the request counts."""
        asked = replace(request, filter=request.filter if condition is None else condition)
        return [hit.article for hit in _hits(asked, articles, searched)]

    return SearchResult(
        hits=tuple(page),
        has_previous=has_previous,
        has_next=has_next,
        total=len(hits) if request.total else None,
        facets=tuple(plain_facet(facet, counted(facet.filter)) for facet in request.facets),
        spreads=tuple(plain_spread(spread, counted(spread.filter)) for spread in request.spreads),
    )


def _hits(request: SearchRequest, articles: Iterable[Article], searched: tuple[TextField, ...]) -> Iterable[Hit]:
    for article in articles:
        if not (is_visible(article, request.now) and matches(article, request.filter)):
            continue
        score = plain_score(article, request.text, searched, typing=request.typing)
        if score != 0.0:
            if is_tuned(request) and replace(request.tuning, max_per_provider=None) != WORDS_ALONE:
                score = tuned_score(article, request, text=score or 0.0)
            place = position(article, request.ranking, score=score)
            explanation = plain_explanation(article, request, score) if request.explanations else None
            told = score if request.asks_for_scores else None
            yield Hit(article=article, position=place, score=told, explanation=explanation)


def _in_turns(hits: list[Hit], most: int) -> list[Hit]:
    """So many of each provider first, then so many again."""
    seen: Counter[str] = Counter()
    placed = []
    for hit in hits:
        turn = seen[hit.article.provider.domain] // most
        seen[hit.article.provider.domain] += 1
        placed.append(replace(hit, position=Position((-float(turn), *hit.position.values), hit.position.key)))
    return sorted(placed, key=lambda hit: order(hit.position))


def _cut(hits: list[Hit], window: Window) -> tuple[list[Hit], bool, bool]:
    """The page, and whether hits lie before and after it. A page without hits lies at the end it is taken from."""
    after = order(window.after) if window.after else ((-math.inf,), "")
    before = order(window.before) if window.before else ((math.inf,), "")
    if window.size < 0 or window.offset < 0:
        raise RequestError(f"a page of {window.size} articles after {window.offset}; ask for 0 or more")
    inside = [hit for hit in hits if after < order(hit.position) < before]
    passed = min(window.offset, len(inside))
    if window.end is End.START:
        page = inside[passed : passed + window.size]
    else:
        page = inside[max(len(inside) - passed - window.size, 0) : len(inside) - passed]
    if page:
        return page, hits[0] is not page[0], hits[-1] is not page[-1]
    if window.end is End.START:
        earlier = sum(order(hit.position) <= after for hit in hits) + passed
    else:
        earlier = sum(order(hit.position) < before for hit in hits) - passed
    return page, earlier > 0, earlier < len(hits)


def _with_url(url: str, visible: list[Article]) -> Article | None:
    wanted = canonical_url_or_none(url)
    if wanted is None:
        return None
    by_web_url = (a for a in visible if canonical_url_or_none(a.web_url) == wanted)
    by_any_url = (a for a in visible for other in (a.amp_web_url, a.cdn_amp_web_url) if _same(other, wanted))
    return next(by_web_url, None) or next(by_any_url, None)


def _same(url: str | None, wanted: str) -> bool:
    return url is not None and canonical_url_or_none(url) == wanted


def _number(value: int | None) -> float:
    return MISSING if value is None else float(value)
