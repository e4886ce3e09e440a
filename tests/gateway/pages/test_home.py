import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient

from gateway.app import create_app
from gateway.config.settings import Settings
from gateway.pages.layout import POLICY
from indexer.article import Article
from indexer.errors import DeadlineExceeded, Overloaded, WorkStopped
from indexer.search.engine import SearchEngine
from schema.cost.plain_lists import cost_of_list
from schema.limits.limits import Limits, Switch
from tests.engine_place import Place, UrlPlace
from tests.gateway.http_client import serving, without_index
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.engines import BrokenEngine, CountingEngine

ATTACK = '"><script>alert(1)</script>'


class Page(HTMLParser):
    """The text and the attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action") and value]


async def page(
    address: str, *articles: Article, status: int = 200, settings: Settings | None = None, place: Place | None = None
) -> Page:
    async with serving(articles, settings, place=place) as http:
        answer = await http.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == POLICY
    return Page(answer.text)


async def test_the_home_page_tells_what_is_in_the_index():
    home = await page("/", full("a"), plain("b"), replace(plain("later"), published_date_time=NOW + 10_000 * DAY))
    assert "2 articles, 3 topics, 2 publishers" in home.text
    assert "C++ café opens in 東京" in home.text
    assert "./?topic=machine+learning" in home.addresses
    assert "./?from=2024-05-01&to=2024-05-31" in home.addresses
    assert {"feed.atom", "feed.json", "opensearch.xml", "schema.graphql", "graphql"} <= set(home.addresses)


@pytest.fixture
def whoosh(tmp_path: Path) -> Place:
    return UrlPlace(f"whoosh://{tmp_path}/index")


async def test_a_search_has_an_address_that_needs_no_scripts(whoosh: Place):
    found = await page(
        "/?q=harvests&topic=&utm_source=mail", *(plain(str(number)) for number in range(21)), place=whoosh
    )
    assert "21 articles" in found.text
    [following] = [address for address in found.addresses if "after=" in address]
    assert following.startswith("./?q=harvests&after=")
    assert "mark" in found.tags


async def test_a_search_can_be_narrowed_and_widened_again():
    found = await page("/?topic=AI&provider=daily.example&ranking=oldest", full("a"), plain("b"))
    assert "Nothing was found." in found.text
    assert "./?provider=daily.example&ranking=oldest" in found.addresses
    assert "./?topic=AI&ranking=oldest" in found.addresses


async def test_a_typing_error_is_told_with_a_link_to_what_was_meant(whoosh: Place):
    found = await page("/?q=harvset", plain("a"), place=whoosh)
    assert "Did you mean harvest" in found.text
    assert "./?q=harvest" in found.addresses


@pytest.mark.parametrize("name", ["q", "topic", "provider", "from", "ranking", "first", "after"])
async def test_nothing_that_is_asked_becomes_markup(name: str):
    async with serving([plain("a")]) as http:
        answer = await http.get("/", params={name: ATTACK})
    assert answer.status_code in (200, 400)
    assert "<script>alert" not in answer.text
    assert Page(answer.text).tags.count("script") == 2


async def test_nothing_that_articles_hold_becomes_markup():
    hostile = replace(
        full("a"),
        title=ATTACK,
        excerpt=ATTACK,
        topics=(ATTACK,),
        provider=replace(full("a").provider, name=ATTACK),
        language='en"x',
    )
    for address in ("/", "/?q=alert"):
        home = await page(address, hostile)
        assert home.tags.count("script") == 2
        assert ATTACK in home.text


async def test_a_search_without_sense_is_told_so_in_a_page():
    wrong = await page("/?first=all", status=400)
    assert "first: 'all' is no whole number" in wrong.text


async def test_a_search_costs_what_its_page_counts():
    limits = Limits(max_cost=cost_of_list(text="harvest", conditions=0, size=20))
    refused = await page("/?q=harvest", plain("a"), status=400, settings=Settings(limits=limits))
    assert "at most" in refused.text


@pytest.mark.parametrize("error", [Overloaded("There is too much to do"), DeadlineExceeded("It took too long")])
async def test_what_is_given_up_is_told_in_a_page(error: WorkStopped):
    async def open_engine() -> SearchEngine:
        return BrokenEngine(PlainEngine([plain("a")]), error)

    app = create_app(Settings(), open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        answers = [await http.get(address) for address in ("/", "/?q=harvest")]
        graphiql = await http.get("/graphql", headers={"accept": "text/html"})
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert str(error) in Page(answer.text).text
    assert graphiql.status_code == 200


async def test_without_an_index_the_page_says_so():
    async with without_index() as http:
        answer = await http.get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert "There is no index to answer from yet" in answer.text


async def test_the_home_page_of_an_empty_index_says_how_to_get_articles():
    home = await page("/")
    assert "0 articles" in home.text
    assert "newsstand init" in home.text


async def test_every_address_of_our_own_is_relative_so_that_any_prefix_may_stand_before():
    for address in ("/", "/?q=harvest"):
        home = await page(address, *(plain(str(number)) for number in range(30)))
        ours = [each for each in home.addresses if not each.startswith("https://daily.example/")]
        assert [each for each in ours if each.startswith("/") or "//" in each] == []


async def test_a_server_without_graphiql_or_introspection_does_not_lead_there():
    settings = Settings(graphiql=Switch.OFF, limits=Limits(introspection=Switch.OFF))
    home = await page("/", plain("a"), settings=settings)
    assert not {"graphql", "schema.graphql"} & set(home.addresses)
    assert "Queries to start from" not in home.text
    async with serving([], settings) as http:
        assert (await http.get("/schema.graphql")).status_code == 404


@asynccontextmanager
async def counting(*articles: Article) -> AsyncIterator[tuple[AsyncClient, CountingEngine]]:
    engine = CountingEngine(PlainEngine(articles))

    async def open_engine() -> SearchEngine:
        return engine

    app = create_app(Settings(), open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        yield http, engine


async def test_many_who_ask_at_once_wait_for_one_count():
    async with counting(full("a")) as (http, engine):
        await http.get("/")
        alone = engine.calls.count("search")
    async with counting(full("a")) as (http, engine):
        await asyncio.gather(*(http.get("/") for _ in range(5)))
        assert engine.calls.count("search") == alone


async def test_counts_are_kept_for_a_generation_and_a_moment():
    async with counting(full("a"), plain("b")) as (http, engine):
        first = await http.get("/")
        searches = engine.calls.count("search")
        again = await http.get("/", headers={"if-none-match": first.headers["etag"]})
        assert searches > 0
        assert engine.calls.count("search") == searches
    assert again.status_code in (200, 304)  # the age of the index may have become another
