"""The parts of an article's score in a list."""

from typing import Any

import pytest

from indexer.search.requests import SearchRequest
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine

CORPUS = [
    replace(plain(f"{number}"), title="Robots " * number, quality=number, published_date_time=NOW - number * DAY)
    for number in range(1, 8)
]
PARTS = "title excerpt topic provider nearness recency quality heat"


async def edges(arguments: str, parts: str = f"explain {{ score {PARTS} }}") -> Any:
    query = f"{{ articles({arguments}) {{ edges {{ score node {{ key }} {parts} }} }} }}"
    return (await Client(PlainEngine(CORPUS)).data(query))["articles"]["edges"]


@pytest.mark.parametrize("ranking", ["RELEVANCE", "NEWEST"])
@pytest.mark.parametrize("tuning", ["null", "{recency: 1, quality: 2}"])
async def test_the_parts_add_up_to_the_score_of_the_edge(ranking: str, tuning: str):
    listed = await edges(f'search: "robots", first: 3, ranking: {ranking}, tuning: {tuning}')
    assert len(listed) == 3
    for edge in listed:
        explained = edge["explain"]
        assert explained["score"] == edge["score"]
        assert sum(explained[part] for part in PARTS.split()) == pytest.approx(edge["score"])
        assert (explained["quality"] > 0) is (tuning != "null" and ranking == "RELEVANCE")


async def test_without_a_score_there_is_nothing_to_explain():
    assert {edge["explain"] for edge in await edges("first: 3")} == {None}


async def test_the_page_is_the_same_with_explanations_and_without():
    arguments = 'search: "robots", first: 4'
    explained = [{**edge, "explain": None} for edge in await edges(arguments)]
    assert explained == [{**edge, "explain": None} for edge in await edges(arguments, parts="")]


class Asked(CountingEngine):
    """Remembers what was asked for."""

    def __init__(self, engine: PlainEngine) -> None:
        super().__init__(engine)
        self.requests: list[SearchRequest] = []

    async def search(self, requests: Any) -> Any:
        self.requests += requests
        return await super().search(requests)


async def test_explanations_cost_one_search_for_a_whole_page_and_only_where_they_are_selected():
    for parts, explanations in (("", [False]), ("explain { score }", [False, True])):
        engine = Asked(PlainEngine(CORPUS))
        await Client(engine).data(f'{{ articles(search: "robots") {{ edges {{ score {parts} }} }} }}')
        assert [request.explanations for request in engine.requests] == explanations


async def test_an_article_that_goes_away_meanwhile_has_no_explanation():
    class Changing(Asked):
        async def search(self, requests: Any) -> Any:
            answer = await super().search(requests)
            plain_engine.delete("2")
            return answer

    plain_engine = PlainEngine(CORPUS)
    data = await Client(Changing(plain_engine)).data(
        '{ articles(search: "robots", ranking: NEWEST, first: 2) { edges { node { key } explain { score } } } }'
    )
    found = {edge["node"]["key"]: edge["explain"] for edge in data["articles"]["edges"]}
    assert found["1"] is not None
    assert found["2"] is None
