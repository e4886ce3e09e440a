from html.parser import HTMLParser
from pathlib import Path

from graphql import build_schema, parse, validate

import gateway
from gateway.graphql import graphiql
from schema.schema import sdl
from tests.gateway.http_client import serving
from tests.samples import plain

STATIC = Path(gateway.__file__).parent


class Attributes(HTMLParser):
    """Collects the attributes of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(f"{tag}.{name}", value) for name, value in attrs]


def attributes() -> dict[str, str | None]:
    parser = Attributes()
    parser.feed(bytes(graphiql.graphiql().body).decode())
    return dict(parser.found)


def test_the_first_query_is_valid():
    """The first thing that a visitor does is to run it."""
    assert validate(build_schema(sdl()), parse(graphiql.FIRST_QUERY)) == []


def test_the_page_holds_the_first_query_and_the_endpoint():
    assert attributes()["div.data-query"] == graphiql.FIRST_QUERY
    assert attributes()["div.data-endpoint"] == "graphql"


def test_the_files_of_the_page_are_there():
    for name in ("script.src", "link.href"):
        address = attributes()[name]
        assert address
        assert (STATIC / f"{address}.gz").is_file()


def test_nothing_is_loaded_from_elsewhere():
    page = graphiql.graphiql()
    assert b"//" not in page.body
    policy = page.headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert {source for sources in rules.values() for source in sources.split()} == {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "data:",
    }
    assert (rules["default-src"], rules["script-src"]) == ("'none'", "'self'")


def test_the_page_of_an_empty_index_says_how_to_get_articles():
    page = bytes(graphiql.graphiql(is_empty=True).body).decode()
    assert "newsstand init" in page
    assert "newsstand init" not in bytes(graphiql.graphiql().body).decode()


async def test_browsers_are_told_how_to_get_articles_where_there_are_none():
    for articles in ([], [plain("a")]):
        async with serving(articles) as http:
            page = await http.get("/graphql", headers={"accept": "text/html"})
        assert ("newsstand init" in page.text) is (not articles)
