"""The field `suggest`: completions for a search box."""

import pytest

from indexer.article import Provider
from schema.limits.limits import Limits
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

CORPUS = (
    replace(plain("a"), title="Robots learn to cook", topics=("Robotics",)),
    replace(plain("b"), title="Robots dance", topics=("Robotics",), published_date_time=NOW - 40 * DAY),
    replace(plain("c"), title="Robots of tomorrow", published_date_time=NOW + DAY),
    *(replace(plain(f"many/{number}"), title=f"Apples {number}") for number in range(30)),
)
SUGGEST = "query ($prefix: String!, $first: Int) { suggest(prefix: $prefix, first: $first) { text } }"


async def test_a_suggestion_has_kind_text_ranges_count_and_article():
    query = '{ suggest(prefix: "rob") { kind text count ranges { start end } article { key } } }'
    ranges = [{"start": 0, "end": 3}]
    assert (await Client(PlainEngine(CORPUS)).data(query))["suggest"] == [
        {"kind": "TOPIC", "text": "Robotics", "count": 2, "ranges": ranges, "article": None},
        {"kind": "TITLE", "text": "Robots learn to cook", "count": 1, "ranges": ranges, "article": {"key": "a"}},
        {"kind": "TITLE", "text": "Robots dance", "count": 1, "ranges": ranges, "article": {"key": "b"}},
        {"kind": "WORD", "text": "robots", "count": 2, "ranges": ranges, "article": None},
    ]


async def test_the_ranges_of_a_suggestion_count_what_the_client_counts():
    client = Client(PlainEngine([replace(plain("a"), title="👍🏽 Robots")]))
    query = '{ suggest(prefix: "rob") { units: ranges(unit: UTF16) { start end } ranges { start end } } }'
    assert (await client.data(query))["suggest"] == [
        {"units": [{"start": 5, "end": 8}], "ranges": [{"start": 3, "end": 6}]}
    ]


async def test_providers_are_suggested_too():
    query = '{ suggest(prefix: "daily.ex") { kind text count } }'
    assert (await Client(PlainEngine(CORPUS)).data(query))["suggest"] == [
        {"kind": "PROVIDER", "text": "daily.example", "count": 32}
    ]


async def test_eight_are_suggested_unless_another_number_is_asked_for():
    client = Client(PlainEngine(CORPUS))
    assert len((await client.data('{ suggest(prefix: "a") { text } }'))["suggest"]) == 8
    for first, count in ((None, 8), (0, 0), (3, 3), (20, 20)):
        assert len((await client.data(SUGGEST, prefix="a", first=first))["suggest"]) == count


async def test_a_space_after_the_last_word_counts():
    client = Client(PlainEngine(CORPUS))
    assert (await client.data(SUGGEST, prefix="robots lea", first=8))["suggest"] == [{"text": "Robots learn to cook"}]
    assert (await client.data(SUGGEST, prefix="robots lea ", first=8))["suggest"] == []


async def test_what_is_to_come_is_not_suggested_before_its_time():
    client = Client(PlainEngine(CORPUS))
    assert (await client.data(SUGGEST, prefix="robots of", first=8))["suggest"] == []
    client.now += DAY
    assert (await client.data(SUGGEST, prefix="robots of", first=8))["suggest"] == [{"text": "Robots of tomorrow"}]


@pytest.mark.parametrize("first", [-1, 21])
async def test_a_number_out_of_range_is_refused(first: int):
    message = await Client(PlainEngine(CORPUS)).refusal(SUGGEST, prefix="a", first=first)
    assert message == f"first: {first} is out of range; ask for 0 to 20 suggestions"


async def test_a_text_that_is_too_long_is_refused():
    client = Client(PlainEngine(CORPUS), limits=Limits(max_search_length=10))
    message = await client.refusal(SUGGEST, prefix="x" * 11, first=8)
    assert message == "prefix: 11 characters, and at most 10 are allowed; send the last words only"


NARROWED = 'query ($t: [String!], $p: [String!]) { suggest(prefix: "ro", topic: $t, provider: $p) { kind text count } }'


async def test_only_articles_of_some_topics_and_providers_count():
    others = (
        replace(plain("x"), title="Rooks", topics=("Birds",), provider=Provider(domain="rook.example")),
        replace(plain("y"), title="Roses", topics=("Plants",)),
    )
    client = Client(PlainEngine((*CORPUS, *others)))

    async def titles(**variables: object) -> set[str]:
        found = (await client.data(NARROWED, **variables))["suggest"]
        return {each["text"] for each in found if each["kind"] == "TITLE"}

    everything = {"Robots learn to cook", "Robots dance", "Rooks", "Roses"}
    assert await titles() == await titles(t=None, p=None) == everything
    assert await titles(t=["birds", "PLANTS"]) == {"Rooks", "Roses"}
    assert await titles(t="birds") == {"Rooks"}
    assert await titles(p=["Rook.example"]) == {"Rooks"}
    assert await titles(t=["plants"], p=["rook.example"]) == set()
    assert await titles(t=[]) == set(), "as an empty list in a filter"


async def test_what_narrows_suggestions_is_short():
    client = Client(PlainEngine(CORPUS))
    long = await client.refusal(NARROWED, t=["x" * 501])
    assert long == "topic: 501 characters, and at most 500 are allowed"
    many = await client.refusal(NARROWED, p=["x"] * 101)
    assert many == "provider: it holds 101 values, and at most 100 are allowed"
