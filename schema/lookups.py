"""Small searches that several fields need."""

from collections.abc import Awaitable
from datetime import datetime

from indexer.article import Article
from indexer.filters import Among, Filter, TermField
from indexer.search import Ranking, SearchRequest, SearchResult, Window
from schema.loaders import SearchLoader, then


def newest_with(field: TermField, value: str, *, now: datetime, searches: SearchLoader) -> Awaitable[Article | None]:
    """The newest article visible at `now` whose `field` holds `value`; None where there is none."""
    condition = Among(field, frozenset({value}))
    request = SearchRequest(now=now, filter=condition, ranking=Ranking.NEWEST, window=Window(size=1))
    return then(searches.load(request), _first)


def total_of(condition: Filter, *, text: str = "", now: datetime, searches: SearchLoader) -> Awaitable[int | None]:
    """How many articles visible at `now` match. An engine that is asked for a total never leaves it out."""
    request = SearchRequest(now=now, text=text, filter=condition, window=Window(size=0), total=True, forgiving=True)
    return then(searches.load(request), lambda result: result.total)


def _first(result: SearchResult) -> Article | None:
    return result.hits[0].article if result.hits else None
