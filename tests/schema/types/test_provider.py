"""Providers: one, all of them, and what they have."""

from indexer.article import Image, Provider
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

OLD = Provider(domain="daily.example", name="The Old Daily")
NEW = Provider(domain="daily.example", name="The Daily", images=(Image(url="/daily.png"),))
CORPUS = (
    replace(plain("a"), published_date_time=NOW - 1 * DAY, provider=NEW),
    replace(plain("b"), published_date_time=NOW - 2 * DAY, provider=OLD, topics=("AI",)),
    replace(plain("c"), published_date_time=NOW - 3 * DAY, provider=Provider(domain="weekly.example")),
    replace(plain("z"), published_date_time=NOW + DAY, provider=replace(NEW, name="The Future Daily")),
)


async def test_a_provider_is_as_its_newest_visible_article_has_it():
    query = '{ provider(domain: "Daily.Example") { id name domain images { url } articleCount } }'
    assert (await Client(PlainEngine(CORPUS)).data(query))["provider"] == {
        "id": "UHJvdmlkZXI6ZGFpbHkuZXhhbXBsZQ==",
        "name": "The Daily",
        "domain": "daily.example",
        "images": [{"url": "/daily.png"}],
        "articleCount": 2,
    }


async def test_a_provider_within_an_article_is_the_same_and_the_article_credits_it_as_it_likes():
    query = '{ article(key: "b") { provider { name articleCount } credit { name domain } } }'
    assert (await Client(PlainEngine(CORPUS)).data(query))["article"] == {
        "provider": {"name": "The Daily", "articleCount": 2},
        "credit": {"name": "The Old Daily", "domain": "daily.example"},
    }


async def test_a_provider_without_visible_articles_is_null():
    hidden = replace(plain("a"), published=False)
    later = replace(plain("b"), published_date_time=NOW + DAY)
    client = Client(PlainEngine([hidden, later]))
    assert await client.data('{ provider(domain: "daily.example") { name } }') == {"provider": None}
    client.now += DAY
    assert await client.data('{ provider(domain: "daily.example") { name } }') == {"provider": {"name": None}}


async def test_a_provider_lists_its_own_articles_only():
    query = """{ provider(domain: "daily.example") {
      all: articles { totalCount nodes { key } }
      some: articles(topic: "ai") { totalCount nodes { key } }
      others: articles(filter: {provider: {any: ["weekly.example"]}}) { totalCount }
    } }"""
    assert (await Client(PlainEngine(CORPUS)).data(query))["provider"] == {
        "all": {"totalCount": 2, "nodes": [{"key": "a"}, {"key": "b"}]},
        "some": {"totalCount": 1, "nodes": [{"key": "b"}]},
        "others": {"totalCount": 0},
    }


async def test_a_cursor_of_one_provider_is_refused_at_another():
    client = Client(PlainEngine(CORPUS))
    query = """query ($domain: String!, $after: String) {
      provider(domain: $domain) { articles(first: 1, after: $after) { pageInfo { endCursor } } }
    }"""
    first = await client.data(query, domain="daily.example")
    cursor = first["provider"]["articles"]["pageInfo"]["endCursor"]
    await client.data(query, domain="daily.example", after=cursor)
    message = await client.refusal(query, domain="weekly.example", after=cursor)
    assert message.startswith("after: this cursor is from another list")


async def test_providers_are_listed_with_most_articles_first():
    query = """query ($first: Int, $after: String) { providers(first: $first, after: $after) {
      totalCount nodes { name domain articleCount } pageInfo { hasNextPage hasPreviousPage endCursor }
    } }"""
    client = Client(PlainEngine(CORPUS))
    first = (await client.data(query, first=1))["providers"]
    assert first["nodes"] == [{"name": "The Daily", "domain": "daily.example", "articleCount": 2}]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (
        *(2, True, False),
    )
    second = (await client.data(query, first=1, after=first["pageInfo"]["endCursor"]))["providers"]
    assert second["nodes"] == [{"name": None, "domain": "weekly.example", "articleCount": 1}]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
