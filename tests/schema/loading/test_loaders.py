"""How often the engine is called: a page costs the same whatever its length."""

from dataclasses import replace

from indexer.article import Article, Provider, Related
from tests.plain_engine import PlainEngine
from tests.samples import MOMENT, NOW, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine

PAGE = """query ($first: Int) { articles(first: $first) {
  totalCount
  pageInfo { hasNextPage }
  nodes {
    related { article { key provider { articleCount } } }
    relatedBy { key }
    provider { articleCount articles(first: 3) { nodes { key } totalCount } }
  }
} }"""


def corpus() -> list[Article]:
    """Forty articles in a ring, each from a provider of its own."""
    return [
        replace(
            plain(f"{number}"),
            published_date_time=NOW - number * MOMENT,
            provider=Provider(domain=f"{number}.example"),
            related=(Related(title="Next", web_url=f"https://daily.example/{(number + 1) % 40}"),),
        )
        for number in range(40)
    ]


async def test_a_page_costs_the_same_few_calls_for_five_articles_as_for_twenty():
    calls = []
    for first in (5, 20):
        engine = CountingEngine(PlainEngine(corpus()))
        nodes = (await Client(engine).data(PAGE, first=first))["articles"]["nodes"]
        assert len(nodes) == first
        assert all(node["relatedBy"] and node["related"][0]["article"] for node in nodes)
        assert all(node["provider"]["articles"]["totalCount"] == 1 for node in nodes)
        calls.append(sorted(engine.calls))
    assert calls == [["fetch_by_url", "search", "search", "search"]] * 2


async def test_a_list_of_topics_costs_one_call_for_the_list_and_one_for_the_names():
    engine = CountingEngine(PlainEngine(replace(plain(f"{n}"), topics=(f"topic {n}",)) for n in range(20)))
    await Client(engine).data("{ topics { totalCount pageInfo { endCursor } nodes { name } edges { cursor } } }")
    assert engine.calls == ["search", "search"]


async def test_twenty_nodes_cost_one_call_for_each_kind():
    engine = CountingEngine(PlainEngine(corpus()))
    ids = await Client(engine).data("{ articles { nodes { id provider { id } } } }")
    engine.calls.clear()
    nodes = ids["articles"]["nodes"]
    both = [node["id"] for node in nodes] + [node["provider"]["id"] for node in nodes]
    await Client(engine).data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=both)
    assert sorted(engine.calls) == ["fetch", "search"]


async def test_the_embedded_provider_costs_nothing():
    engine = CountingEngine(PlainEngine(corpus()))
    await Client(engine).data("{ articles { nodes { provider { id name domain images { url } } } } }")
    assert engine.calls == ["search"]


async def test_a_total_that_is_not_selected_is_not_asked_for():
    engine = CountingEngine(PlainEngine(corpus()))
    await Client(engine).data("{ articles { __typename } }")
    assert engine.calls == []
