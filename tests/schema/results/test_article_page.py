"""Walking through a list page by page, while time passes and articles come and go."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from tests.engine_place import Place, write
from tests.samples import DAY, MOMENT
from tests.schema.client import Client
from tests.strategies import KEYS, articles, corpora

LIST = """query ($search: String, $ranking: Ranking, $first: Int, $after: String, $last: Int, $before: String) {
  articles(search: $search, ranking: $ranking, first: $first, after: $after, last: $last, before: $before) {
    nodes { key }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """A change between two pages."""

    added: Sequence[Article]
    deleted: Sequence[str]
    waited: timedelta

    @property
    def touched(self) -> set[str]:
        return {*self.deleted, *(article.key for article in self.added)}


meanwhiles = st.builds(
    Meanwhile,
    added=st.lists(articles, max_size=1),
    deleted=st.lists(st.sampled_from(KEYS), max_size=1),
    waited=st.sampled_from((timedelta(0), MOMENT, DAY, 5 * DAY)),
)


class History:
    """An index whose past lies in `place`: each call of `go_on` makes the next thing happen."""

    def __init__(self, place: Place, engine: SearchEngine, events: Sequence[Meanwhile]) -> None:
        self.client = Client(engine)
        self.touched: set[str] = set()
        self._place = place
        self._engine = engine
        self._events = iter(events)

    async def go_on(self) -> None:
        event = next(self._events, None)
        if event:
            write(self._place, event.added, without=event.deleted)
            await self._engine.refresh()
            self.client.now += event.waited
            self.touched |= event.touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads one list of a changing index."""

    history: History
    search: str
    ranking: Ranking
    size: int

    async def whole(self) -> list[str]:
        """The keys of the list as it is now."""
        return _keys(await self._page(first=100))

    async def forwards(self) -> list[str]:
        """The keys of all pages, while the history goes on between them."""
        page = await self._page(first=self.size)
        keys = _keys(page)
        while page["pageInfo"]["hasNextPage"]:
            await self.history.go_on()
            page = await self._page(first=self.size, after=page["pageInfo"]["endCursor"])
            keys = _few(keys + _keys(page))
        return keys

    async def backwards(self) -> list[str]:
        """The same from the end; still in the order of the list."""
        page = await self._page(last=self.size)
        keys = _keys(page)
        while page["pageInfo"]["hasPreviousPage"]:
            await self.history.go_on()
            page = await self._page(last=self.size, before=page["pageInfo"]["startCursor"])
            keys = _few(_keys(page) + keys)
        return keys

    async def _page(self, **arguments: object) -> Any:
        arguments |= {"search": self.search, "ranking": self.ranking.name}
        return (await self.history.client.data(LIST, **arguments))["articles"]


def _few(keys: list[str]) -> list[str]:
    """The keys. A walk that goes round in circles must fail, and not go on for ever."""
    assert len(keys) < 100
    return keys


def _keys(page: Any) -> list[str]:
    return [node["key"] for node in page["nodes"]]


@pytest.mark.parametrize("ranking", Ranking)
@given(
    walk=st.sampled_from((Reader.forwards, Reader.backwards)),
    corpus=corpora(max_size=10),
    search=st.sampled_from(("", "", "run", "the OR AI", "daily OR 東京")),
    size=st.integers(1, 2),
    events=st.lists(meanwhiles, min_size=1, max_size=6),
)
def test_what_is_there_all_the_time_is_seen_exactly_once_and_in_order(  # noqa: PLR0913, PLR0917 - what Hypothesis draws
    new_place: Callable[[], Place],
    walk: Callable[[Reader], Awaitable[list[str]]],
    ranking: Ranking,
    corpus: Sequence[Article],
    search: str,
    size: int,
    events: Sequence[Meanwhile],
):
    async def read() -> None:
        place = new_place()
        write(place, corpus)
        engine = await place.open_engine()
        reader = Reader(history=History(place, engine, events), search=search, ranking=ranking, size=size)
        before = await reader.whole()
        seen = await walk(reader)
        touched = reader.history.touched
        assert [key for key in seen if key not in touched] == [key for key in before if key not in touched]
        await engine.close()

    asyncio.run(read())
