"""Prepared steps serve all calls with the same arguments, and make of them what the resolver does."""

import gc
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import execute_sync, parse
from hypothesis import given
from hypothesis import strategies as st

from indexer.memory import MEMORY_BYTES, Memory
from schema.compiler.markers import prepared_by
from schema.compiler.resolving import graphql_schema
from tests.schema.compiler.compiled import Compiled


@strawberry.enum
class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@strawberry.input
class Wish:
    words: list[str] | None = None


@dataclass
class Shop:
    """A count that runs share: of the steps that were prepared, with their arguments."""

    name: str


class Prepared:
    """A greeting, as far as it depends on the arguments alone."""

    times = 0

    def __init__(  # noqa: PLR0913 - the arguments of the field
        self,
        *,
        number: int = 1,
        ratio: float | None = None,
        text: str | None = None,
        size: Size | None = None,
        wish: Wish | None = None,
        words: list[str] | None = None,
    ) -> None:
        if number < 0:
            raise ValueError(number)
        type(self).times += 1
        self._told = repr((number, ratio, text, size, wish, words))

    def __call__(self, parent: Any, context: Shop) -> str:
        if context.name == "closed":
            raise LookupError
        return f"{parent} {context.name} {self._told}"


def _greeting(  # noqa: PLR0913 - the arguments of the field
    parent: strawberry.Parent[str],
    info: strawberry.Info,
    *,
    number: int = 1,
    ratio: float | None = None,
    text: str | None = None,
    size: Size | None = None,
    wish: Wish | None = None,
    words: list[str] | None = None,
) -> str:
    return Prepared(number=number, ratio=ratio, text=text, size=size, wish=wish, words=words)(parent, info.context)


@strawberry.type
class Query:
    greeting = strawberry.field(resolver=_greeting, metadata=prepared_by(Prepared), graphql_type=str)


STRAWBERRY = strawberry.Schema(Query)
DECLARED = "query ($number: Int! = 1, $ratio: Float, $text: String, $size: Size, $wish: Wish, $word: String!)"
variables = st.fixed_dictionaries(
    {"word": st.sampled_from("ab")},
    optional={
        "number": st.sampled_from([0, 1, 2, -1]),
        "ratio": st.sampled_from([0, 1, 1.0, 2, None]),
        "text": st.sampled_from(["", "1", "a" * 5000, None]),
        "size": st.sampled_from(["SMALL", "LARGE", None]),
        "wish": st.sampled_from([None, {}, {"words": ["a"]}, {"words": "b"}]),
    },
)
queries = st.sampled_from(
    [
        "greeting(number: $number, ratio: $ratio, text: $text, size: $size)",
        "greeting(number: $number, text: $text) b: greeting(text: $text) c: greeting",
        "greeting(wish: $wish, number: $number)",
        "greeting(words: [$word]) b: greeting(wish: {words: [$word]}, size: LARGE)",
        'greeting(number: 2, text: "constant", wish: {words: ["constant"]})',
    ]
).map(lambda asked: f"{DECLARED} {{ {asked} }}")


class Asked:
    """The field, compiled and not."""

    def __init__(self, max_bytes: int = MEMORY_BYTES) -> None:
        self._compiled = Compiled(STRAWBERRY, Memory(max_bytes))

    async def compiled(self, query: str, given: dict[str, object], *, shop: str = "open") -> object:
        return await self._compiled.data(query, given, Shop(shop))

    def stock(self, query: str, given: dict[str, object], *, shop: str = "open") -> object:
        schema = graphql_schema(STRAWBERRY)
        result = execute_sync(schema, parse(query), variable_values=given, context_value=Shop(shop))
        return None if result.errors else result.data


@given(st.lists(st.tuples(queries, variables, st.sampled_from(["open", "open", "other", "closed"])), max_size=12))
async def test_a_prepared_call_is_the_resolver_s(asked: list[tuple[str, dict[str, object], str]]) -> None:
    both = Asked()
    for query, given_, shop in asked:
        assert await both.compiled(query, given_, shop=shop) == both.stock(query, given_, shop=shop)


async def times(query: str, *runs: dict[str, object]) -> int:
    """The number of steps that are prepared while the operation runs with these variables."""
    asked, before = Asked(), Prepared.times
    for run in runs:
        await asked.compiled(query, run)
    return Prepared.times - before


async def test_the_same_arguments_are_prepared_once() -> None:
    query = "query ($text: String, $ratio: Float) { greeting(text: $text, ratio: $ratio, number: 3) }"
    assert await times(query, *[{"text": "a"}] * 5, *[{"text": "b", "ratio": 1}] * 5, {"text": "a"}) == 2
    assert await times(query, {"text": None}, {}, {"text": None, "ratio": None}) == 1
    assert await times("{ greeting a: greeting b: greeting(number: 1) }", {}, {}) == 3


async def test_lists_and_objects_are_prepared_each_time() -> None:
    query = "query ($wish: Wish, $words: [String!]) { greeting(wish: $wish, words: $words) }"
    assert await times(query, *[{"wish": {"words": ["a"]}}] * 3, *[{"words": ["a"]}] * 3, {}) == 7


async def test_what_fails_fails_each_time() -> None:
    asked, query = Asked(), "query ($number: Int!) { greeting(number: $number) }"
    for number in (-1, 1, -1, 1):
        answer = await asked.compiled(query, {"number": number})
        assert (answer is None) is (number < 0)


async def test_the_latest_are_kept_as_far_as_there_is_memory() -> None:
    query = "query ($number: Int!, $text: String) { greeting(number: $number, text: $text) }"
    asked = Asked(max_bytes=1_000_000)

    def alive() -> int:
        gc.collect()
        return sum(type(one) is Prepared for one in gc.get_objects())

    before = alive()
    for number in range(200):
        await asked.compiled(query, {"number": number, "text": "é" * 5000})
    assert 20 <= alive() - before <= 100
    for number in range(1100):
        await asked.compiled(query, {"number": number, "text": "é"})
    assert 80 <= alive() - before <= 250


@pytest.mark.parametrize("count", [1, 3])
async def test_each_place_in_a_document_prepares_for_itself(count: int) -> None:
    fields = " ".join(f"a{number}: greeting(text: $text)" for number in range(count))
    assert await times(f"query ($text: String) {{ {fields} }}", *[{"text": "a"}] * 3) == count
