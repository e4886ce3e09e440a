"""One generation of the index, open for reading."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from sys import getsizeof

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.columns.numbers import instant
from indexer.columns.stems import Stems
from indexer.columns.values import canonical_value
from indexer.listing.kept_results import KeptResults, is_timeless
from indexer.memory import Memory
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.engine import IndexStatus
from indexer.search.filters import EVERYTHING, TermField
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import SuggestRequest
from indexer.search.why_not import WhyNot
from indexer.shared import Shared
from indexer.whoosh_engine.completing.suggester import Suggester, Suggesting
from indexer.whoosh_engine.matching.changes import Comparison
from indexer.whoosh_engine.matching.searchable_segment import Moment, SearchableSegment, moment_of
from indexer.whoosh_engine.searching.search import Index, search, why_not
from indexer.whoosh_engine.searching.similar import MoreLikeThis
from indexer.whoosh_engine.storage.index_format import Format

# A segment's name, and its deleted documents.
SegmentState = tuple[str, frozenset[int]]
_Value = tuple[TermField, str, tuple[int, ...]]  # with the articles that have appeared

_KEPT_MOMENTS = 64  # a request asks several times
_NEWEST_BYTES = 6_000  # of an article and of what it is the newest of, about


class Generation(Shared):
    """An open index. All that still searches it is one of its users."""

    def __init__(  # noqa: PLR0913 - all that an open index is made of
        self,
        segments: Mapping[SegmentState, SearchableSegment],
        *,
        number: int,
        identity: tuple[int, ...] = (),
        built: Format,
        memory: Memory,
        synonyms: Synonyms = NO_SYNONYMS,
    ) -> None:
        """Take the segments, to be closed with it, and the memory for what searches find."""
        super().__init__()
        self.number = number
        self.identity = identity
        self.built = built
        self.segments = segments
        self.index = Index(tuple(segments.values()), synonyms, memory, language=built.language, searched=built.searched)
        self._results = KeptResults(memory)
        self._memory = memory
        self._moments: dict[datetime, Moment] = {}
        self._own = object()
        self._newest = memory.kept("newest articles", _newest_bytes, self._newest_with)

    def _close(self) -> None:
        for segment in self.segments.values():
            segment.close()

    @cached_property
    def suggester(self) -> Suggester:
        """The suggester, which completes texts that are being typed."""
        return Suggester(self.index.segments, Stems(self.built.language), self._memory, self.built.searched)

    def moment(self, now: datetime) -> Moment:
        """The moment at which the clock says `now`."""
        moment = self._moments.get(now)
        if moment is None:
            if len(self._moments) >= _KEPT_MOMENTS:
                self._moments.clear()
            moment = self._moments[now] = moment_of(self.index.segments, now)
        return moment

    def own_moment(self, now: datetime) -> Hashable:
        """The moment of a clock, told apart from the moments of other generations."""
        return self._own, self.moment(now).appeared

    def status(self, moment: Moment) -> IndexStatus:
        """The number of visible articles, where they come from, and when that number last changed and will change."""
        rows = [*zip(self.index.segments, moment.appeared, strict=True)]
        changes = [segment.changes(appeared) for segment, appeared in rows]
        return IndexStatus(
            generation=self.number,
            built_at=self.built.built_at,
            article_count=sum(segment.visible(EVERYTHING, appeared).count for segment, appeared in rows),
            last_change=max((instant(last) for last, _ in changes if last is not None), default=None),
            next_change=min((instant(following) for _, following in changes if following is not None), default=None),
        )

    def is_ready_to_suggest(self, now: datetime) -> bool:
        """Tell whether there is all that suggestions from every article are made of, which takes long to make."""
        return "suggester" in vars(self) and self.suggester.is_ready(self.moment(now).appeared)

    def suggest(self, request: SuggestRequest) -> Suggesting:
        """Completions of what is being typed, as far as no typing errors are tolerated."""
        return self.suggester.suggest(request, self.index.collection(self.moment(request.now).appeared))

    def fetch(self, keys: Sequence[str], moment: Moment) -> list[Article | None]:
        """The visible articles with these keys."""
        addresses = [self._address(key, moment) for key in keys]
        return [address and self.index.segments[address[0]].article(address[1]) for address in addresses]

    def fetch_by_url(self, urls: Sequence[str], moment: Moment) -> list[Article | None]:
        """The visible articles with these URLs; None for other texts."""
        return [self._at_url(url, moment) for url in urls]

    def newest(self, field: TermField, value: str, moment: Moment) -> Article | None:
        """The newest visible article that has a value; ties by key."""
        return self._newest((field, value, moment.appeared))

    def at_hand(self, request: SearchRequest, moment: Moment) -> SearchResult | None:
        """The answer, if a search before found all that this request asks for, and the same articles are visible."""
        return self._results.find(request, moment.appeared) if is_timeless(request) else None

    def search(self, request: SearchRequest, moment: Moment) -> SearchResult:
        """Answer one request, and keep the answer where it stays true for a while."""
        result = search(self.index, request, moment)
        if is_timeless(request):
            self._results.put(request, moment.appeared, result)
        return result

    def comparison(self, moment: Moment, before: "Generation", then: Moment) -> Comparison:
        """All that differs between another generation at a moment before and this one at its own."""
        names, others = ({name: segment for (name, _), segment in each.segments.items()} for each in (self, before))
        return Comparison(self.index.query, (others, then), (names, moment))

    def similar(self, keys: Sequence[str], moment: Moment, size: int) -> list[list[Article]]:
        """The articles like each of those with these keys; none where there is no such visible article."""
        more = MoreLikeThis(self.index.collection(moment.appeared))
        addresses = [self._address(key, moment) for key in keys]
        return [more.like(*address, size) if address else [] for address in addresses]

    def why_not(self, key: str, request: SearchRequest, moment: Moment) -> WhyNot | None:
        """Tell why the article with this key is not in a search, or else its rank there."""
        address = self._address(key, moment)
        return why_not(self.index, request, moment, *address) if address else None

    def _address(self, key: str, moment: Moment) -> tuple[int, int] | None:
        """The number of the segment that has a visible article, and its document there."""
        for number, (segment, appeared) in enumerate(zip(self.index.segments, moment.appeared, strict=True)):
            document = segment.segment.document(key)
            if document is not None and segment.visible(EVERYTHING, appeared).mask[document]:
                return number, document
        return None

    def _newest_with(self, key: _Value) -> Article | None:
        field, value, appeared = key
        canonical = canonical_value(field, value)
        newest = [
            (-int(segment.segment.published_at[document]), segment.segment.keys[document], segment, document)
            for segment, count in zip(self.index.segments, appeared, strict=True)
            if (document := segment.newest(field, canonical, count)) is not None
        ]
        if not newest:
            return None
        *_, segment, document = min(newest)  # no two have one key
        return segment.article(document)

    def _at_url(self, url: str, moment: Moment) -> Article | None:
        try:
            address = canonical_url(url)
        except ValueError:
            return None
        articles = [
            segment.article(document)
            for segment, appeared in zip(self.index.segments, moment.appeared, strict=True)
            for document in segment.segment.addresses.candidates(address)
            if segment.visible(EVERYTHING, appeared).mask[document]
        ]
        by_web_url = [article for article in articles if canonical_url(article.web_url) == address]
        by_other = [
            article
            for article in articles
            for other in (article.amp_web_url, article.cdn_amp_web_url)
            if other and canonical_url(other) == address
        ]
        return min(by_web_url or by_other, key=lambda article: article.key, default=None)


def _newest_bytes(key: _Value, _article: Article | None) -> int:
    return _NEWEST_BYTES + getsizeof(key[1])
