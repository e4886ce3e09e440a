"""Topics: one, all of them, and what they have."""

from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

CORPUS = (
    replace(plain("a"), published_date_time=NOW - 1 * DAY, topics=("machine learning", "C++")),
    replace(plain("b"), published_date_time=NOW - 2 * DAY, topics=("Machine Learning",)),
    replace(plain("c"), published_date_time=NOW - 3 * DAY, topics=("東京", "Machine  Learning")),
    replace(plain("y"), published=False, topics=("Secret", "MACHINE LEARNING")),
    replace(plain("z"), published_date_time=NOW + DAY, topics=("Soon", "MACHINE LEARNING")),
)


async def test_a_topic_is_spelled_as_its_newest_visible_article_has_it():
    query = '{ topic(name: "Machine LEARNING") { name articleCount articles { totalCount nodes { key } } } }'
    assert (await Client(PlainEngine(CORPUS)).data(query))["topic"] == {
        "name": "machine learning",
        "articleCount": 3,
        "articles": {"totalCount": 3, "nodes": [{"key": "a"}, {"key": "b"}, {"key": "c"}]},
    }


async def test_a_topic_without_visible_articles_is_null():
    client = Client(PlainEngine(CORPUS))
    query = '{ secret: topic(name: "Secret") { name } soon: topic(name: "soon") { name } no: topic(name: "") { name } }'
    assert await client.data(query) == {"secret": None, "soon": None, "no": None}
    client.now += DAY
    assert await client.data(query) == {"secret": None, "soon": {"name": "Soon"}, "no": None}


async def test_topics_are_listed_with_most_articles_first():
    client = Client(PlainEngine(CORPUS))
    query = """query ($first: Int, $after: String) { topics(first: $first, after: $after) {
      totalCount edges { cursor node { name articleCount } } nodes { name }
      pageInfo { startCursor endCursor hasNextPage }
    } }"""
    topics = (await client.data(query))["topics"]
    assert topics["totalCount"] == 3
    assert [(edge["node"]["name"], edge["node"]["articleCount"]) for edge in topics["edges"]] == [
        ("machine learning", 3),
        ("C++", 1),
        ("東京", 1),
    ]
    assert [edge["cursor"] for edge in topics["edges"]][::2] == [
        topics["pageInfo"]["startCursor"],
        topics["pageInfo"]["endCursor"],
    ]
    rest = (await client.data(query, first=1, after=topics["edges"][0]["cursor"]))["topics"]
    assert (rest["nodes"], rest["totalCount"], rest["pageInfo"]["hasNextPage"]) == ([{"name": "C++"}], 3, True)


async def test_a_cursor_of_topics_is_refused_at_providers():
    client = Client(PlainEngine(CORPUS))
    cursor = (await client.data("{ topics { pageInfo { endCursor } } }"))["topics"]["pageInfo"]["endCursor"]
    message = await client.refusal("query ($after: String) { providers(after: $after) { totalCount } }", after=cursor)
    assert message.startswith("after: this cursor is from a list ordered by articles per topic")


async def test_a_page_of_topics_has_the_same_limits_as_any():
    assert await Client(PlainEngine()).refusal("{ topics(first: 101) { totalCount } }") == (
        "first: 101 is more than a page holds; ask for at most 100 entries"
    )
