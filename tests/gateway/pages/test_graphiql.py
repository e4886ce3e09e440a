import json
from pathlib import Path

import pytest

import gateway
from gateway.pages.graphiql import NO_ARTICLES
from indexer.article import Article
from tests.gateway.http_client import serving, without_index
from tests.gateway.pages.attributes import attributes_of
from tests.samples import full, plain

STATIC = Path(gateway.__file__).parent
BROWSER = {"accept": "text/html"}


async def page(*articles: Article, address: str = "/graphql") -> dict[str, str | None]:
    async with serving(articles) as http:
        return attributes_of((await http.get(address, headers=BROWSER)).text)


def queries(attributes: dict[str, str | None]) -> list[str]:
    return [tab["query"] for tab in json.loads(attributes["div.data-tour"] or "")]


async def test_the_page_holds_the_endpoint_and_a_tour_of_this_index():
    attributes = await page(full("a"), plain("b"))
    assert attributes["div.data-endpoint"] == "graphql"
    tour = json.loads(attributes["div.data-tour"] or "")
    assert len(tour) >= 6
    assert all(tab["query"].startswith("# ") for tab in tour)
    assert '"key": "' in "".join(tab["variables"] for tab in tour)


async def test_the_files_of_the_page_are_there():
    attributes = await page(plain("a"))
    for name in ("script.src", "link.href"):
        address = attributes[name]
        assert address
        assert (STATIC / f"{address}.gz").is_file()


async def test_a_query_in_the_address_shows_in_graphiql_and_not_in_the_page():
    """The script reads it from the address: so no text of a link becomes a part of the page."""
    assert await page(plain("a"), address="/graphql?query={evil}&variables={}") == await page(plain("a"))


async def test_nothing_is_loaded_from_elsewhere():
    async with serving([plain("a")]) as http:
        answer = await http.get("/graphql", headers=BROWSER)
    loaded = {name: value for name, value in attributes_of(answer.text).items() if name.endswith((".src", ".href"))}
    assert not any("//" in (value or "") for value in loaded.values())
    policy = answer.headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert {source for sources in rules.values() for source in sources.split()} == {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "data:",
    }
    assert (rules["default-src"], rules["script-src"]) == ("'none'", "'self'")


@pytest.mark.parametrize("articles", [(), (plain("a"),)])
async def test_the_page_of_an_empty_index_says_how_to_get_articles(articles: tuple[Article, ...]):
    first = queries(await page(*articles))[0]
    assert (NO_ARTICLES in first) is (not articles)


async def test_without_an_index_the_page_says_so_too():
    async with without_index() as http:
        answer = await http.get("/graphql", headers=BROWSER)
    assert NO_ARTICLES in queries(attributes_of(answer.text))[0]
