"""Operations that are compiled, and those that are left to the stock executor; each rule of execution by an example."""

import pytest
from graphql import parse
from graphql.execution.values import VariableValues

from indexer.memory import Memory
from schema.compiler.resolving import graphql_schema
from schema.execution.executor import Executor
from schema.execution.operations import Operations
from schema.execution.plans import Plans
from schema.execution.request import GraphQLRequest
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.samples import NOW, full, plain
from tests.schema.compiler.both import LIMITS, Both

NODE = "QXJ0aWNsZTph"


def both() -> Both:
    return Both(PlainEngine([full("a"), plain("b")]))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ b: __typename a: __typename }", b'{"data":{"b":"Query","a":"Query"}}'),
        (
            '{ article(key: "a") { key index: provider { articleCount } k: key index: provider { domain } key } }',
            '{"data":{"article":{"key":"a","index":{"articleCount":1,"domain":"naïve.example"},"k":"a"}}}'.encode(),
        ),
        (
            '{ article(key: "a") { ...Late key } } fragment Late on Article { heat ... on Node { id } heat }',
            b'{"data":{"article":{"heat":2147483647,"id":"QXJ0aWNsZTph","key":"a"}}}',
        ),
        (
            f'{{ node(id: "{NODE}") {{ __typename ... on Provider {{ domain }} ... on Article {{ key }} }} }}',
            b'{"data":{"node":{"__typename":"Article","key":"a"}}}',
        ),
        (
            '{ article(key: "a") { key @skip(if: true) heat @include(if: true) title @include(if: false) } }',
            b'{"data":{"article":{"heat":2147483647}}}',
        ),
        ('{ article(key: "gone") { key } }', b'{"data":{"article":null}}'),
        (
            "{ articles { pageInfo { hasNextPage } nodes { key } totalCount } }",
            b'{"data":{"articles":{"pageInfo":{"hasNextPage":false},"nodes":[{"key":"b"},{"key":"a"}],"totalCount":2}}}',
        ),
    ],
    ids=["aliases", "merging", "fragments", "types", "conditions", "null", "order of what is awaited"],
)
async def test_fields_are_answered_in_the_order_of_the_document(query: str, expected: bytes):
    assert await both().compiled(query) == expected
    assert (await both().answer(query)).body == expected


@pytest.mark.parametrize(
    ("wanted", "expected"), [(True, b'{"key":"a","heat":2147483647}'), (False, b'{"heat":2147483647}')]
)
async def test_conditions_read_variables(wanted: bool, expected: bytes):  # noqa: FBT001 - the variable's value
    query = """query ($no: Boolean! = true, $wanted: Boolean!) {
      article(key: "a") { title @skip(if: $no) ... @include(if: $wanted) { key } heat }
    }"""
    assert await both().compiled(query, wanted=wanted) == b'{"data":{"article":' + expected + b"}}"
    await both().answer(query, wanted=wanted)


async def test_one_operation_answers_for_other_values_of_its_conditions():
    query = """query ($a: Boolean!, $b: Boolean!) {
      article(key: "a") { key @skip(if: $a) heat @include(if: $b) __typename }
    }"""
    asked = both()
    for _ in range(2):
        for a in (True, False):
            for b in (True, False):
                answer = await asked.answer(query, a=a, b=b)
                assert await asked.compiled(query, a=a, b=b) == answer.body


async def test_arguments_read_variables_and_defaults():
    query = "query ($n: Int = 1, $topic: String) { articles(first: $n, topic: $topic) { nodes { key } } }"
    assert await both().compiled(query) == b'{"data":{"articles":{"nodes":[{"key":"b"}]}}}'
    assert await both().compiled(query, topic="ai", n=5) == b'{"data":{"articles":{"nodes":[{"key":"a"}]}}}'
    assert await both().compiled(query, n=None) == (await both().answer(query, n=None)).body


async def test_the_operation_that_is_named_runs():
    query = "query One { index { generation } } query Two { __typename }"
    assert await both().compiled(query, "Two") == b'{"data":{"__typename":"Query"}}'
    await both().answer(query, "Two")
    await both().answer(query)


@pytest.mark.parametrize(
    "query",
    [
        '{ __type(name: "Article") { name } }',
        "{ __schema { queryType { name } } }",
        "query ($n: Int!) { articles(first: $n) { totalCount } }",
        "{ articles(first: -1) { totalCount } }",
        '{ node(id: "nonsense") { id } }',
        "query One { __typename } query Two { __typename }",
    ],
)
async def test_the_stock_executor_answers_what_is_not_covered_or_fails(query: str):
    assert await both().compiled(query) is None
    await both().answer(query)


async def test_an_operation_with_very_many_fields_is_not_compiled():
    wide = "{ " + " ".join(f"a{n}: __typename" for n in range(2001)) + " }"
    assert await both().compiled(wide) is None
    narrow = "{ " + " ".join(f"a{n}: __typename" for n in range(2000)) + " }"
    assert await both().compiled(narrow.replace("__typename", "index { __typename }", 1)) is None
    assert await both().compiled("{ " + " ".join(f"a{n}: __typename" for n in range(900)) + " }") is not None


async def test_fragments_within_fragments_are_compiled_once():
    """Twelve levels that double would be thousands of objects, were each written by itself."""
    levels = [
        f"fragment F{n} on Article {{ similar {{ ...F{n + 1} }} relatedBy {{ ...F{n + 1} }} }}" for n in range(12)
    ]
    query = "\n".join(['{ article(key: "gone") { ...F0 } }', *levels, "fragment F12 on Article { key }"])
    assert await both().compiled(query) == b'{"data":{"article":null}}'


def test_a_patient_compiler_waits_until_an_operation_comes_again():
    """To make a function takes longer than to do without it once."""
    query, schema = '{ article(key: "a") { key } }', build_schema()
    operations, plans = Operations(graphql_schema(schema), LIMITS, Memory()), Plans(schema, Memory(), patience=1)

    def is_compiled(text: str, cost: int = 0) -> bool:
        operation = operations.find(text, parse(text), None)
        return operation is not None and plans.find(operation, VariableValues({}, {}), cost=cost) is not None

    assert [is_compiled(query), is_compiled(query), is_compiled(query)] == [False, True, True]
    assert is_compiled("{ __typename }", cost=5_000)


async def test_an_operation_answers_the_same_before_and_after_it_was_learned():
    engine = PlainEngine([full("a")])
    learning = Executor(engine, schema=build_schema(), limits=LIMITS, asset_base_url=None, clock=lambda: NOW)
    request = GraphQLRequest(query='{ article(key: "a") { key title related { title } } }')
    first, *others = [await learning.execute(request) for _ in range(4)]
    assert all(other == first for other in others)
