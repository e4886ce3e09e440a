"""A list is the same whether its articles were at hand or had to be looked for."""

import gc
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Provider
from indexer.search.filters import EVERYTHING, AllOf, Among, TermField
from indexer.search.ranking import WORDS_ALONE, Ranking, Tuning
from indexer.search.requests import SearchRequest, SearchResult
from schema.execution.executor import Execution
from schema.inputs.paging import Paging
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from schema.results.article_list import ArticleList, article_list
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine
from tests.schema.remembering_engine import RememberingEngine
from tests.seal import SEAL

HOUR = timedelta(hours=1)
WEEKLY = Provider(domain="weekly.example", name="The Weekly")
ARTICLES = (
    full("a"),
    plain("b"),
    replace(plain("c"), title="They ran", topics=("ai",), quality=50, published_date_time=NOW - 3 * DAY),
    replace(plain("d"), excerpt="Harvest, again", provider=WEEKLY, published_date_time=NOW + HOUR),
    replace(plain("e"), title="Harvest of all", topics=("AI",), heat=3, published_date_time=NOW + 3 * HOUR),
)
APPEARING = [article.published_date_time for article in ARTICLES]
PAGE = """{
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor score node { key title } highlights { title { html } } }
  nodes { key topics }
}"""
QUERIES = (
    f"query ($first: Int, $after: String) {{ articles(first: $first, after: $after) {PAGE} }}",
    f"""query ($first: Int, $after: String, $text: String) {{
      articles(search: $text, first: $first, after: $after) {{
        totalCount search {{ relaxed didYouMean }} facets {{ topics {{ values {{ value count }} }} }}
        ... on ArticleConnection {PAGE}
      }}
    }}""",
    f"""query ($first: Int, $after: String) {{
      one: articles(topic: "ai", ranking: OLDEST, first: $first) {PAGE}
      articles(topic: "ai", ranking: OLDEST, first: $first, after: $after) {PAGE}
      provider(domain: "daily.example") {{ articles(first: $first) {{ nodes {{ key }} totalCount }} }}
    }}""",
    f"query ($first: Int) {{ articles(last: $first, ranking: HEAT) {PAGE} }}",
)
steps = st.lists(
    st.tuples(
        st.integers(0, len(QUERIES) - 1),
        st.integers(0, 3),
        st.sampled_from(["", "harvest", "ran"]),
        st.booleans(),
        st.sampled_from([timedelta(0), timedelta(0), HOUR, -HOUR, 2 * HOUR]),
    ),
    min_size=1,
    max_size=15,
)


@pytest.mark.parametrize("execution", [Execution.STOCK, Execution.COMPILED])
@given(steps=steps)
async def test_answers_are_the_same_whether_results_are_at_hand_or_not(
    execution: Execution, steps: list[tuple[int, int, str, bool, timedelta]]
) -> None:
    engine = RememberingEngine(PlainEngine(ARTICLES), APPEARING)
    clients = [Client(each, execution=execution) for each in (PlainEngine(ARTICLES), engine)]
    cursors: dict[int, str] = {}
    for place, first, text, goes_on, passing in steps:
        given_: dict[str, Any] = {"first": first, "text": text, "after": cursors.get(place) if goes_on else None}
        given_ = {name: value for name, value in given_.items() if f"${name}" in QUERIES[place]}
        bodies = []
        for client in clients:
            client.now += passing
            bodies.append((await client.answer(QUERIES[place], **given_)).body)
        assert bodies[0] == bodies[1]
        if place != 1 or not text:
            data = await clients[0].data(QUERIES[place], **given_)
            cursors[place] = data["articles"]["pageInfo"]["endCursor"] or cursors.get(place)


async def test_what_is_at_hand_is_not_asked_for_again() -> None:
    engine = RememberingEngine(PlainEngine(ARTICLES), APPEARING)
    client = Client(engine)
    query = f"{{ articles(first: 2) {PAGE} }}"
    first = await client.data(query)
    client.now += timedelta(minutes=59)
    second = await client.data(query)
    assert (engine.calls, engine.had_at_hand) == (["search"], 1)
    assert first["articles"]["nodes"] == second["articles"]["nodes"]
    client.now += timedelta(minutes=1)
    third = await client.data(query)
    assert engine.calls == ["search"] * 2
    assert third["articles"]["nodes"][0]["key"] == "d"


async def test_a_later_page_is_of_the_moment_of_the_first_whatever_is_at_hand() -> None:
    client = Client(RememberingEngine(PlainEngine(ARTICLES), APPEARING))
    query = "query ($after: String) { articles(first: 1, after: $after) { nodes { key } pageInfo { endCursor } } }"
    seen, after = [], None
    for _ in range(5):
        page = (await client.data(query, after=after))["articles"]
        seen += [node["key"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"] or after
        client.now += HOUR
        await client.data(query)
    assert seen == ["b", "a", "c"]


def listed(**given_: Any) -> ArticleList:
    return article_list(**{"text": "", "conditions": (), "ranking": None, "paging": Paging(), "seal": SEAL, **given_})


@pytest.mark.parametrize(
    ("text", "ranking", "tuning", "expected"),
    [
        ("", None, WORDS_ALONE, Ranking.NEWEST),
        ("", Ranking.RELEVANCE, WORDS_ALONE, Ranking.NEWEST),
        ("", Ranking.OLDEST, WORDS_ALONE, Ranking.OLDEST),
        ("owl", None, WORDS_ALONE, Ranking.RELEVANCE),
        ("owl", Ranking.HEAT, WORDS_ALONE, Ranking.HEAT),
        ("", None, Tuning(recency=1), Ranking.RELEVANCE),
    ],
)
def test_the_order_is_by_relevance_where_that_makes_sense(
    text: str, ranking: Ranking | None, tuning: Tuning, expected: Ranking
) -> None:
    assert listed(text=text, ranking=ranking, tuning=tuning).ranking is expected


def test_the_condition_leaves_out_what_says_nothing() -> None:
    scope, ai = (Among(TermField.TOPIC, frozenset({name})) for name in ("owls", "ai"))
    assert listed(scope=scope, conditions=(EVERYTHING, ai)).page.listing.condition == AllOf((scope, ai))
    assert listed(conditions=(EVERYTHING,)).page.listing.condition == EVERYTHING


def test_one_list_serves_requests_at_any_time() -> None:
    wanted, engine = listed(text="harvest"), PlainEngine(ARTICLES)
    for hours in (0, 2, 1):
        context = RequestContext(engine=engine, now=NOW + hours * HOUR, limits=Limits(), seal=SEAL)
        page = wanted.opened(context)
        assert (page.request.now, page.request.understanding) == (context.now, True)


EVERYTHING_OF_A_PAGE = """{ articles(search: "harvest", first: 2) {
  edges { cursor score highlights { title { html } } node { key } }
  nodes { key }
  totalCount
  pageInfo { hasNextPage endCursor }
  facets { topics { totalCount } quality { min } }
  search { didYouMean }
} }"""


@pytest.mark.parametrize("execution", [Execution.STOCK, Execution.COMPILED])
@pytest.mark.parametrize(
    "query", ['{ articles(search: "harvest") { edges { cursor } totalCount } }', EVERYTHING_OF_A_PAGE]
)
async def test_a_page_with_all_that_is_counted_is_at_hand_the_second_time(query: str, execution: Execution) -> None:
    engine = RememberingEngine(PlainEngine(ARTICLES), APPEARING)
    client = Client(engine, execution=execution)
    first = await client.data(query)
    assert await client.data(query) == first
    assert (engine.calls, engine.had_at_hand) == (["search"], 1)


class AskedEngine(CountingEngine):
    """Notes for each search whether the understanding of its text is wanted, scores, and the number of all matches."""

    def __init__(self) -> None:
        super().__init__(PlainEngine(ARTICLES))
        self.reported: list[bool] = []
        self.scored: list[bool] = []
        self.counted: list[tuple[int, bool]] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self.reported += [request.understanding for request in requests]
        self.scored += [request.scores for request in requests]
        self.counted += [(request.window.size, request.total) for request in requests]
        return await super().search(requests)


@pytest.mark.parametrize(
    ("selected", "counted"),
    [
        ("totalCount", [(0, True)]),
        ("edges { cursor }", [(7, False)]),
        ("totalCount edges { cursor }", [(7, True)]),
        ("totalCount ...Page", [(7, True)]),
    ],
)
async def test_a_page_is_counted_by_the_search_for_its_articles(selected: str, counted: list[tuple[int, bool]]) -> None:
    engine = AskedEngine()
    fragment = "fragment Page on ArticleConnection { pageInfo { endCursor } }"
    query = f"{{ articles(first: 7) {{ {selected} }} }} {fragment if 'Page' in selected else ''}"
    await Client(engine).data(query)
    assert engine.counted == counted


@pytest.mark.parametrize(
    ("selected", "is_reported"),
    [
        ("totalCount edges { cursor score }", False),
        ("search { relaxed }", True),
        ("edges { highlights { title { html } } }", True),
        ("...Marked", True),
    ],
)
async def test_a_text_s_understanding_is_reported_only_to_operations_that_select_it(
    selected: str, *, is_reported: bool
) -> None:
    engine = AskedEngine()
    fragment = "fragment Marked on ArticleConnection { edges { highlights { title { html } } } }"
    query = f'{{ articles(search: "harvest") {{ {selected} }} }} {fragment if "Marked" in selected else ""}'
    await Client(engine).data(query)
    assert engine.reported == [is_reported]


@pytest.mark.parametrize("execution", [Execution.STOCK, Execution.COMPILED])
@pytest.mark.parametrize(
    ("selected", "is_scored"),
    [("cursor", False), ("score", True), ("explain { score }", True), ("...Scored", True)],
)
async def test_scores_are_told_to_operations_that_select_them(
    selected: str, execution: Execution, *, is_scored: bool
) -> None:
    engine = AskedEngine()
    fragment = "fragment Scored on ArticleEdge { value: score }" if "Scored" in selected else ""
    query = f'{{ articles(search: "harvest", ranking: NEWEST) {{ edges {{ {selected} }} }} }} {fragment}'
    edges = (await Client(engine, execution=execution).data(query))["articles"]["edges"]
    assert edges
    if is_scored:
        assert all(value is not None for edge in edges for value in edge.values())
    if execution is Execution.COMPILED:
        assert engine.scored[0] is is_scored


async def test_lists_by_relevance_are_searched_once_whether_scores_are_selected_or_not() -> None:
    engine = AskedEngine()
    both = 'a: articles(search: "harvest") { nodes { key } } b: articles(search: "harvest") { edges { score } }'
    data = await Client(engine).data(f"{{ {both} }}")
    assert len(data["a"]["nodes"]) == len(data["b"]["edges"]) > 0
    assert all(edge["score"] > 0 for edge in data["b"]["edges"])
    assert engine.scored == [False]


async def test_requests_leave_nothing_for_the_collector() -> None:
    client = Client(RememberingEngine(PlainEngine(ARTICLES), APPEARING))
    await client.data(EVERYTHING_OF_A_PAGE)
    gc.collect()
    gc.disable()
    try:
        for _ in range(1000):
            await client.answer(EVERYTHING_OF_A_PAGE)
        assert gc.collect() == 0
    finally:
        gc.enable()
