"""Whatever a document looks like, it is answered or refused: no exception escapes, and nothing counts as a failure."""

from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.execution.executor import Execution
from schema.execution.request import Answer
from schema.limits.error_codes import Code
from tests.plain_engine import PlainEngine
from tests.samples import full, plain
from tests.schema.client import Client

REFUSALS = set(Code) - {Code.INTERNAL, Code.DEADLINE_EXCEEDED, Code.INDEX_UNAVAILABLE, Code.INDEX_UNREACHABLE}
"""The codes of requests that are the client's own fault."""

CLIENTS = [Client(PlainEngine([plain("a"), full("b")]), execution=execution) for execution in Execution]


def nested(opening: str, inner: str, closing: str, *, times: int) -> str:
    return opening * times + inner + closing * times


def many(count: int, write: Callable[[int], str]) -> str:
    return " ".join(map(write, range(count)))


SHAPES = {
    "the same field": "{" + "index { generation } " * 300 + "}",
    "conflicts": "{ articles { nodes {" + many(25, lambda n: f"a: x{n}") + "} } }",
    "fields within fields": nested("{ articles", " ", "}", times=190),
    "inline fragments": "{" + nested("... {", "__typename", "}", times=190) + "}",
    "fragments side by side": "{" + many(150, lambda n: f"...F{n}") + "}"
    + many(150, lambda n: f"fragment F{n} on Query {{ __typename }}"),
    "a chain of fragments": "{ ...F0 }" + many(200, lambda n: f"fragment F{n} on Query {{ ...F{n + 1} }}")
    + "fragment F200 on Query { __typename }",
    "a circle of fragments": "{ ...F0 }" + many(200, lambda n: f"fragment F{n} on Query {{ ...F{(n + 1) % 200} }}"),
    "fragments that spread all": "{ ...F0 }"
    + many(25, lambda n: f"fragment F{n} on Query {{ {many(25, lambda inner: f'...F{inner}')} }}"),
    "operations": many(300, lambda n: f"query Q{n} {{ __typename }}"),
    "operations with one fragment": many(100, lambda n: f"query Q{n} {{ ...F0 }}")
    + many(100, lambda n: f"fragment F{n} on Query {{ ...F{n + 1} }}") + "fragment F100 on Query { __typename }",
    "variables": "query (" + many(300, lambda n: f"$v{n}: Int") + ") { __typename }",
    "one variable again and again": "query (" + "$v: Int " * 400 + ") { articles(first: $v) { totalCount } }",
    "directives": "{ __typename" + " @skip(if: true)" * 300 + "}",
    "arguments": "{ articles(" + many(600, lambda n: f"x{n}: 1") + ") { totalCount } }",
    "nested filters": "{ articles(filter: " + nested("{ not: ", "{}", "}", times=190) + ") { totalCount } }",
    "nested lists": "{ articles(filter: { and: " + nested("[", "", "]", times=190) + "}) { totalCount } }",
    "a long list": "{ articles(filter: { topics: { any: [" + '"a" ' * 1900 + "] } }) { totalCount } }",
    "unknown keys": "{ articles(filter: {" + many(600, lambda n: f"x{n}: 1") + "}) { totalCount } }",
    "a huge number": "{ articles(first: " + "9" * 40_000 + ") { totalCount } }",
    "a tiny number": "{ articles(tuning: { text: 1e-" + "9" * 40_000 + " }) { totalCount } }",
    "a long name": "{" + "x" * 49_000 + "}",
    "introspection": "{" + "__schema { types { fields { type { name } } } } " * 100 + "}",
    "definitions of types": "type A { b: C } " * 250,
}  # fmt: skip


def repeated(head: str, inner: str, times: int) -> str:
    """A selection several times, but for a long one, since repetitions within repetitions would fill the memory."""
    return f"{head} {{ {inner} }} " * (times if len(inner) < 60 else 1)


async def is_answered_or_refused(query: str, variables: dict[str, object]) -> bool:
    answers = [await client.answer(query, **variables) for client in CLIENTS]
    return all(map(_is_in_order, answers)) and answers[0].body == answers[1].body


def _is_in_order(answer: Answer) -> bool:
    body = orjson.loads(answer.body)
    return answer.executed == ("data" in body) and set(answer.error_codes) <= REFUSALS


@pytest.mark.parametrize("query", SHAPES.values(), ids=SHAPES)
async def test_a_hostile_shape_is_answered_or_refused(query: str):
    assert await is_answered_or_refused(query, {})


values = st.recursive(
    st.sampled_from(["1", "-1", "1e400", '"a"', "true", "null", "NEWEST", "$v"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda found: f"[{' '.join(found)}]")
        | st.lists(st.tuples(st.sampled_from(["and", "or", "not", "topics", "any", "x"]), inner), max_size=3).map(
            lambda found: "{" + " ".join(f"{name}: {value}" for name, value in found) + "}"
        )
    ),
    max_leaves=5,
)
arguments = st.lists(
    st.tuples(st.sampled_from(["first", "filter", "search", "ranking", "if", "ids", "x"]), values), max_size=2
).map(lambda found: f"({' '.join(f'{name}: {value}' for name, value in found)})" if found else "")
directives = st.lists(st.tuples(st.sampled_from(["skip", "include", "x"]), arguments), max_size=1).map(
    lambda found: "".join(f" @{name}{given}" for name, given in found)
)
names = st.sampled_from(
    ["articles", "nodes", "node", "key", "similar", "provider", "index", "__typename", "__schema", "types", "x"]
)
fields = st.tuples(st.sampled_from(["", "", "a: "]), names, arguments, directives).map("".join)
inlines = st.tuples(st.sampled_from(["...", "... on Query", "... on Article", "... on Node"]), directives).map("".join)
spreads = st.tuples(st.sampled_from(["...A", "...B", "...C"]), directives).map("".join)
selections = st.recursive(
    st.lists(fields | spreads, min_size=1, max_size=3).map(" ".join),
    lambda inner: st.lists(
        st.builds(repeated, fields | inlines, inner, st.sampled_from([1, 1, 2, 30])), min_size=1, max_size=3
    ).map(" ".join),
    max_leaves=5,
)
operations = st.tuples(
    st.sampled_from(["", "query", "query Q", "query ($v: Int)", "query ($v: ArticleFilter = {x: 1}, $w: [Int!])"]),
    selections,
).map(lambda each: f"{each[0]} {{ {each[1]} }}")
fragments = st.tuples(
    st.sampled_from("ABC"), st.sampled_from(["Query", "Article", "Node", "__Schema"]), selections
).map(lambda each: f"fragment {each[0]} on {each[1]} {{ {each[2]} }}")
documents = st.lists(operations | fragments, min_size=1, max_size=5).map("\n".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["and", "not", "topics", "x"]), inner),
    max_leaves=20,
)


@given(documents, st.dictionaries(st.sampled_from("vw"), json_values))
async def test_any_document_is_answered_or_refused(query: str, variables: dict[str, object]) -> None:
    assert await is_answered_or_refused(query, variables)
