"""From a request to the bytes of an answer."""

import asyncio
from collections.abc import Sequence
from copy import copy
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest, utc_now
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine

TWO = "query One { index { generation } } query Two { __typename }"


def executor(*keys: str) -> Executor:
    return Executor(PlainEngine(map(plain, keys)), schema=build_schema(), limits=Limits(), asset_base_url=None)


class Overtaken(CountingEngine):
    """Serves another generation after each call."""

    def __init__(self, plain_engine: PlainEngine) -> None:
        super().__init__(plain_engine)
        self.plain_engine = plain_engine

    def present(self) -> SearchEngine:
        present = copy(self)
        present._engine = self._engine.present()  # noqa: SLF001 - its own copy
        return present

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        results = await super().search(requests)
        self.plain_engine.add(plain(f"n{self.plain_engine.index.newest.number}"))
        return results


@pytest.mark.parametrize("execution", Execution)
async def test_no_answer_mixes_two_generations(execution: Execution):
    engine = Overtaken(PlainEngine([plain("a")]))
    client = Client(engine, execution=execution)
    query = """{
      articles { totalCount nodes { key provider { articleCount articles { totalCount } } } }
      index { generation articleCount }
      topics { totalCount nodes { articleCount } }
    }"""
    for _ in range(3):
        number = engine.plain_engine.index.newest.number
        answer = await client.data(query)
        assert engine.plain_engine.index.newest.number > number
        assert answer["index"] == {"generation": number, "articleCount": number}
        nodes = answer["articles"]["nodes"]
        assert answer["articles"]["totalCount"] == len(nodes) == number
        assert {node["provider"]["articleCount"] for node in nodes} == {number}
        assert {node["provider"]["articles"]["totalCount"] for node in nodes} == {number}


async def test_an_answer_is_the_data_alone_where_all_went_well():
    answer = await executor("a").execute(GraphQLRequest(query='query Front { article(key: "a") { title } }'))
    assert answer.body == b'{"data":{"article":{"title":"Harvest begins"}}}'
    assert (answer.executed, answer.operation, answer.error_codes) == (True, "Front", ())


async def test_a_request_may_bring_its_own_clock():
    yesterday = plain("a").published_date_time - timedelta(days=1)
    query = "{ articles { totalCount } }"
    present, past = [await executor("a").execute(GraphQLRequest(query=query, now=now)) for now in (None, yesterday)]
    assert present.body == b'{"data":{"articles":{"totalCount":1}}}'
    assert past.body == b'{"data":{"articles":{"totalCount":0}}}'


async def test_the_operation_that_is_named_is_executed():
    answer = await executor().execute(GraphQLRequest(query=TWO, operation_name="Two"))
    assert (answer.body, answer.operation) == (b'{"data":{"__typename":"Query"}}', "Two")


@pytest.mark.parametrize("name", [None, "", "Three"])
async def test_an_operation_that_is_not_named_well_is_refused(name: str | None):
    answer = await executor().execute(GraphQLRequest(query=TWO, operation_name=name))
    assert (answer.executed, answer.operation, answer.error_codes) == (False, None, ("OPERATION_RESOLUTION_FAILURE",))


async def test_a_refusal_has_no_data_and_a_failed_execution_has_null_in_its_place():
    """HTTP tells the two apart by the status."""
    refused = await executor().execute(GraphQLRequest(query="query ($n: Int!) { articles(first: $n) { totalCount } }"))
    assert (refused.executed, "data" in orjson.loads(refused.body)) == (False, False)
    failed = await executor().execute(GraphQLRequest(query="{ articles(first: -1) { totalCount } }"))
    assert (failed.executed, orjson.loads(failed.body)["data"]) == (True, {"articles": None})


async def test_variables_reach_the_arguments():
    query = "query ($first: Int, $topic: String) { articles(first: $first, topic: $topic) { nodes { key } } }"
    answer = await executor("a", "b").execute(GraphQLRequest(query=query, variables={"first": 1, "topic": None}))
    assert answer.body == b'{"data":{"articles":{"nodes":[{"key":"a"}]}}}'


@pytest.mark.parametrize("variables", [{"first": "1"}, {"first": 1.5}, {"first": 2**31}, {"first": [1]}, {"first": {}}])
async def test_variables_of_another_type_are_refused(variables: dict[str, object]):
    query = "query ($first: Int) { articles(first: $first) { totalCount } }"
    answer = await executor().execute(GraphQLRequest(query=query, variables=variables))
    assert (answer.executed, answer.error_codes) == (False, ("BAD_USER_INPUT",))


@pytest.mark.parametrize("is_list", [False, True])
@pytest.mark.parametrize(
    ("sent", "is_id"), [(1e30, False), (1.0, False), (1.5, False), (1, True), (2**63, True), ("1e30", True)]
)
async def test_a_number_with_a_fraction_or_an_exponent_is_no_id(is_list: bool, sent: object, is_id: bool):  # noqa: FBT001
    """A reader of JSON that has rounded it has lost digits, and graphql-core would make some up."""
    listed, single = "query ($i: [ID!]!) { nodes(ids: $i) { id } }", "query ($i: ID!) { node(id: $i) { id } }"
    query, value = (listed, ["a", sent]) if is_list else (single, sent)
    answer = await executor().execute(GraphQLRequest(query=query, variables={"i": value}))
    message = orjson.loads(answer.body)["errors"][0]["message"]
    if is_id:
        assert "is no id of this API" in message
    else:
        assert (answer.executed, answer.error_codes) == (False, ("BAD_USER_INPUT",))
        assert message == f"Variable '$i': {sent} is no ID; send the id that an answer gave, as text in quotes."


LARGE = "{ articles(first: 100) { nodes { key excerpt a: excerpt b: excerpt } } }"


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize(("most", "is_sent"), [(9_999, False), (10_000_000, True)])
async def test_an_answer_that_would_be_too_large_is_refused(execution: Execution, most: int, is_sent: bool):  # noqa: FBT001
    engine = CountingEngine(PlainEngine([replace(plain(f"{each}"), excerpt="x" * 1000) for each in range(10)]))
    limits = Limits(max_answer_bytes=most)
    asked = Executor(engine, schema=build_schema(), limits=limits, asset_base_url=None, execution=execution)
    for times in range(1, 4):
        answer = await asked.execute(GraphQLRequest(query=f"query Large {LARGE}"))
        assert engine.calls.count("search") == times  # it is not made a second time by another way
        assert answer.operation == "Large"
        assert answer.executed == is_sent
        if not is_sent:
            [error] = orjson.loads(answer.body)["errors"]
            assert error["message"].startswith("The answer is larger than 9999 bytes, the most that is sent. Ask for")
            assert error["extensions"] == {"code": "ANSWER_TOO_LARGE", "maxAnswerBytes": 9999}
            assert answer.error_codes == ("ANSWER_TOO_LARGE",)


async def test_many_errors_are_bytes_of_an_answer_too():
    fields = " ".join(f'a{each}: node(id: "{"x" * 400}") {{ id }}' for each in range(30))
    limits = Limits(max_answer_bytes=3000)
    asked = Executor(PlainEngine([]), schema=build_schema(), limits=limits, asset_base_url=None)
    answer = await asked.execute(GraphQLRequest(query=f"{{ {fields} }}"))
    assert answer.error_codes == ("ANSWER_TOO_LARGE",)
    assert len(answer.body) < 3000


async def test_variables_nested_without_end_are_refused():
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"not": deep}
    query = "query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }"
    answer = await executor().execute(GraphQLRequest(query=query, variables={"filter": deep}))
    assert (answer.executed, answer.error_codes) == (False, ("TOO_MANY_VARIABLES",))


AGAIN = (
    GraphQLRequest(query="query A($n: Int) { articles(first: $n) { nodes { title } } }", variables={"n": 2}),
    GraphQLRequest(query="query A($n: Int) { articles(first: $n) { nodes { title } } }", variables={"n": "x"}),
    GraphQLRequest(query="query A($n: Int) { articles(first: $n) { nodes { title } } }", variables={"n": [1] * 150}),
    GraphQLRequest(query="{ articles(first: 100) { nodes { similar(first: 50) { title } } } }"),
    GraphQLRequest(query=TWO, operation_name="Two"),
    GraphQLRequest(query=TWO, operation_name="T" * 300),
    GraphQLRequest(query="subscription { articleChanged { key } }"),
    GraphQLRequest(query="{ nothing }"),
)


@pytest.mark.parametrize("request_", AGAIN, ids=range(len(AGAIN)))
async def test_the_same_object_is_answered_the_same_by_each_executor(request_: GraphQLRequest):
    def executors() -> list[Executor]:
        limits = (Limits(), Limits(max_cost=1), Limits(max_variables=100), Limits(max_answer_bytes=10))
        engine, schema = PlainEngine([plain("a")]), build_schema()
        return [Executor(engine, schema=schema, limits=each, asset_base_url=None) for each in limits]

    expected = [await executor.execute(replace(request_)) for executor in executors()]
    them = executors()
    for _ in range(3):
        assert [await executor.execute(request_) for executor in them] == expected


async def test_the_clock_stands_still_within_a_request():
    """Each request reads the clock once: an article cannot appear between two fields."""
    ticks = iter(datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=n) for n in range(9))
    readings: list[datetime] = []

    def clock() -> datetime:
        readings.append(next(ticks))
        return readings[-1]

    asked = Executor(
        PlainEngine([plain("a")]), schema=build_schema(), limits=Limits(), asset_base_url=None, clock=clock
    )
    query = (
        "{ articles { totalCount nodes { provider { articleCount } } } index { articleCount } topics { totalCount } }"
    )
    await asked.execute(GraphQLRequest(query=query))
    assert len(readings) == 1
    await asked.execute(GraphQLRequest(query=query))
    assert len(readings) == 2


async def test_requests_at_the_same_time_do_not_mix():
    client = Client(PlainEngine(map(plain, "abcdefgh")))
    answers = await asyncio.gather(*(client.data(f'{{ article(key: "{key}") {{ key }} }}') for key in "abcdefgh"))
    assert [answer["article"]["key"] for answer in answers] == list("abcdefgh")


def test_the_clock_on_the_wall_is_in_utc():
    assert utc_now().utcoffset() == timedelta(0)
