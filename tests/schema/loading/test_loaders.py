"""Searches: requests about the same articles are one, each is answered as if alone, and a page costs few calls."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Provider, Related
from indexer.search.facets import FacetRequest, SpreadRequest
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest
from schema.loading.loaders import JoinedSearches, bare
from tests.library import LIBRARY
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import MOMENT, NOW, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine
from tests.strategies import requests

ENGINE = PlainEngine(LIBRARY)
PAGE = SearchRequest(now=NOW, text="run", ranking=Ranking.RELEVANCE)
TOTAL = replace(bare(PAGE), total=True)
TOPICS = replace(bare(PAGE), facets=(FacetRequest(field=TermField.TOPIC),))
TYPES = replace(bare(PAGE), facets=(FacetRequest(field=TermField.TYPE),))
HEAT = replace(bare(PAGE), spreads=(SpreadRequest(field=NumberField.HEAT),))
EMPTY_PAGE = replace(PAGE, window=Window(size=0))
ELSEWHERE = replace(TOTAL, text="other")


def same_articles(request: SearchRequest) -> st.SearchStrategy[SearchRequest]:
    """Requests that match what `request` does."""
    counting = st.sampled_from(
        [
            replace(bare(request), **{name: getattr(one, name)})
            for one in (TOTAL, TOPICS, TYPES, HEAT)
            for name in ("total", "facets", "spreads")
        ]
    )
    return counting | st.sampled_from((request, replace(request, window=Window(size=1)), bare(request)))


@given(
    st.lists(requests, min_size=1, max_size=2).flatmap(
        lambda some: st.lists(st.sampled_from(some).flatmap(same_articles), min_size=1, max_size=8)
    )
)
async def test_each_request_is_answered_as_if_it_were_alone(asked: list[SearchRequest]) -> None:
    batch = JoinedSearches(asked)
    answers = batch.answers(await ENGINE.search(batch.searches))
    assert answers == list(await ENGINE.search(asked))


def test_what_is_counted_joins_the_page() -> None:
    batch = JoinedSearches([TOTAL, TOPICS, PAGE, HEAT, TYPES, TOPICS])
    [search] = batch.searches
    assert search == replace(PAGE, total=True, facets=TOPICS.facets + TYPES.facets, spreads=HEAT.spreads)


def test_what_is_counted_without_a_page_is_one_search_without_any() -> None:
    [search] = JoinedSearches([TOTAL, TOPICS]).searches
    assert search == replace(TOTAL, facets=TOPICS.facets)


def test_other_articles_and_other_pages_are_searches_of_their_own() -> None:
    assert len(JoinedSearches([PAGE, EMPTY_PAGE, TOTAL, ELSEWHERE]).searches) == 3


QUERY = """query ($first: Int) { articles(first: $first) {
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
        nodes = (await Client(engine).data(QUERY, first=first))["articles"]["nodes"]
        assert len(nodes) == first
        assert all(node["relatedBy"] and node["related"][0]["article"] for node in nodes)
        assert all(node["provider"]["articles"]["totalCount"] == 1 for node in nodes)
        calls.append(sorted(engine.calls))
    assert calls == [["fetch_by_url", "search", "search", "search"]] * 2


async def test_a_list_of_topics_costs_one_call_for_the_list_and_a_lookup_for_each_name():
    engine = CountingEngine(PlainEngine(replace(plain(f"{n}"), topics=(f"topic {n}",)) for n in range(20)))
    await Client(engine).data("{ topics { totalCount pageInfo { endCursor } nodes { name } edges { cursor } } }")
    assert engine.calls == ["search"]
    assert len(engine.lookups) == 20


async def test_twenty_articles_by_id_cost_one_call_and_twenty_providers_a_lookup_each():
    engine = CountingEngine(PlainEngine(corpus()))
    ids = await Client(engine).data("{ articles { nodes { id provider { id } } } }")
    engine.calls.clear()
    engine.lookups.clear()
    nodes = ids["articles"]["nodes"]
    both = [node["id"] for node in nodes] + [node["provider"]["id"] for node in nodes]
    await Client(engine).data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=both)
    assert engine.calls == ["fetch"]
    assert len(engine.lookups) == 20


async def test_the_providers_of_a_page_cost_no_search_and_one_lookup_for_each_domain():
    articles = [replace(each, provider=Provider(domain=f"{n % 3}.example")) for n, each in enumerate(corpus())]
    engine = CountingEngine(PlainEngine(articles))
    await Client(engine).data("{ articles { nodes { provider { id name domain images { url } } credit { name } } } }")
    assert engine.calls == ["search"]
    assert sorted(engine.lookups) == ["0.example", "1.example", "2.example"]


async def test_a_total_that_is_not_selected_is_not_asked_for():
    engine = CountingEngine(PlainEngine(corpus()))
    await Client(engine).data("{ articles { __typename } }")
    assert engine.calls == []
