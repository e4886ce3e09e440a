"""One generation of an index in a cluster, as searches see it."""

from collections.abc import Collection, Hashable, Sequence
from datetime import UTC, datetime
from sys import getsizeof
from typing import Any, Literal, NamedTuple

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.columns.numbers import instant, microseconds
from indexer.columns.stems import Stems
from indexer.columns.values import canonical_value
from indexer.listing.kept_results import KeptResults, exactly, is_timeless
from indexer.memory import OVERHEAD, Memory, Shelf
from indexer.opensearch_engine.completing.suggester import Suggester
from indexer.opensearch_engine.matching.view import Clause, View, every, sendable
from indexer.opensearch_engine.searching.search import Searching
from indexer.opensearch_engine.searching.similar import MoreLikeThis
from indexer.opensearch_engine.searching.why_not import why_not
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.articles import Articles
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.opensearch_engine.storage.head import Head
from indexer.opensearch_engine.storage.portions import portions
from indexer.opensearch_engine.storage.timetable import Timetable, timetable, timetable_searches
from indexer.opensearch_engine.storage.together import together
from indexer.query.synonyms import Synonyms
from indexer.search.engine import AtHand, IndexStatus
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import Suggestion, SuggestRequest
from indexer.search.why_not import WhyNot
from indexer.understanding.texts import Texts

_AT_ONCE = 1_000  # articles that one search fetches
_SEARCHES_AT_ONCE = 100
_NEWEST_BYTES = 6_000  # of an article and of what it is the newest of, about
_SIMILAR_AT_ONCE = 4  # articles whose like is looked for: each search scores many
_SHARED = 100  # articles that share a URL with another, in one search for many


class _Newest(NamedTuple):
    """The newest article with a value; None where no visible one has it."""

    article: Article | None


class Generation:
    """A generation of articles in a cluster. Whatever is found in it is kept under its own moments."""

    def __init__(  # noqa: PLR0913 - all that a generation is made of
        self,
        cluster: Cluster,
        head: Head,
        times: Timetable,
        articles: Articles,
        *,
        synonyms: Synonyms,
        memory: Memory,
    ) -> None:
        """Use `open` instead, which also learns the times."""
        self.cluster = cluster
        self.head = head
        self.commit = head.commit
        self.articles = articles
        texts = Texts(language=head.language, synonyms=synonyms, searched=head.searched)
        self.searching = Searching(cluster, texts, Stems(head.language), articles, memory)
        self._suggester = Suggester(cluster, self.searching, articles, memory)
        self._times = times
        self._own = object()
        self._results = KeptResults(memory)
        self._newest: Shelf[tuple[int, TermField, str], _Newest] = memory.shelf("newest articles", _newest_bytes)
        self._counts: Shelf[Hashable, int] = memory.shelf("moments", lambda _moment, _count: OVERHEAD)

    @classmethod
    async def open(
        cls, cluster: Cluster, head: Head, articles: Articles, *, synonyms: Synonyms, memory: Memory
    ) -> "Generation":
        """Learn when the articles of a generation appear."""
        times = await _times(cluster, head)
        return cls(cluster, head, times, articles, synonyms=synonyms, memory=memory)

    async def keep_time(self) -> None:
        """Learn when further articles appear, where so many are scheduled that it is not known yet."""
        if not self._times.knows(_now()):
            self._times = await _times(self.cluster, self.head)

    def view(self, now: datetime) -> View:
        """The articles that are visible at `now`."""
        clock = microseconds(now.timestamp())
        until = self._times.last(clock) if self._times.knows(clock) else None
        return _view(self.head, until=clock if until is None else until, now=clock)

    def moment(self, now: datetime) -> Hashable:
        """The moment of a clock, told apart from the moments of other generations."""
        clock = microseconds(now.timestamp())
        return self._own, self._times.last(clock) if self._times.knows(clock) else (clock,)

    def at_hand(self, request: SearchRequest) -> SearchResult | None:
        """The answer, if a search before found all that this request asks for, and the same articles are visible."""
        return self._results.find(request, self.moment(request.now)) if is_timeless(request) else None

    async def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request, and keep the answer where it stays true for a while."""
        result = self.at_hand(request)
        if result is not None:
            return exactly(request, result)
        view = self.view(request.now)
        result = await self.searching.search(request, view)
        await self._know_providers([hit.article for hit in result.hits], view)
        if is_timeless(request):
            self._results.put(request, self.moment(request.now), result)
        return result

    async def why_not(self, key: str, request: SearchRequest) -> WhyNot | None:
        """Tell why the article with this key is not in a search, or else its rank there."""
        return await why_not(self.cluster, self.searching, key, request, self.view(request.now))

    async def similar(self, keys: Sequence[str], *, size: int, now: datetime) -> Sequence[Sequence[Article]]:
        """The articles like each of those with these keys; none where there is no visible one with a key."""
        view = self.view(now)
        more = MoreLikeThis(self.cluster, self.searching, view)
        sources = {article.key: article for article in await self.fetch([*dict.fromkeys(keys)], view) if article}
        alike: dict[str, Sequence[Article]] = {}
        for some in portions([*sources.values()], _SIMILAR_AT_ONCE):
            found = await together(more.like(source, size) for source in some)
            alike.update(zip((source.key for source in some), found, strict=True))
        return [alike.get(key, []) for key in keys]

    async def suggest(self, request: SuggestRequest) -> Sequence[Suggestion]:
        """Completions of a text that is being typed."""
        return await self._suggester.suggest(request, self.view(request.now))

    async def status(self, now: datetime) -> IndexStatus:
        """The number of visible articles, and when that number last changed and will change."""
        view = self.view(now)
        last, following = self._times.last(view.now), self._times.next(view.now)
        count = self._counts.find(view.moment)
        if count is None or not self._times.knows(view.now):
            count, last, following = await self._counted(view)
            self._counts.put(view.moment, count)
        return IndexStatus(
            generation=self.commit.generation,
            built_at=self.commit.built_at,
            article_count=count,
            last_change=None if last is None else instant(last),
            next_change=None if following is None else instant(following),
        )

    async def fetch(self, keys: Sequence[str], view: View) -> list[Article | None]:
        """The visible articles with these keys."""
        articles: dict[str, Article] = {}
        for some in portions(sorted({*map(sendable, keys)}), _AT_ONCE):
            body = _fetching({"terms": {mapping.KEY: some}}, view, size=len(some))
            articles |= {article.key: article for article in self._found(await self.cluster.search(view.index, body))}
        return [articles.get(key) for key in keys]

    async def fetch_by_url(self, urls: Sequence[str], view: View) -> list[Article | None]:
        """The visible articles with these URLs; None for other texts."""
        canonical = [*map(_canonical, urls)]
        sought = sorted({sendable(url) for url in canonical if url is not None})
        found: dict[str, Article | None] = {}
        for some in portions(sought, _AT_ONCE):
            size = 2 * len(some) + _SHARED
            body = _fetching({"terms": {mapping.URLS: some}}, view, size=size)
            articles = self._found(await self.cluster.search(view.index, body))
            if len(articles) < size:
                found |= {url: _at_url(url, articles) for url in some}
            else:
                found |= await self._one_by_one(some, view)
        return [None if url is None else found.get(url) for url in canonical]

    def newest(self, field: TermField, value: str, view: View) -> Article | Literal[AtHand.NOT] | None:
        """The newest visible article that has a value, if it was looked up before; ties by key."""
        kept = self._newest.find((view.until, field, canonical_value(field, value)))
        return AtHand.NOT if kept is None else kept.article

    async def find_newest(self, values: Sequence[tuple[TermField, str]], view: View) -> list[Article | None]:
        """The newest visible article that has each value; ties by key."""
        canonical = [(field, canonical_value(field, value)) for field, value in values]
        kept = {value: self._newest.find((view.until, *value)) for value in canonical}
        missing = [value for value, newest in kept.items() if newest is None]
        for some in portions(missing, _SEARCHES_AT_ONCE):
            answers = await self.cluster.searches(view.index, [self._newest_with(value, view) for value in some])
            for value, answer in zip(some, answers, strict=True):
                newest = _Newest(next(iter(self._found(answer)), None))
                kept[value] = self._newest.put((view.until, *value), newest)
        return [newest and newest.article for newest in map(kept.__getitem__, canonical)]

    def _newest_with(self, value: tuple[TermField, str], view: View) -> dict[str, Any]:  # Any: JSON
        field, canonical = value
        clause = {"term": {mapping.value_field(field): sendable(canonical)}}
        newest_first = [{mapping.PUBLISHED_AT: "desc"}, {mapping.KEY: "asc"}]
        return {**_fetching(clause, view, size=1), "sort": newest_first}

    async def _know_providers(self, articles: Collection[Article], view: View) -> None:
        """Look the newest articles of providers up, which answers about these articles will ask for next."""
        domains = {article.provider.domain for article in articles}
        domains |= {related.provider.domain for article in articles for related in article.related if related.provider}
        await self.find_newest([(TermField.PROVIDER, domain) for domain in sorted(domains)], view)

    async def _one_by_one(self, urls: Sequence[str], view: View) -> dict[str, Article | None]:
        """The articles at URLs that very many others have, too."""
        fields = (mapping.WEB_URL, mapping.URLS)
        bodies = [_fetching({"term": {field: url}}, view, size=1) for url in urls for field in fields]
        answers = await self.cluster.searches(view.index, bodies)
        articles = [next(iter(self._found(answer)), None) for answer in answers]
        rows = zip(urls, articles[::2], articles[1::2], strict=True)
        return {url: by_web_url or by_other for url, by_web_url, by_other in rows}

    async def _counted(self, view: View) -> tuple[int, int | None, int | None]:
        """The number of visible articles, and the times of the newest and of the next, asked for."""
        one = {"size": 1, "_source": False}
        limits: dict[str, tuple[Clause, str]] = {"last": ({"lte": view.now}, "desc"), "next": ({"gt": view.now}, "asc")}
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": every(*view.clauses()[:2]),
            "aggs": {
                name: {
                    "filter": {"range": {mapping.PUBLISHED_AT: times}},
                    "aggs": {"time": {"top_hits": {**one, "sort": [{mapping.PUBLISHED_AT: order}]}}},
                }
                for name, (times, order) in limits.items()
            },
        }
        found = (await self.cluster.search(view.index, body))["aggregations"]
        last, following = (
            next((hit["sort"][0] for hit in found[name]["time"]["hits"]["hits"]), None) for name in ("last", "next")
        )
        return found["last"]["doc_count"], last, following

    def _found(self, answer: Body) -> list[Article]:
        """The articles of an answer, in its order."""
        hits = answer["hits"]["hits"]
        return [self.articles.article(hit["_id"], hit["_source"][mapping.ARTICLE]) for hit in hits]


def _newest_bytes(key: tuple[int, TermField, str], _newest: _Newest) -> int:
    return _NEWEST_BYTES + getsizeof(key[2])


def _now() -> int:
    return microseconds(datetime.now(UTC).timestamp())


async def _times(cluster: Cluster, head: Head) -> Timetable:
    view = _view(head, until=0, now=0)
    past, future = await cluster.searches(view.index, timetable_searches(view.clauses()[:2], _now()))
    return timetable(past, future)


def _view(head: Head, *, until: int, now: int) -> View:
    return View(index=head.commit.articles, generation=head.commit.generation, until=until, now=now)


def _fetching(clause: Clause, view: View, *, size: int) -> dict[str, Any]:  # Any: JSON
    """A search for whole articles, by key."""
    return {
        "size": size,
        "track_total_hits": False,
        "query": every(clause, *view.clauses()),
        "sort": [{mapping.KEY: "asc"}],
        "_source": [mapping.ARTICLE],
    }


def _canonical(url: str) -> str | None:
    try:
        return canonical_url(url)
    except ValueError:
        return None


def _at_url(url: str, articles: Sequence[Article]) -> Article | None:
    """The one of these articles, by key, that has a URL: as its own, or else as that of another edition."""
    by_web_url = (article for article in articles if canonical_url(article.web_url) == url)
    by_other = (
        article
        for article in articles
        for other in (article.amp_web_url, article.cdn_amp_web_url)
        if other and canonical_url(other) == url
    )
    return next(by_web_url, None) or next(by_other, None)
