"""Resolvers are called with what Strawberry and graphql-core call them with."""

import asyncio
from collections import Counter

import pytest
from graphql import execute_sync, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.schema.compiler.arguments_schema import SCHEMA, STRAWBERRY
from tests.schema.compiler.compiled import Compiled
from tests.schema.compiler.inputs import Inputs

compiled = Compiled(STRAWBERRY).data


@st.composite
def operations(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """An operation that asks what a field was given, and the values of its variables."""
    inputs, asked = Inputs(draw, SCHEMA), []
    for alias in "ab"[: draw(st.integers(1, 2))]:
        name = draw(st.sampled_from(["told", "told", "required"]))
        declared = SCHEMA.query_type.fields[name].args
        wanted = draw(st.lists(st.sampled_from(sorted(declared)), min_size=1, max_size=4, unique=True))
        wanted = [*declared] if name == "required" else wanted
        arguments = ", ".join(f"{each}: {inputs.literal(declared[each].type)}" for each in wanted)
        asked.append(f"{alias}: {name}({arguments})")
    return f"{inputs.head()} {{ {' '.join(asked)} }}", inputs.given


def stock(query: str, variables: dict[str, object]) -> object:
    """The answer of graphql-core; None where there are errors."""
    result = execute_sync(SCHEMA, parse(query), variable_values=variables)
    return None if result.errors else result.data


def is_valid(query: str) -> bool:
    return not validate(SCHEMA, parse(query))


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(operations().filter(lambda drawn: is_valid(drawn[0])))
async def test_resolvers_are_given_what_the_stock_executor_gives(drawn: tuple[str, dict[str, object]]) -> None:
    query, variables = drawn
    expected = stock(query, variables)
    for _ in range(2):
        assert await compiled(query, variables) == expected


def test_most_of_what_is_compared_has_an_answer() -> None:
    """Without this, all might have failed."""
    count = Counter[bool]()

    @settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(operations().filter(lambda drawn: is_valid(drawn[0])))
    def draw(drawn: tuple[str, dict[str, object]]) -> None:
        count[asyncio.run(compiled(*drawn)) is not None] += 1

    draw()
    assert count[True] > 20


@pytest.mark.parametrize(
    ("asked", "variables", "expected"),
    [
        ("query ($v: Int) { a: told(number: $v, certain: 1) }", {}, "('number', None)"),
        ("query ($v: Int = 4) { a: told(number: $v) }", {}, "('number', 4)"),
        ("query ($v: Int = 4) { a: told(number: $v) }", {"v": None}, "('number', None)"),
        ("query ($v: Int) { a: told(certain: $v) }", {}, "('certain', 7)"),
        ("query ($v: String) { a: told(text: $v) }", {}, "('text', 'none')"),
        ("query ($v: String) { a: told(text: $v) }", {"v": None}, "('text', None)"),
        ("query ($v: Colour) { a: told(hue: $v) }", {}, "('hue', <Colour.RED: 'r'>)"),
        ("query ($v: Colour) { a: told(hue: $v) }", {"v": "GREEN"}, "('hue', <Colour.GREEN: 'g'>)"),
        ("query ($v: ID) { a: told(id: $v) }", {"v": 7}, "('id_', '7')"),
        ("query ($v: Int) { a: told(unset: $v) }", {}, "('unset', UNSET)"),
        ("query ($v: Int) { a: told(ratio: 1, number: $v) }", {"v": 1}, "('ratio', 1.0)"),
        ("query ($v: Float) { a: told(ratio: $v) }", {"v": 1}, "('ratio', 1.0)"),
        ("query ($v: String!) { a: told(texts: [$v]) }", {"v": "x"}, "('texts', ['x'])"),
        ("query ($v: [String!]) { a: told(texts: $v) }", {"v": "x"}, "('texts', ['x'])"),
        (
            'query ($v: Boolean) { a: told(outer: {wanted: "w", isFlag: $v}) }',
            {},
            "flag=None, inner=None, inners=UNSET",
        ),
        ('query ($v: Colour = RED) { a: told(outer: {wanted: "w", inner: {colour: $v}}) }', {}, "colour=<Colour.RED: "),
    ],
)
async def test_each_rule_by_an_example(asked: str, variables: dict[str, object], expected: str) -> None:
    assert is_valid(asked)
    answer = await compiled(asked, variables)
    assert answer == stock(asked, variables)
    assert expected in answer["a"]


@pytest.mark.parametrize(
    ("asked", "variables"),
    [
        ("query ($v: Int) { told(certain: $v) }", {"v": None}),
        ("query ($v: Int = 1) { told(certain: $v) }", {"v": None}),
        ("query ($v: Colour) { told(hue: $v) }", {"v": None}),
        ('query ($v: Colour) { told(outer: {wanted: "", inner: {colour: $v}}) }', {"v": None}),
        ("query ($v: Colour) { told(colour: $v) }", {"v": "BLUE"}),
        ("query ($v: Int) { told(number: $v) }", {"v": True}),
    ],
)
async def test_what_fits_no_argument_is_left_to_the_stock_executor(asked: str, variables: dict[str, object]) -> None:
    assert stock(asked, variables) is None
    assert await compiled(asked, variables) is None


async def test_a_run_does_not_change_what_the_next_one_is_given() -> None:
    query = 'query ($v: Int) { told(number: $v, texts: ["a"], outer: {wanted: "w", inner: {words: ["b"]}}) }'
    first = await compiled(query, {"v": 1})
    assert await compiled(query, {"v": 2}) != first
    assert await compiled(query, {"v": 1}) == first
