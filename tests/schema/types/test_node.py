"""Global ids, and what can be found by them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.types.node import NodeKind, global_id, read_id
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client

NODE = """query ($id: ID!) { node(id: $id) {
  __typename id ... on Article { key } ... on Provider { domain articleCount } ... on Topic { name articleCount }
} }"""
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
ARTICLE, PROVIDER = global_id(NodeKind.ARTICLE, "a"), global_id(NodeKind.PROVIDER, "daily.example")
TOPIC = global_id(NodeKind.TOPIC, "ai")


@given(st.sampled_from(NodeKind), st.text(st.characters(exclude_categories=("Cs",))))
def test_an_id_names_what_it_was_made_of(kind: NodeKind, value: str):
    assert read_id(global_id(kind, value), argument="id") == (kind, value)


async def test_articles_providers_and_topics_are_nodes():
    client = Client(PlainEngine([replace(plain("a"), topics=("AI",))]))
    article = {"__typename": "Article", "id": ARTICLE, "key": "a"}
    assert await client.data(NODE, id=ARTICLE) == {"node": article}
    provider = {"__typename": "Provider", "id": PROVIDER, "domain": "daily.example", "articleCount": 1}
    assert await client.data(NODE, id=PROVIDER) == {"node": provider}
    topic = {"__typename": "Topic", "id": TOPIC, "name": "AI", "articleCount": 1}
    assert await client.data(NODE, id=TOPIC) == {"node": topic}


async def test_a_topic_has_one_id_however_it_is_spelled():
    spellings = ["AI", "ai"]
    articles = [replace(plain(key), topics=(topic,)) for key, topic in zip("ab", spellings, strict=True)]
    client = Client(PlainEngine(articles))
    for spelling in spellings:
        assert (await client.data("query ($name: String!) { topic(name: $name) { id } }", name=spelling))["topic"] == {
            "id": TOPIC
        }
    assert (await client.data("{ topics { nodes { id } } }"))["topics"]["nodes"] == [{"id": TOPIC}]


async def test_a_node_that_is_not_there_is_null():
    client = Client(PlainEngine([replace(plain("a"), published=False, topics=("AI",))]))
    for node_id in (ARTICLE, PROVIDER, TOPIC, global_id(NodeKind.ARTICLE, "")):
        assert await client.data(NODE, id=node_id) == {"node": None}


@pytest.mark.parametrize("content", ["Image:ai", "article:a", "Article", ":a", ""])
async def test_an_id_that_names_no_node_is_refused(content: str):
    node_id = base64.b64encode(content.encode()).decode()
    message = await Client(PlainEngine()).refusal(NODE, id=node_id)
    assert message == f"id: {node_id!r} is no id of this API; pass one that an answer gave"


@pytest.mark.parametrize("node_id", ["a", "QXJ0aWNsZTph\n", "é", "////", 7])
async def test_a_malformed_id_is_refused(node_id: object):
    assert str(node_id).strip() in await Client(PlainEngine()).refusal(NODE, id=node_id)


async def test_nodes_come_in_the_order_of_their_ids():
    client = Client(PlainEngine([plain("a"), plain("b")]))
    ids = [global_id(NodeKind.ARTICLE, "b"), global_id(NodeKind.ARTICLE, "gone"), PROVIDER, ARTICLE, ARTICLE]
    nodes = (await client.data(NODES, ids=ids))["nodes"]
    assert nodes == [{"id": ids[0]}, None, {"id": PROVIDER}, {"id": ARTICLE}, {"id": ARTICLE}]
    assert await client.data(NODES, ids=[]) == {"nodes": []}


async def test_one_malformed_id_refuses_them_all():
    assert "'nonsense'" in await Client(PlainEngine()).refusal(NODES, ids=[ARTICLE, "nonsense"])


async def test_more_than_a_hundred_ids_are_refused():
    client = Client(PlainEngine([plain("a")]))
    assert len((await client.data(NODES, ids=[ARTICLE] * 100))["nodes"]) == 100
    message = await client.refusal(NODES, ids=[ARTICLE] * 101)
    assert message == "ids: 101 ids, and at most 100 are allowed; ask for them in portions"
