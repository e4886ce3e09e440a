"""Ways to one article, and to the status of the index."""

import pytest

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
