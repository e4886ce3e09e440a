"""The meaning of the argument `filter`."""

import dataclasses
import functools
from collections.abc import Iterator
from typing import get_args

import pytest

from indexer.article import Extra, Image, Provider
from indexer.search.filters import AllOf, Among, AnyOf, AtLeast, Filter, Not, NumberField, TermField
from schema.inputs.filters import ArticleFilter, ExtraFilter, TopicFilter, ValueFilter, condition_of
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

CORPUS = (
    replace(plain("a"), published_date_time=NOW - 1 * DAY, topics=("AI", "5G"), category="news", quality=50),
    replace(plain("b"), published_date_time=NOW - 2 * DAY, topics=("AI",), category="sport", type="video", heat=5),
    replace(plain("c"), published_date_time=NOW - 3 * DAY, topics=("5G",), images=(Image(url="/c.png"),), quality=49),
    replace(plain("d"), published_date_time=NOW - 4 * DAY, provider=Provider(domain="w.example"), type="article"),
)
NOT_ASKED_FOR = {TermField.RELATED_URL}
"""Fields that serve Newsstand itself."""
LIST = "query ($filter: ArticleFilter) { articles(filter: $filter) { nodes { key } } }"


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        (None, "abcd"),
        ({}, "abcd"),
        ({"topics": {}}, "abcd"),
        ({"topics": {"any": None}}, "abcd"),
        ({"topics": {"any": ["ai"]}}, "ab"),
        ({"topics": {"any": ["ai", "5g"]}}, "abc"),
        ({"topics": {"any": []}}, ""),
        ({"topics": {"all": ["ai", "5g"]}}, "a"),
        ({"topics": {"all": []}}, "abcd"),
        ({"topics": {"none": ["ai"]}}, "cd"),
        ({"topics": {"none": []}}, "abcd"),
        ({"topics": {"any": ["ai"], "none": ["5g"]}}, "b"),
        ({"provider": {"any": ["w.example", "x.example"]}}, "d"),
        ({"provider": {"none": ["W.example"]}}, "abc"),
        ({"category": {"any": ["News"]}}, "a"),
        ({"category": {"none": ["news"]}}, "bcd"),
        ({"type": {"any": ["video", "article"]}}, "bd"),
        ({"publishedAfter": "2024-05-30T12:00:00Z"}, "ab"),
        ({"publishedBefore": "2024-05-30T12:00:00Z"}, "cd"),
        ({"publishedAfter": "2024-05-29", "publishedBefore": "2024-05-30T14:00:01+02:00"}, "bc"),
        ({"qualityAtLeast": 50}, "a"),
        ({"qualityAtLeast": 0}, "ac"),
        ({"heatAtLeast": 5}, "b"),
        ({"hasImage": True}, "c"),
        ({"hasImage": False}, "abd"),
        ({"and": [{"topics": {"any": ["ai"]}}, {"qualityAtLeast": 1}]}, "a"),
        ({"and": []}, "abcd"),
        ({"or": [{"heatAtLeast": 1}, {"hasImage": True}]}, "bc"),
        ({"or": []}, ""),
        ({"not": {"topics": {"any": ["ai"]}, "qualityAtLeast": 1}}, "bcd"),
        ({"not": {}}, ""),
        ({"not": {"or": [{"not": {"hasImage": True}}, {"type": {"any": ["video"]}}]}}, "c"),
    ],
)
async def test_a_filter_lists_what_it_describes(given: object, keys: str):
    data = await Client(PlainEngine(CORPUS)).data(LIST, filter=given)
    assert "".join(node["key"] for node in data["articles"]["nodes"]) == keys


async def test_a_filter_that_combines_too_much_is_refused():
    """A condition costs time at the engine, and nesting costs stack."""
    deep: dict[str, object] = {}
    for _ in range(50):
        deep = {"not": deep}
    client = Client(PlainEngine(CORPUS))
    await client.data(LIST, filter={"or": [{}] * 49})
    for given in (deep, {"or": [{}] * 50}):
        message = await client.refusal(LIST, filter=given)
        assert message == "filter: it combines more than 50 filters; use lists of values instead"


async def test_a_filter_with_too_long_a_list_is_refused():
    client = Client(PlainEngine(CORPUS))
    message = await client.refusal(LIST, filter={"topics": {"any": [f"topic {number}" for number in range(101)]}})
    assert message == "filter: topics.any holds 101 values, and at most 100 are allowed"


async def test_a_timestamp_that_is_none_is_refused_with_an_example():
    message = await Client(PlainEngine()).refusal(LIST, filter={"publishedAfter": "yesterday"})
    assert "'yesterday'" in message
    assert "write one like 2020-02-06T01:27:00Z or 2020-02-06" in message


def innermost(condition: Filter) -> Iterator[Filter]:
    match condition:
        case AllOf(filters) | AnyOf(filters):
            for each in filters:
                yield from innermost(each)
        case Not(each):
            yield from innermost(each)
        case _:
            yield condition


def test_every_kind_of_filter_and_every_field_can_be_asked_for() -> None:
    values = ValueFilter(any=["a"], none=["b"])
    dates_and_numbers = {"published_after": NOW, "published_before": NOW, "quality_at_least": 1, "heat_at_least": 1}
    kinds = {"and_": [], "or_": [], "not_": None, "has_image": True, **dates_and_numbers}
    names = {field.name for field in dataclasses.fields(ArticleFilter)}
    lists = dict.fromkeys(("topics", "authors"), TopicFilter(any=["a"], all=[], none=[]))
    extra = {"extra": [ExtraFilter(name="a", equals=1)]}
    given = dict.fromkeys(names - kinds.keys(), values) | kinds | lists | extra
    asked = list(innermost(condition_of(ArticleFilter(**given))))
    assert {type(condition) for condition in asked} == {*get_args(Filter)} - {AllOf, AnyOf, Not}
    assert {condition.field for condition in asked if isinstance(condition, Among)} == {*TermField} - NOT_ASKED_FOR
    assert {condition.field for condition in asked if isinstance(condition, AtLeast)} == {*NumberField}


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ('{name: "series", equals: "Owls"}', "ab"),
        ('{name: "series", equals: ["Owls", 2]}', "b"),
        ('{name: "series", equals: 2.0}', "b"),
        ('{name: "part", equals: {of: 3, by: "x"}}', "a"),
        ('{name: "part", equals: true}', ""),
        ('{name: "series", equals: "owls"}', ""),
        ('{name: "series", equals: "Owls"}, {name: "series", equals: 2}', "b"),
        ("", "abc"),
    ],
)
async def test_extras_are_compared_as_json(condition: str, keys: str) -> None:
    one = (Extra.of("series", "Owls"), Extra.of("part", {"by": "x", "of": 3}))
    corpus = [
        replace(plain("a"), extras=one),
        replace(plain("b"), extras=(Extra.of("series", ["Owls", 2]),)),
        plain("c"),
    ]
    query = f"{{ articles(ranking: OLDEST, filter: {{extra: [{condition}]}}) {{ nodes {{ key }} }} }}"
    answer = await Client(PlainEngine(corpus)).data(query)
    assert sorted(node["key"] for node in answer["articles"]["nodes"]) == list(keys)


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ([{"name": "a", "equals": "x" * 500}], "filter: extra: 504 characters, and at most 500 are allowed"),
        ([{"name": "a", "equals": 1}] * 101, "extra holds 101 values, and at most 100 are allowed"),
        ([{"name": "a", "equals": functools.reduce(lambda inner, _: [inner], range(300), 1)}], "cannot be written as"),
    ],
)
async def test_an_extra_that_no_article_can_have_is_refused(extra: object, told: str) -> None:
    [error] = await Client(PlainEngine([plain("a")])).errors(LIST, filter={"extra": extra})
    assert told in error["message"]
