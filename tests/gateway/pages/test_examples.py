import json
from urllib.parse import parse_qs, urlsplit

import pytest
from graphql import build_schema, parse, validate

from gateway.pages.examples import examples
from indexer.article import Article
from indexer.search.build_problems import NO_PROBLEMS
from schema.schema import sdl
from tests.gateway.http_client import serving
from tests.gateway.pages.overviews import overview_of
from tests.library import LIBRARY
from tests.samples import full, plain


@pytest.mark.parametrize("articles", [(), (plain("a"),), LIBRARY])
async def test_every_example_is_valid(articles: tuple[Article, ...]):
    schema = build_schema(sdl())
    for example in examples(await overview_of(*articles)):
        assert validate(schema, parse(example.document)) == []
        comments = [line for line in example.document.splitlines() if line.startswith("# ")]
        assert " ".join(line.removeprefix("# ") for line in comments) == f"{example.purpose} {example.hint}"


async def test_every_query_finds_something_in_its_own_index():
    articles = [full("a"), plain("b")]
    tour = [example for example in examples(await overview_of(*articles)) if "subscription" not in example.query]
    async with serving(articles) as http:
        answers = {
            example.title: (
                await http.post("/graphql", json={"query": example.document, "variables": example.variables})
            )
            for example in tour
        }
    for title, answer in answers.items():
        assert "errors" not in answer.json(), title
    data = {title: answer.json()["data"] for title, answer in answers.items()}
    assert data["Search with highlights"]["articles"]["totalCount"] > 0
    assert data["Suggest"]["suggest"] != []
    assert data["Facets"]["articles"]["totalCount"] > 0
    assert data["Why not"]["article"]["whyNot"]["reasons"] != []


async def test_an_address_holds_the_query_and_its_variables():
    example = examples(await overview_of(plain("a")))[1]
    asked = parse_qs(urlsplit(example.address).query)
    assert asked["query"] == [example.document]
    assert json.loads(asked["variables"][0]) == example.variables


async def test_the_months_of_an_overview_have_no_gaps():
    months = (await overview_of(*LIBRARY)).months
    assert len(months) == 24
    assert [month.value for month in months] == sorted(month.value for month in months)
    assert sum(month.count for month in months) > 0
    assert (await overview_of(plain("a"))).problems == NO_PROBLEMS
