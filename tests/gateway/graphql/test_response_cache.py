"""Answers are kept for as long as they would be given again, to the byte, and no longer."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from sys import getsizeof

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.settings import Settings
from gateway.graphql.response_cache import ResponseCache
from indexer.errors import IndexMissing
from indexer.memory import Memory
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.limits import Switch
from tests.gateway.desk import Desk
from tests.gateway.fakes import START, Absent, Echo
from tests.gateway.http_client import serving
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain

ROOM = 1_000_000
LIST = GraphQLRequest(query="{ articles { totalCount nodes { key } pageInfo { endCursor } } }")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def asked(query: str = "{ a }", *, operation: str | None = None, **variables: object) -> GraphQLRequest:
    return GraphQLRequest(query=query, variables=variables or None, operation_name=operation)


class Slow(Echo):
    """An executor that answers once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def execute(self, request: GraphQLRequest) -> Answer:
        answer = await super().execute(request)
        await self.go.wait()
        return answer


async def test_what_was_answered_is_not_executed_again_for_this_hour():
    executor = Echo()
    cache = ResponseCache(executor, Memory(ROOM))
    first = await cache.execute(asked(x=1, y=None))
    executor.now += timedelta(minutes=29)
    assert await cache.execute(asked(y=None, x=1)) is first
    assert len(executor.executed) == 1
    executor.now += timedelta(minutes=1)
    assert (await cache.execute(asked(x=1, y=None))).body == first.body
    assert len(executor.executed) == 2


async def test_everything_is_executed_by_the_clock_of_the_moment():
    executor = Echo()
    cache = ResponseCache(executor, Memory(ROOM))
    executor.now += timedelta(minutes=10)
    await cache.execute(asked())
    assert [request.now for request in executor.executed] == [START]


@pytest.mark.parametrize(
    "other",
    [
        asked("{ b }"),
        asked(operation="A"),
        asked(x=2),
        asked(x=1.0),
        asked(x=True),
        asked(x="1"),
        asked(x=[1]),
        asked(),
    ],
)
async def test_another_question_has_an_answer_of_its_own(other: GraphQLRequest):
    executor = Echo()
    cache = ResponseCache(executor, Memory(ROOM))
    await cache.execute(asked(x=1))
    await cache.execute(other)
    assert len(executor.executed) == 2


@given(st.dictionaries(st.text(), JSON))
async def test_variables_of_any_shape_make_no_difference_to_the_answer(variables: Mapping[str, object]):
    cache = ResponseCache(Echo(), Memory(ROOM))
    request = GraphQLRequest(query="{ a }", variables=variables)
    first = await cache.execute(request)
    assert first == await Echo().execute(request)
    assert await cache.execute(replace(request, variables=dict(reversed(variables.items())))) is first


async def test_variables_that_are_nested_too_deep_to_be_compared_are_executed_each_time():
    executor = Echo()
    cache = ResponseCache(executor, Memory(ROOM))
    deep: object = 1
    for _ in range(1000):
        deep = [deep]
    executor.refused = "{ a }"
    await cache.execute(asked(x=deep))
    await cache.execute(asked(x=deep))
    assert len(executor.executed) == 2


async def test_the_same_bytes_are_answered_as_without_it():
    desk = Desk([plain("a"), full("b")])
    await desk.index.refresh()
    cache = ResponseCache(desk.index, Memory(ROOM))
    desk.now += timedelta(minutes=30)
    first, again = await cache.execute(LIST), await cache.execute(LIST)
    assert first.body == again.body == (await desk.index.execute(replace(LIST, now=NOW))).body


async def test_a_new_generation_is_answered_from_at_once():
    desk = Desk([plain("a")])
    await desk.index.refresh()
    cache = ResponseCache(desk.index, Memory(ROOM))
    before = await cache.execute(LIST)
    await desk.publish(plain("b"))
    assert b'"totalCount":1' in before.body
    assert b'"totalCount":2' in (await cache.execute(LIST)).body


async def test_a_scheduled_article_appears_on_time():
    desk = Desk([plain("a"), replace(plain("b"), published_date_time=NOW + timedelta(minutes=10))])
    await desk.index.refresh()
    cache = ResponseCache(desk.index, Memory(ROOM))
    desk.now += timedelta(minutes=10) - timedelta(microseconds=1)
    before = await cache.execute(LIST)
    desk.now += timedelta(microseconds=1)
    assert b'"totalCount":1' in before.body
    assert b'"totalCount":2' in (await cache.execute(LIST)).body


async def test_answers_with_errors_are_not_kept():
    executor = Echo()
    cache = ResponseCache(executor, Memory(ROOM))
    for _ in range(2):
        assert not (await cache.execute(asked("syntax error"))).executed
    desk = Desk([plain("a")])
    await desk.index.refresh()
    partly = ResponseCache(desk.index, Memory(ROOM))
    wrong = asked("{ __typename article { title } }")
    assert len(executor.executed) == 2
    assert await partly.execute(wrong) is not await partly.execute(wrong)


async def test_without_an_index_there_is_no_answer():
    with pytest.raises(IndexMissing):
        await ResponseCache(Absent(), Memory(ROOM)).execute(asked())


@given(lengths=st.lists(st.integers(0, 6000), min_size=1, max_size=40), room=st.integers(0, 100_000))
async def test_what_is_kept_is_bounded_and_what_was_used_last_stays(lengths: list[int], room: int):
    cache = ResponseCache(Echo(), Memory(room))
    questions = [asked(x=index, y="." * length) for index, length in enumerate(lengths)]
    given = [await cache.execute(question) for question in questions]
    again = [await cache.execute(question) for question in reversed(questions)]
    kept = [old for old, new in zip(reversed(given), again, strict=True) if new is old]
    assert sum(2 * getsizeof(answer.body) for answer in kept) <= room  # each has the variables in it too
    if len(given[-1].body) < room / 20 - 1000:
        assert kept[0] is given[-1]


async def test_what_is_asked_by_many_at_once_is_executed_once():
    executor = Slow()
    cache = ResponseCache(executor, Memory(0))
    asking = [asyncio.create_task(cache.execute(asked())) for _ in range(5)]
    await asyncio.sleep(0)
    executor.go.set()
    first, *others = await asyncio.gather(*asking)
    assert all(other is first for other in others)
    assert len(executor.executed) == 1


async def test_who_gives_up_waiting_fails_nobody_else():
    executor = Slow()
    cache = ResponseCache(executor, Memory(ROOM))
    first, second, third = (asyncio.create_task(cache.execute(asked())) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    second.cancel()
    executor.go.set()
    assert (await third).executed
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2


async def test_an_exception_is_raised_to_whom_it_happens():
    class Failing(Slow):
        async def execute(self, request: GraphQLRequest) -> Answer:
            answer = await super().execute(request)
            if len(self.executed) == 1:
                raise ZeroDivisionError
            return answer

    executor = Failing()
    cache = ResponseCache(executor, Memory(ROOM))
    asking = [asyncio.create_task(cache.execute(asked())) for _ in range(3)]
    await asyncio.sleep(0)
    executor.go.set()
    first, *others = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(first, ZeroDivisionError)
    assert all(isinstance(other, Answer) for other in others)


async def test_it_is_off_unless_it_is_switched_on():
    articles = [replace(plain("a"), published_date_time=NOW - DAY)]
    batch = [{"query": LIST.query}, {"query": LIST.query}]
    kept = 'newsstand_memory_bytes{shelf="answers"}'
    async with (
        serving(articles) as plainly,
        serving(articles, Settings(response_cache=Switch.ON, max_batch=2)) as http,
    ):
        present = await plainly.post("/graphql", json=batch[0])
        assert kept not in (await plainly.get("/metrics")).text
        posted = await http.post("/graphql", json=batch[0])
        together = await http.post("/graphql", json=batch)
        named = await http.get("/graphql", params=batch[0])
        assert kept in (await http.get("/metrics")).text
    assert posted.json() != present.json()  # cursors are each application's own
    assert posted.content == named.content
    assert together.json() == [posted.json()] * 2


async def test_who_waits_for_an_execution_that_is_given_up_has_one_of_their_own():
    class Late(Slow):
        """Gives the first execution up."""

        async def execute(self, request: GraphQLRequest) -> Answer:
            is_first = not self.executed
            answer = await super().execute(request)
            return replace(answer, error_codes=("DEADLINE_EXCEEDED",)) if is_first else answer

    executor = Late()
    cache = ResponseCache(executor, Memory(ROOM))
    first, second = (asyncio.create_task(cache.execute(asked())) for _ in range(2))
    await asyncio.sleep(0)
    executor.go.set()
    assert (await first).error_codes == ("DEADLINE_EXCEEDED",)
    assert (await second).error_codes == ()
    assert len(executor.executed) == 2
