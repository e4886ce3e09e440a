"""One generation of the index, open for reading."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.filters import EVERYTHING
from indexer.search import IndexStatus, SearchRequest
from indexer.whoosh_engine.fields import microseconds
from indexer.whoosh_engine.format import Format
from indexer.whoosh_engine.open_segment import OpenSegment
from indexer.whoosh_engine.searching import Search, collection_of

# A segment's name, and its deleted documents.
SegmentState = tuple[str, frozenset[int]]


class Generation:
    """An open index."""

    def __init__(self, segments: Mapping[SegmentState, OpenSegment], *, number: int, built: Format) -> None:
        self.number = number
        self.built = built
        self.segments = segments
        self._in_order = tuple(segments.values())
        self._collection = collection_of(self._in_order)

    def close(self, *, but: "Generation | None" = None) -> None:
        """Close the files of all segments, except those that another generation shares."""
        for state, segment in self.segments.items():
            if but is None or state not in but.segments:
                segment.close()

    def status(self, now: datetime) -> IndexStatus:
        """The number of articles visible at `now`, and where they come from."""
        clock = microseconds(now.timestamp())
        count = sum(segment.allowed(EVERYTHING, clock).count for segment in self._in_order)
        return IndexStatus(generation=self.number, built_at=self.built.built_at, article_count=count)

    def fetch(self, keys: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these keys."""
        return [next(self._with_key(key, now), None) for key in keys]

    def fetch_by_url(self, urls: Sequence[str], now: datetime) -> list[Article | None]:
        """The visible articles with these URLs; None for what is no URL."""
        return [self._at_url(url, now) for url in urls]

    def search(self, request: SearchRequest) -> Search:
        """Prepare one search. Raises RequestError for statistics of another search."""
        return Search(self._in_order, self._collection, request)

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

    def _visible(self, one: OpenSegment, documents: Sequence[int], now: datetime) -> Iterator[Article]:
        mask = one.allowed(EVERYTHING, microseconds(now.timestamp())).mask
        for document in documents:
            if mask[document]:
                yield one.segment.article(document)
