"""Documents are read once, and not at all where they are too long."""

import gc

import pytest

from indexer.memory import MEMORY_BYTES, Memory
from schema.compiler.resolving import graphql_schema
from schema.execution.documents import Documents
from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.schema.client import Client


def documents(max_bytes: int = MEMORY_BYTES) -> Documents:
    return Documents(graphql_schema(build_schema()), Limits(), Memory(max_bytes))


def test_a_document_is_read_once():
    kept = documents()
    first = kept.read("{ index { generation } }")
    assert first.node is not None
    assert kept.read("{ index { generation } }") is first


def test_a_refusal_is_kept_too():
    kept = documents()
    first = kept.read("{ nothing }")
    assert first.errors
    assert kept.read("{ nothing }") is first


def test_the_latest_documents_are_kept():
    kept = documents(30_000)
    queries = [f"{{ a{number}: index {{ generation }} }}" for number in range(20)]
    read = [kept.read(query) for query in queries]
    assert kept.read(queries[-1]) is read[-1]
    assert kept.read(queries[0]) is not read[0]


WORDY = "{ " + " ".join(f"a{number}: index {{ generation }}" for number in range(25)) + " }"


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    "query",
    [WORDY, "{ nothing nowhere }", "{ index { generation } } #" + "x" * 9_000, "{ index { generation(a: 1) } }"],
)
def test_what_is_given_up_is_freed_at_once(query: str):
    kept = documents(1)
    kept.read(query)
    gc.collect()
    before = len(gc.get_objects())
    document = kept.read(query)
    garbage = gc.collect()  # that of parsing and validating, which graphql-core leaves
    held = len(gc.get_objects()) - before
    del document
    assert len(gc.get_objects()) <= before
    assert (gc.collect(), held > 10, garbage >= 0) == (0, True, True)


@pytest.mark.parametrize("query", ["{" + " __typename" * 20 + "}", "#\n" * 11 + "{ __typename }"])
async def test_a_document_of_too_many_tokens_is_refused(query: str):
    client = Client(PlainEngine(), limits=Limits(max_tokens=10))
    assert await client.data("{ __typename }") == {"__typename": "Query"}
    assert "10" in await client.refusal(query, code=Code.QUERY_TOO_LONG)


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
    assert (await client.refusal(text, code=Code.QUERY_TOO_LONG)).startswith(message)


async def test_what_is_too_big_is_not_looked_at_any_further():
    message = await Client(PlainEngine(), limits=Limits(max_fields=2)).refusal(
        "{ nothing nowhere never }", code=Code.TOO_MANY_FIELDS
    )
    assert message.startswith("The query has 3 fields")


@pytest.mark.parametrize(
    "query", ["{a" * 1000, "{ a(b: " + "[" * 900 + "]" * 900 + ") }", "{" + "...{" * 600 + "}" * 601]
)
async def test_what_nests_too_deep_to_be_parsed_is_refused(query: str):
    assert "nested too deeply" in await Client(PlainEngine()).refusal(query, code=Code.QUERY_TOO_DEEP)


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
    assert (await Client(PlainEngine()).refusal(query, code=Code.GRAPHQL_VALIDATION_FAILED)).startswith(
        "The query has too many fragments within fragments"
    )
