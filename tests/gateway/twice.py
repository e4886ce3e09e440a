"""The plain ways to search, over an engine that remembers what it found and one that does not."""

from datetime import datetime, timedelta

from httpx2 import ASGITransport, AsyncClient, Response
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.config.settings import Settings
from gateway.http.host import ServerUrl
from gateway.http.moment import Moment
from gateway.lists.feeds import Feeds
from gateway.lists.search_json import SearchJson
from indexer.search.engine import IndexStatus, SearchEngine
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.remembering_engine import RememberingEngine
from tests.seal import SEAL

HOUR = timedelta(hours=1)
ARTICLES = (
    full("a"),
    plain("b"),
    replace(plain("c"), title="They ran", topics=("ai",), quality=50, published_date_time=NOW - 3 * DAY),
    replace(plain("d"), excerpt="Harvest, again", published_date_time=NOW + HOUR),
    replace(plain("e"), title="Harvest of all", topics=("AI",), heat=3, published_date_time=NOW + 3 * HOUR),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["", "q=harvest", "q=ran&ranking=oldest", "topic=ai", "topic=ai&ranking=heat"]),
        st.integers(0, 3),
        st.booleans(),
        st.sampled_from([timedelta(0), timedelta(0), HOUR, -HOUR, 2 * HOUR]),
    ),
    min_size=1,
    max_size=12,
)
"""A question: its subject, its number, a flag for the next page, and the time that has passed."""


class Desk:
    """An index that is asked by a clock of its own."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.now = NOW

    async def moment(self) -> Moment:
        return Moment.of(await self.status(), now=self.now)

    def context(self, now: datetime | None = None, *, server_url: str | None = None) -> RequestContext:
        return RequestContext(
            engine=self._engine, now=now or self.now, limits=Limits(), seal=SEAL, asset_base_url=server_url or ""
        )

    async def status(self) -> IndexStatus:
        return await self._engine.status(now=self.now)

    def client(self) -> AsyncClient:
        server_url = ServerUrl(None)
        feeds = Feeds(self, Settings(), server_url)
        routes = [
            Route("/search.json", SearchJson(self, Limits(), edition="", server_url=server_url).answer),
            Route("/feed.atom", feeds.atom),
            Route("/feed.json", feeds.json),
        ]
        return AsyncClient(transport=ASGITransport(Starlette(routes=routes)), base_url="http://n.example")


class Twice:
    """Asks both, whose answers have to be the same."""

    def __init__(self) -> None:
        engine = PlainEngine(ARTICLES)
        remembering = RememberingEngine(engine, [article.published_date_time for article in ARTICLES])
        self._desks = [Desk(engine), Desk(remembering)]
        self._clients = [desk.client() for desk in self._desks]

    async def get(self, path: str, *, passing: timedelta) -> Response:
        """The answer, after so much time."""
        answers = []
        for desk, http in zip(self._desks, self._clients, strict=True):
            desk.now += passing
            answers.append(await http.get(path))
        one, other = answers
        assert (one.status_code, one.content, one.headers) == (other.status_code, other.content, other.headers)
        assert one.status_code == 200, one.text
        return one
