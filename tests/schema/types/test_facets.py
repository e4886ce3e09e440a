"""Counts of a list of articles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from indexer.article import Article, Provider
from indexer.search.facets import Calendar
from indexer.search.filters import NumberField, TermField
from indexer.search.requests import SearchRequest, SearchResult
from schema.limits.limits import Limits
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import NOW, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine
from tests.schema.inputs.test_filters import NOT_ASKED_FOR

DAILY, WEEKLY = Provider(domain="daily.example", name="The Daily"), Provider(domain="weekly.example")
CORPUS = (
    replace(plain("a"), title="Robots march", provider=DAILY, topics=("AI", "Robots"), category="News", quality=10),
    replace(plain("b"), title="Robots dance", provider=DAILY, topics=("ai",), type="Video", quality=30, heat=5),
    replace(plain("c"), title="Robots rest", provider=WEEKLY, topics=("Élan",), category="news", quality=50),
    replace(plain("d"), title="Harvest", provider=WEEKLY, topics=("Machine Learning",)),
    replace(plain("x"), title="Robots hide", provider=DAILY, topics=("Secret",), published=False, heat=99),
)
DATED = tuple(
    replace(article, published_date_time=datetime.fromisoformat(f"{day}T12:00Z"))
    for article, day in zip(CORPUS, ("2024-05-31", "2024-05-01", "2024-03-01", "2023-12-31", "2024-05-02"), strict=True)
)


async def facets(selection: str, arguments: str = "") -> Any:
    """The facets of the list with these arguments."""
    data = await Client(PlainEngine(DATED)).data(f"{{ articles{arguments} {{ facets {{ {selection} }} }} }}")
    return data["articles"]["facets"]


async def counts(facet: str, arguments: str = "") -> dict[str, int]:
    """The values of one facet, in order."""
    name = facet.partition("(")[0]
    found = (await facets(f"{facet} {{ values {{ value count }} }}", arguments))[name]["values"]
    return {each["value"]: each["count"] for each in found}


async def test_values_are_counted_over_the_whole_list_and_drafts_are_not():
    assert list((await counts("topics", "(first: 1)")).items()) == [
        ("ai", 2),
        ("machine learning", 1),
        ("robots", 1),
        ("élan", 1),
    ]
    assert await counts("providers", '(search: "robots")') == {"daily.example": 2, "weekly.example": 1}
    assert await counts("categories") == {"news": 2}
    assert await counts("types") == {"video": 1}


async def test_values_are_cut_ordered_and_searched_in():
    selection = "topics(first: 2, orderBy: NAME) { values { value } totalCount }"
    assert (await facets(selection))["topics"] == {
        "values": [{"value": "ai"}, {"value": "machine learning"}],
        "totalCount": 4,
    }
    assert await counts('topics(prefix: " ELA ")') == {"élan": 1}
    assert await counts('topics(prefix: "lear")') == {"machine learning": 1}
    assert (await facets('topics(prefix: "earn") { totalCount }'))["topics"] == {"totalCount": 0}


async def test_null_is_the_default_of_every_argument():
    assert await counts("topics(first: null, orderBy: null, prefix: null)") == await counts("topics")
    assert await counts("months(first: null)") == await counts("months")


async def test_a_value_has_the_name_that_its_newest_article_gives_it():
    selection = "values { name }"
    found = await facets(
        f"topics(first: 2, orderBy: NAME) {{ {selection} }} providers {{ {selection} }} "
        f"categories {{ {selection} }} types {{ {selection} }} months(first: 1) {{ {selection} }}"
    )
    assert {name: [value["name"] for value in facet["values"]] for name, facet in found.items()} == {
        "topics": ["AI", "Machine Learning"],
        "providers": ["The Daily", "weekly.example"],
        "categories": ["News"],
        "types": ["Video"],
        "months": ["2024-05"],
    }


async def test_months_are_listed_newest_first_without_empty_ones():
    assert list((await counts("months")).items()) == [("2024-05", 2), ("2024-03", 1), ("2023-12", 1)]
    assert await counts("months(first: 1)") == {"2024-05": 2}


async def test_numbers_are_summed_up_and_null_where_there_are_none():
    found = await facets("quality { min max mean count } heat { min max mean count }")
    assert found == {
        "quality": {"min": 10, "max": 50, "mean": 30.0, "count": 3},
        "heat": {"min": 5, "max": 5, "mean": 5.0, "count": 1},
    }
    assert await facets("heat { min }", '(search: "rest")') == {"heat": None}


@pytest.mark.parametrize(
    ("arguments", "facet", "expected"),
    [
        ('(topic: "Robots")', "topics", {"ai": 2, "machine learning": 1, "robots": 1, "élan": 1}),
        ('(topic: "Robots")', "providers", {"daily.example": 1}),
        ('(filter: {topics: {all: ["ai"]}})', "topics", {"ai": 2, "robots": 1}),
        ('(filter: {topics: {all: ["ai", "robots"]}})', "topics", {"ai": 1, "robots": 1}),
        ('(filter: {topics: {all: ["ai"], any: ["robots"]}})', "topics", {"ai": 2, "robots": 1}),
        ('(filter: {provider: {any: ["weekly.example"]}})', "providers", {"daily.example": 2, "weekly.example": 2}),
        ('(filter: {provider: {any: ["weekly.example"]}})', "topics", {"machine learning": 1, "élan": 1}),
        (
            '(search: "robots", topic: "ai", filter: {and: [{provider: {any: ["weekly.example"]}}]})',
            "providers",
            {"daily.example": 2},
        ),
        ('(filter: {provider: {none: ["weekly.example"]}})', "providers", {"daily.example": 2}),
        ('(filter: {not: {provider: {any: ["weekly.example"]}}})', "providers", {"daily.example": 2}),
        ('(filter: {or: [{topics: {any: ["élan"]}}, {heatAtLeast: 1}]})', "topics", {"ai": 1, "élan": 1}),
        (
            '(filter: {publishedAfter: "2024-04-01", publishedBefore: "2024-05-15"})',
            "months(first: 2)",
            {"2024-05": 2, "2024-03": 1},
        ),
        ('(filter: {publishedAfter: "2024-04-01", publishedBefore: "2024-05-15"})', "topics", {"ai": 1}),
    ],
)
async def test_what_is_required_of_a_field_narrows_all_facets_but_its_own(
    arguments: str, facet: str, expected: dict[str, int]
):
    assert await counts(facet, arguments) == expected


async def test_a_least_number_does_not_narrow_its_own_spread():
    found = await facets("quality { count } heat { count }", "(filter: {qualityAtLeast: 40, heatAtLeast: 1})")
    assert found == {"quality": {"count": 1}, "heat": None}


async def test_the_articles_of_a_topic_or_provider_stay_those():
    query = """{
      topic(name: "robots") { articles(topic: "AI") { facets { topics { values { value } } } } }
      provider(domain: "weekly.example") { articles { facets { providers { values { value } } } } }
    }"""
    data = await Client(PlainEngine(DATED)).data(query)
    topics = data["topic"]["articles"]["facets"]["topics"]["values"]
    assert topics == [{"value": "ai"}, {"value": "robots"}]
    providers = data["provider"]["articles"]["facets"]["providers"]["values"]
    assert providers == [{"value": "weekly.example"}]


async def test_all_facets_of_a_page_are_one_call_and_what_is_not_selected_is_none():
    engine = CountingEngine(PlainEngine(DATED))
    await Client(engine).data("{ articles { facets { __typename } } }")
    assert engine.calls == []
    await Client(engine).data(
        '{ articles(topic: "ai") { totalCount nodes { key } facets { topics { totalCount } '
        "months { totalCount } heat { max } providers { values { count } } } } }"
    )
    assert engine.calls == ["search"]


async def test_a_facet_of_too_many_values_or_too_long_a_prefix_is_refused():
    client = Client(PlainEngine(DATED), limits=Limits(max_search_length=3))
    for facet in ("topics(first: 101)", "months(first: 101)"):
        message = await client.refusal(f"{{ articles {{ facets {{ {facet} {{ totalCount }} }} }} }}")
        assert message == "first: 101 is more than a page holds; ask for at most 100 entries"
    message = await client.refusal('{ articles { facets { topics(prefix: "four") { totalCount } } } }')
    assert message == "prefix: 4 characters, and at most 3 are allowed; type fewer letters"


async def test_facets_hold_the_clock_of_the_first_page():
    later = replace(plain("later"), published_date_time=NOW.replace(month=7), topics=("New",))
    client = Client(PlainEngine((*DATED, later)))
    query = """query ($after: String) {
      articles(first: 1, after: $after) { pageInfo { endCursor } facets { topics { totalCount } } }
    }"""
    first = (await client.data(query))["articles"]
    client.now = NOW.replace(month=8)
    second = (await client.data(query, after=first["pageInfo"]["endCursor"]))["articles"]
    assert (first["facets"], second["facets"]) == ({"topics": {"totalCount": 4}},) * 2


class Listening(PlainEngine):
    """A plain engine that keeps the requests for searches."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__(articles)
        self.requests: list[SearchRequest] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self.requests += requests
        return await super().search(requests)


async def test_every_field_can_be_counted():
    engine = Listening(DATED)
    client = Client(engine)
    fields = (await client.data('{ __type(name: "ArticleFacets") { fields { name } } }'))["__type"]["fields"]
    facets = " ".join(f"{field['name']} {{ __typename }}" for field in fields)
    await client.data(f"{{ articles {{ facets {{ {facets} }} }} }}")
    counted = [*engine.requests[0].facets, *engine.requests[0].spreads]
    assert {each.field for each in counted} == {*TermField, *NumberField, *Calendar} - NOT_ASKED_FOR - {TermField.EXTRA}
