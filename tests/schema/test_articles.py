"""Which articles the field `articles` lists, and in which order."""

from dataclasses import replace

import pytest

from indexer.article import Article, Provider
from schema.limits import Limits
from tests.plain_engine import PlainEngine
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

CORPUS = (
    replace(plain("a"), title="Robots march", published_date_time=NOW - 1 * DAY, topics=("AI", "Robots"), quality=10),
    replace(plain("b"), title="Harvest", published_date_time=NOW - 2 * DAY, topics=("ai",), quality=90, heat=1),
    replace(plain("c"), title="Robots and robots", published_date_time=NOW - 30 * DAY, topics=("Robots",), heat=100),
    replace(plain("d"), title="Robots dance", published_date_time=NOW - 4 * DAY, provider=Provider(domain="w.example")),
)


async def listed(arguments: str, *articles: Article) -> list[str]:
    """The keys that `articles` lists with these arguments."""
    client = Client(PlainEngine(articles or CORPUS))
    data = await client.data(f"{{ articles{arguments} {{ nodes {{ key }} }} }}")
    return [node["key"] for node in data["articles"]["nodes"]]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ("", "abdc"),
        ("(ranking: NEWEST)", "abdc"),
        ("(ranking: OLDEST)", "cdba"),
        ("(ranking: QUALITY)", "badc"),
        ("(ranking: HEAT)", "cbad"),
        ("(ranking: TRENDING)", "bcad"),
        ("(ranking: RELEVANCE)", "abdc"),
        ("(ranking: null)", "abdc"),
        ('(search: "robots")', "cad"),
        ('(search: "robots", ranking: RELEVANCE)', "cad"),
        ('(search: "robots", ranking: OLDEST)', "cda"),
        ('(search: "   ")', "abdc"),
        ('(search: "", ranking: OLDEST)', "cdba"),
        ('(topic: "ai")', "ab"),
        ('(topic: "AI", search: "robots")', "a"),
        ('(topic: "ai", filter: {topics: {any: ["robots"]}})', "a"),
        ('(topic: "ai", ranking: QUALITY, filter: {qualityAtLeast: 50})', "b"),
        ('(filter: {provider: {any: ["W.Example"]}})', "d"),
    ],
)
async def test_articles_are_chosen_and_ordered_by_the_arguments(arguments: str, keys: str):
    assert "".join(await listed(arguments)) == keys


async def test_a_score_is_there_where_there_are_words_to_look_for():
    client = Client(PlainEngine(CORPUS))
    data = await client.data(
        '{ some: articles(search: "robots") { edges { score } } all: articles { edges { score } } }'
    )
    assert all(edge["score"] > 0 for edge in data["some"]["edges"])
    assert {edge["score"] for edge in data["all"]["edges"]} == {None}


async def test_a_search_that_is_too_long_is_refused():
    client = Client(PlainEngine(CORPUS), limits=Limits(max_search_length=6))
    assert (await client.data('{ articles(search: " robots ") { totalCount } }'))["articles"] == {"totalCount": 3}
    message = await client.refusal('{ articles(search: "robots!") { totalCount } }')
    assert message == "search: 7 characters, and at most 6 are allowed; search for fewer words"


async def test_totals_count_all_pages():
    data = await Client(PlainEngine(CORPUS)).data('{ articles(search: "robots", first: 1) { totalCount } }')
    assert data["articles"]["totalCount"] == 3


async def test_an_error_is_where_the_argument_is():
    (error,) = await Client(PlainEngine(CORPUS)).errors("{ articles(first: -1) { nodes { key } } }")
    assert (error["path"], error["locations"]) == (["articles"], [{"line": 1, "column": 3}])
