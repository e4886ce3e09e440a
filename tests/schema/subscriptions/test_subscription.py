"""Subscriptions: the search that each saves, the requests that are refused, and the answer for each event."""

from typing import Any

import orjson
import pytest

from indexer.search.changes import Change, ChangeKind
from indexer.search.filters import EVERYTHING, AllOf, Among, AtLeast, NumberField, TermField
from indexer.search.requests import SearchRequest
from schema.execution.request import Answer
from schema.limits.error_codes import Code
from schema.limits.limits import Limits
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client
from tests.schema.engines import BrokenEngine

KEYS = "subscription { articleChanges { key } }"
ENTERED = Change(kind=ChangeKind.ENTERED, key="a", article=plain("a"))


async def saved(query: str, **variables: object) -> SearchRequest:
    search = await Client(PlainEngine()).subscribe(query, **variables)
    assert isinstance(search, SearchRequest), search
    return search


async def refusal(query: str, limits: Limits | None = None, **variables: object) -> Any:
    """The only error of a subscription that is refused."""
    answer = await Client(PlainEngine(), limits=limits).subscribe(query, **variables)
    assert isinstance(answer, Answer)
    assert not answer.executed
    [error] = orjson.loads(answer.body)["errors"]
    return error


async def test_a_subscription_saves_the_search_of_its_arguments():
    everything = await saved(KEYS)
    assert (everything.text, everything.filter) == ("", EVERYTHING)
    query = 'subscription ($f: ArticleFilter) { articleChanges(search: " owls  ", topic: "ai", filter: $f) { key } }'
    search = await saved(query, f={"qualityAtLeast": 5})
    in_topic, good = Among(TermField.TOPIC, frozenset({"ai"})), AtLeast(NumberField.QUALITY, 5)
    assert (search.text, search.filter) == ("owls", AllOf((in_topic, good)))
    assert search == await saved(query, f={"qualityAtLeast": 5})


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { articleChanges { key } more: articleChanges { key } }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription { __typename }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription { articleChanges @skip(if: true) { key } }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription { ... @include(if: false) { articleChanges { key } } }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription { articleChanges }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription {", Code.GRAPHQL_PARSE_FAILED),
        ("subscription ($t: String!) { articleChanges(topic: $t) { key } }", Code.BAD_USER_INPUT),
        ('subscription { articleChanges(topic: "%s") { key } }' % ("x" * 501), Code.BAD_USER_INPUT),
        ('subscription { articleChanges(search: "%s") { key } }' % ("x" * 501), Code.BAD_USER_INPUT),
        ("subscription A { articleChanges { key } } subscription B { articleChanges { key } }",
         Code.OPERATION_RESOLUTION_FAILURE),
    ],
)  # fmt: skip
async def test_a_subscription_without_sense_is_refused(query: str, code: Code):
    assert (await refusal(query))["extensions"]["code"] == code


async def test_a_subscription_that_leaves_its_only_field_out_is_refused():
    error = await refusal("subscription ($no: Boolean = true) { articleChanges @skip(if: $no) { key } }")
    assert error["extensions"]["code"] == Code.GRAPHQL_VALIDATION_FAILED


async def test_a_subscription_costs_what_its_query_costs_each_time():
    query = 'subscription { articleChanges(search: "owls") { article { similar(first: 6) { key } } } }'
    error = await refusal(query, Limits(max_cost=300))
    assert error["extensions"]["code"] == Code.OPERATION_TOO_COSTLY
    assert isinstance(await Client(PlainEngine(), limits=Limits(max_cost=600)).subscribe(query), SearchRequest)


async def test_a_query_is_answered_in_the_place_of_a_subscription():
    answer = await Client(PlainEngine([plain("a")])).subscribe("{ index { articleCount } }")
    assert isinstance(answer, Answer)
    assert answer.executed
    assert orjson.loads(answer.body) == {"data": {"index": {"articleCount": 1}}}


async def test_a_subscription_without_a_stream_is_refused():
    message = await Client(PlainEngine()).refusal(KEYS, code=Code.STREAM_REQUIRED)
    assert "graphql-transport-ws" in message
    assert "text/event-stream" in message


async def test_each_event_is_an_answer():
    query = "subscription { articleChanges { change articleId key generation article { id title } } }"
    client = Client(PlainEngine())
    told = await client.told(query, ENTERED, generation=7)
    assert told == {
        "data": {
            "articleChanges": {
                "change": "ENTERED",
                "articleId": "QXJ0aWNsZTph",
                "key": "a",
                "generation": 7,
                "article": {"id": "QXJ0aWNsZTph", "title": "Harvest begins"},
            }
        }
    }
    left = Change(kind=ChangeKind.LEFT, key="a", article=None)
    assert (await client.told(query, left, generation=8))["data"]["articleChanges"] == {
        "change": "LEFT",
        "articleId": "QXJ0aWNsZTph",
        "key": "a",
        "generation": 8,
        "article": None,
    }


async def test_a_failure_in_an_event_is_masked():
    client = Client(BrokenEngine(PlainEngine(), ZeroDivisionError("secret")))
    told = await client.told("subscription { articleChanges { article { provider { articleCount } } } }", ENTERED)
    assert [error["extensions"]["code"] for error in told["errors"]] == [Code.INTERNAL]
    assert "secret" not in str(told)


async def test_an_event_that_is_too_large_is_refused():
    client = Client(PlainEngine(), limits=Limits(max_answer_bytes=1024))
    large = replace(ENTERED, article=replace(plain("a"), title="x" * 2000))
    [error] = (await client.told("subscription { articleChanges { article { title } } }", large))["errors"]
    assert error["extensions"]["code"] == Code.ANSWER_TOO_LARGE
