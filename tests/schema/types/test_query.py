"""Ways to one article, and to the status of the index."""

import pytest

from schema.types.node import NodeKind, global_id
from tests.plain_engine import PlainEngine
from tests.samples import full, plain
from tests.schema.client import Client


@pytest.mark.parametrize(
    "argument",
    [
        'key: "a"',
        'id: "QXJ0aWNsZTph"',
        'webUrl: "http://NAIVE.example/a/"',
        'webUrl: "https://naive.example/amp/a"',
        'webUrl: "https://cdn.example/a#top"',
        'key: "a", id: null',
    ],
)
async def test_an_article_is_found_by_key_id_and_each_of_its_urls(argument: str):
    client = Client(PlainEngine([full("a"), plain("b")]))
    assert await client.data(f"{{ article({argument}) {{ key }} }}") == {"article": {"key": "a"}}


@pytest.mark.parametrize("argument", ['key: "z"', 'id: "QXJ0aWNsZTp6"', 'webUrl: "https://naive.example/z"'])
async def test_an_article_that_is_not_there_is_null(argument: str):
    assert await Client(PlainEngine([full("a")])).data(f"{{ article({argument}) {{ key }} }}") == {"article": None}


@pytest.mark.parametrize("arguments", ["", '(key: "a", id: "QXJ0aWNsZTph")', "(key: null)"])
async def test_an_article_wants_exactly_one_argument(arguments: str):
    message = await Client(PlainEngine()).refusal(f"{{ article{arguments} {{ key }} }}")
    assert message == "article: give exactly one of id, key and webUrl"


async def test_the_id_of_a_provider_is_no_id_of_an_article():
    message = await Client(PlainEngine()).refusal('{ article(id: "UHJvdmlkZXI6YS5leGFtcGxl") { key } }')
    assert message.startswith("id: 'UHJvdmlkZXI6YS5leGFtcGxl' is the id of a Provider")


async def test_the_index_tells_its_generation_and_how_many_articles_are_visible():
    engine = PlainEngine([plain("a")])
    data = await Client(engine).data("{ index { generation articleCount builtAt } }")
    assert data["index"]["generation"] == 1
    assert data["index"]["articleCount"] == 1
    assert data["index"]["builtAt"].endswith("Z")
    engine.add(plain("b"))
    assert (await Client(engine).data("{ index { generation articleCount } }"))["index"] == {
        "generation": 2,
        "articleCount": 2,
    }


@pytest.mark.parametrize(
    ("field", "argument", "most"),
    [
        ("articles(topic: $text) { totalCount }", "topic", 500),
        ("articles(filter: { topics: { any: [$text] } }) { totalCount }", "filter: topics.any", 500),
        ("articles(filter: { topics: { all: [$text] } }) { totalCount }", "filter: topics.all", 500),
        ("articles(filter: { not: { provider: { none: [$text] } } }) { totalCount }", "filter: provider.none", 500),
        ("articles { nodes { whyNot(topic: $text) { rank } } }", "topic", 500),
        ("topic(name: $text) { name }", "name", 500),
        ("provider(domain: $text) { name }", "domain", 500),
        ("article(key: $text) { key }", "key", 500),
        ("suggest(prefix: $text) { text }", "prefix", 500),
        ("articles { facets { topics(prefix: $text) { totalCount } } }", "prefix", 500),
    ],
)
async def test_a_text_that_no_value_is_as_long_as_is_refused(field: str, argument: str, most: int):
    """Nothing reads it: to normalize marks takes time by the square of their number."""
    client = Client(PlainEngine([full("a")]))
    query = f"query ($text: String!) {{ {field} }}"
    assert (await client.answer(query, text="x" * most)).error_codes == ()
    errors = await client.errors(query, text="x" * (most + 1))
    assert {error["extensions"]["code"] for error in errors} == {"BAD_USER_INPUT"}
    assert errors[0]["message"].startswith(f"{argument}: {most + 1} characters, and at most {most} are allowed")


async def test_ids_and_addresses_that_nothing_has_are_refused():
    client = Client(PlainEngine([full("a")]))
    for length, is_answered in ((500, True), (501, False)):
        answer = await client.answer(
            "query ($id: ID!) { node(id: $id) { id } }", id=global_id(NodeKind.ARTICLE, "x" * length)
        )
        assert (answer.error_codes == ()) is is_answered
    for length, is_answered in ((2048, True), (2049, False)):
        url = f"https://daily.example/{'x' * (length - 22)}"
        answer = await client.answer("query ($url: URL!) { article(webUrl: $url) { key } }", url=url)
        assert (answer.error_codes == ()) is is_answered
