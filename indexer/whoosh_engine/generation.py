"""One generation of the index, open for reading."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.memory import Memory, remembered
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.engine import IndexStatus
from indexer.search.filters import EVERYTHING
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.why_not import WhyNot
from indexer.whoosh_engine.completing.suggester import Suggester
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment, collection_of
from indexer.whoosh_engine.searching.facets import FacetCounter
from indexer.whoosh_engine.searching.kept_results import KeptResults, is_timeless
from indexer.whoosh_engine.searching.search import Search, why_not
from indexer.whoosh_engine.searching.similar import MoreLikeThis
from indexer.whoosh_engine.segment.numbers import instant, microseconds
from indexer.whoosh_engine.segment.stems import Stems
from indexer.whoosh_engine.storage.index_format import Format
from indexer.whoosh_engine.understanding.corrections import Speller
from indexer.whoosh_engine.understanding.interpretation import Meaning

# A segment's name, and its deleted documents.
SegmentState = tuple[str, frozenset[int]]

_KEPT_TEXTS = 1024  # of which it is remembered what they mean


class Generation:
    """An open index."""

    def __init__(  # noqa: PLR0913 - all that an open index is made of
        self,
        segments: Mapping[SegmentState, SearchableSegment],
        *,
        number: int,
        built: Format,
        memory: Memory | None = None,
        synonyms: Synonyms = NO_SYNONYMS,
        results: KeptResults | None = None,
    ) -> None:
        """Take the segments, whose articles are kept in `memory`, to be shared with the next generation."""
        self.number = number
        self.built = built
        self.segments = segments
        self.memory = memory
        self._in_order = tuple(segments.values())
        self._collection = collection_of(self._in_order)
        self._counter = FacetCounter([one.segment for one in self._in_order])
        self._corrector = Speller(self._in_order)
        self._results = results or KeptResults()
        self._synonyms = synonyms

    def close(self, *, but: "Generation | None" = None) -> None:
        """Close the files of all segments, except those that another generation shares."""
        for state, segment in self.segments.items():
            if but is None or state not in but.segments:
                segment.close()

    @cached_property
    def suggester(self) -> Suggester:
        """What completes texts that are being typed."""
        return Suggester(self._in_order, Stems(self.built.language))

    def status(self, now: datetime) -> IndexStatus:
        """The number of articles visible at `now`, and where they come from."""
        clock = microseconds(now.timestamp())
        count = sum(segment.allowed(EVERYTHING, clock).count for segment in self._in_order)
        changes = [segment.changes(clock) for segment in self._in_order]
        return IndexStatus(
            generation=self.number,
            built_at=self.built.built_at,
            article_count=count,
            last_change=max((instant(last) for last, _ in changes if last is not None), default=None),
            next_change=min((instant(following) for _, following in changes if following is not None), default=None),
        )

    def fetch(self, keys: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these keys."""
        return [next(self._with_key(key, now), None) for key in keys]

    def fetch_by_url(self, urls: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these URLs; None for what is no URL."""
        return [self._at_url(url, now) for url in urls]

    def known(self, request: SearchRequest) -> SearchResult | None:
        """What was found for the request before, while the same articles were visible."""
        return self._results.find(request, self._moment(request)) if is_timeless(request) else None

    def keep(self, request: SearchRequest, result: SearchResult) -> SearchResult:
        """Keep what was found, where it stays true for a while."""
        if is_timeless(request):
            self._results.put(request, self._moment(request), result)
        return result

    def search(self, request: SearchRequest) -> Search:
        """Prepare one search. Raises RequestError for statistics of another search."""
        meaning = self._meaning(request.text, is_forgiving=request.forgiving)
        return Search(self._in_order, self._counter, request, meaning)

    def similar(self, keys: Sequence[str], now: datetime, size: int) -> list[list[Article]]:
        """The articles like each of those with these keys; none where there is no such visible article."""
        likeness = MoreLikeThis(self._in_order, self._collection, microseconds(now.timestamp()))
        places = [self._place(key, now) for key in keys]
        return [likeness.like(*place, size) if place else [] for place in places]

    def why_not(self, key: str, search: Search, now: datetime) -> WhyNot | None:
        """What keeps the article with this key out of the search, or its rank there."""
        found = self._place(key, now)
        if found is None:
            return None
        place, document = found
        return why_not(search, self._in_order[place], place=place, document=document)

    def _moment(self, request: SearchRequest) -> tuple[int, ...]:
        clock = microseconds(request.now.timestamp())
        return tuple(segment.appeared(clock) for segment in self._in_order)

    @remembered(_KEPT_TEXTS)
    def _meaning(self, text: str, *, is_forgiving: bool) -> Meaning:
        synonyms = self._synonyms if is_forgiving else None
        return Meaning(self._in_order, self._collection, self._corrector, text, synonyms=synonyms)

    def _place(self, key: str, now: datetime) -> tuple[int, int] | None:
        """The segment and document of a visible article."""
        for place, one in enumerate(self._in_order):
            document = one.segment.document(key)
            if document is not None and one.allowed(EVERYTHING, microseconds(now.timestamp())).mask[document]:
                return place, document
        return None

    def _with_key(self, key: str, now: datetime) -> Iterator[Article]:
        for one in self._in_order:
            document = one.segment.document(key)
            if document is not None:
                yield from self._visible(one, [document], now)

    def _at_url(self, url: str, now: datetime) -> Article | None:
        try:
            address = canonical_url(url)
        except ValueError:
            return None
        found = [
            article
            for one in self._in_order
            for article in self._visible(one, one.segment.addresses.candidates(address), now)
        ]
        by_web_url = [article for article in found if canonical_url(article.web_url) == address]
        by_other = [
            article
            for article in found
            for other in (article.amp_web_url, article.cdn_amp_web_url)
            if other and canonical_url(other) == address
        ]
        return min(by_web_url or by_other, key=lambda article: article.key, default=None)

    def _visible(self, one: SearchableSegment, documents: Sequence[int], now: datetime) -> Iterator[Article]:
        mask = one.allowed(EVERYTHING, microseconds(now.timestamp())).mask
        for document in documents:
            if mask[document]:
                yield one.article(document)
