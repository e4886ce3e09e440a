"""Documents are read once, and not at all where they are too long."""

import pytest
from graphql import DocumentNode

from schema.documents import Documents
from schema.limits import Limits
from schema.schema import build_schema, graphql_schema
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
