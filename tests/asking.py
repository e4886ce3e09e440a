"""Short ways to ask an engine one thing."""

from collections.abc import Sequence
from datetime import datetime

from indexer.article import Article
from indexer.search.engine import AtHand, SearchEngine
from indexer.search.filters import EVERYTHING, Filter, TermField
from indexer.search.ranking import Position, Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult
from tests.replacing import replace
from tests.samples import NOW

ALL = Window(size=10_000)


async def ask(engine: SearchEngine, request: SearchRequest) -> SearchResult:
    """The answer to one request."""
    [result] = await engine.search([request])
    return result


async def found(
    engine: SearchEngine,
    text: str = "",
    *,
    ranking: Ranking = Ranking.NEWEST,
    condition: Filter = EVERYTHING,
) -> list[str]:
    """The keys of everything found at `NOW`, in order."""
    request = SearchRequest(now=NOW, text=text, ranking=ranking, filter=condition, window=ALL)
    return keys(await ask(engine, request))


def keys(result: SearchResult) -> list[str]:
    """The keys of the hits, in order."""
    return [hit.article.key for hit in result.hits]


async def positions(engine: SearchEngine, request: SearchRequest) -> Sequence[Position]:
    """The positions of all that the request finds, whatever its window."""
    everything = await ask(engine, replace(request, window=ALL))
    return [hit.position for hit in everything.hits]


async def newest(engine: SearchEngine, field: TermField, value: str, *, now: datetime) -> Article | None:
    """The newest article with a value, by both ways to ask for it."""
    at_hand = engine.newest(field, value, now=now)
    [article] = await engine.find_newest([(field, value)], now=now)
    assert at_hand in {AtHand.NOT, article}
    return article
