"""Documents are read once, and not at all where they are too long."""

import pytest
from graphql import DocumentNode

from schema.compiler.resolving import graphql_schema
from schema.execution.documents import Documents
from schema.execution.executor import Execution
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.schema.client import Client


def documents(**limits: int) -> Documents:
    return Documents(graphql_schema(build_schema()), Limits(**limits))


def test_a_document_is_read_once():
    remembered = documents()
    first = remembered.read("{ index { generation } }")
    assert isinstance(first, DocumentNode)
    assert remembered.read("{ index { generation } }") is first


def test_a_refusal_is_remembered_too():
    remembered = documents()
    first = remembered.read("{ nothing }")
    assert isinstance(first, tuple)
    assert remembered.read("{ nothing }") is first


def test_the_least_recently_used_document_is_forgotten_first():
    remembered = documents(document_cache=2)
    queries = ("{ __typename }", "{ index { generation } }", "{ index { builtAt } }")
    first, second = remembered.read(queries[0]), remembered.read(queries[1])
    assert remembered.read(queries[0]) is first
    remembered.read(queries[2])
    assert remembered.read(queries[0]) is first
    assert remembered.read(queries[1]) is not second


def test_a_very_long_document_is_not_kept():
    """The memory is bounded by the number of documents times their length."""
    remembered = documents()
    long = f'{{ topic(name: "{"x" * 20_000}") {{ name }} }}'
    assert remembered.read(long) is not remembered.read(long)


@pytest.mark.parametrize("query", ["{" + " __typename" * 20 + "}", "#\n" * 11 + "{ __typename }"])
async def test_a_document_of_too_many_tokens_is_refused(query: str):
    client = Client(PlainEngine(), limits=Limits(max_tokens=10))
    assert await client.data("{ __typename }") == {"__typename": "Query"}
    assert "10" in await client.refusal(query)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ __typename }" + " " * 100, "The query has 114 characters, and at most 100 are allowed."),
        ("{ __typename" + "\n" * 10 + "}", "The query has 11 lines, and at most 10 are allowed."),
        ("{ __typename" + "\r\n" * 10 + "}", "The query has 11 lines, and at most 10 are allowed."),
        ("{ __typename" + "\r" * 10 + "}", "The query has 11 lines, and at most 10 are allowed."),
    ],
)
async def test_a_text_that_is_too_long_is_refused_unread(text: str, message: str):
    client = Client(PlainEngine(), limits=Limits(max_query_length=100, max_tokens=10))
    assert (await client.refusal(text)).startswith(message)


async def test_what_is_too_big_is_not_looked_at_any_further():
    message = await Client(PlainEngine(), limits=Limits(max_fields=2)).refusal("{ nothing nowhere never }")
    assert message.startswith("The query has 3 fields")


@pytest.mark.parametrize(
    "query", ["{a" * 1000, "{ a(b: " + "[" * 900 + "]" * 900 + ") }", "{" + "...{" * 600 + "}" * 601]
)
async def test_what_nests_too_deep_to_be_parsed_is_refused(query: str):
    assert "nested too deeply" in await Client(PlainEngine()).refusal(query)


@pytest.mark.parametrize(("wrong", "listed"), [(1, 1), (3, 3), (4, 3), (100, 3)])
async def test_only_so_many_errors_are_listed(wrong: int, listed: int):
    query = "{ " + " ".join(f"nothing{n}" for n in range(wrong)) + " }"
    errors = await Client(PlainEngine(), limits=Limits(max_errors=3)).errors(query)
    assert [error["message"] for error in errors] == [
        *(f"Cannot query field 'nothing{n}' on type 'Query'." for n in range(listed)),
        *(["The query has more errors than these. Mend them first."] if wrong > listed else []),
    ]


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize(("wrong", "listed"), [(3, 3), (100, 3)])
async def test_of_variables_too(execution: Execution, wrong: int, listed: int):
    client = Client(PlainEngine(), limits=Limits(max_errors=3), execution=execution)
    query = "query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }"
    errors = await client.errors(query, filter={"topics": {"any": [1] * wrong}})
    assert sum("String cannot represent a non string value: 1" in error["message"] for error in errors) == listed
    assert len(errors) == listed + (wrong > listed)


async def test_fragments_that_nest_too_deep_to_be_checked_are_refused():
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(210))
    query = f"{{ ...F0 }} {fragments} fragment F210 on Query {{ __typename }}"
    assert (await Client(PlainEngine()).refusal(query)).startswith("The query has too many fragments within fragments")
