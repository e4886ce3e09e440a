"""Rules of documents beside those of GraphQL."""

from contextlib import suppress

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind, get_introspection_query, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.compiler.resolving import graphql_schema
from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from schema.limits.limits import Limits, Switch
from schema.limits.rules import joined, rules
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.schema.client import Client
from tests.schema.compiler.operations import documents

FLAT = " ".join(f"...F{n}" for n in range(40))
FRAGMENTS = " ".join(f"fragment F{n} on IndexStatus {{ generation }}" for n in range(40))


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "index { generation } " * 200 + "}",
        "{ index { " + "generation " * 300 + "} }",
        "{ index { " + "nothing " * 300 + "} }",
        "{ " + "... { __typename } " * 300 + "}",
        "{ " + f"index {{ {FLAT} }} " * 12 + f"}} {FRAGMENTS}",
        "".join(f"query Q{n} {{ {'index { generation } ' * 8} }} " for n in range(12)),
    ],
    ids=["fields", "leaves", "unknown", "inline", "fragments", "operations"],
)
async def test_fields_are_compared_only_so_often(query: str):
    message = await Client(PlainEngine(), limits=Limits(max_comparisons=300)).refusal(
        query, code=Code.TOO_MANY_COMPARISONS
    )
    assert message.startswith("The query needs more than 300 comparisons of fields that have the same name")


@pytest.mark.parametrize(
    "query",
    [
        "{ index { generation } index { builtAt } }",
        "{ ...A ...B } fragment A on Query { index { generation } } fragment B on Query { index { generation } }",
        get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True),
    ],
)
async def test_a_few_fields_of_one_name_are_no_matter(query: str):
    await Client(PlainEngine(), limits=Limits(max_comparisons=50)).data(query)


async def test_fields_of_one_name_must_still_agree():
    message = await Client(PlainEngine()).refusal(
        "{ index { a: generation a: builtAt } }", code=Code.GRAPHQL_VALIDATION_FAILED
    )
    assert message.startswith("Fields 'a' conflict because 'generation' and 'builtAt' are different fields.")


async def test_what_was_wrong_before_the_comparisons_ended_is_told_too():
    query = "query A { nothing } query B {" + "index { generation } " * 200 + "}"
    errors = await Client(PlainEngine(), limits=Limits(max_comparisons=300)).errors(query)
    assert [error["message"][:15] for error in errors] == ["Cannot query fi", "The query needs"]


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ __schema { queryType { name } } }", "__schema"),
        ('{ __typename __type(name: "Article") { fields { name } } }', "__type"),
        ("{ ...A } fragment A on Query { ... { s: __schema { types { name } } } }", "__schema"),
        ("query ($s: Boolean!) { __schema @include(if: $s) { types { name } } }", "__schema"),
    ],
)
async def test_the_schema_is_not_told_where_introspection_is_off(execution: Execution, query: str, field: str):
    client = Client(PlainEngine(), limits=Limits(introspection=Switch.OFF), execution=execution)
    assert await client.refusal(query, s=True, code=Code.INTROSPECTION_DISABLED) == (
        f"Introspection is switched off on this server, so '{field}' has no answer. "
        "Ask those who run it for the schema."
    )


@pytest.mark.parametrize("execution", Execution)
async def test_the_type_of_an_object_is_told_all_the_same(execution: Execution):
    client = Client(PlainEngine(), limits=Limits(introspection=Switch.OFF), execution=execution)
    assert await client.data("{ __typename index { __typename } }") == {
        "__typename": "Query",
        "index": {"__typename": "IndexStatus"},
    }


MISTYPED = [
    ("{ articls { totalCount } }", {}),
    ("{ articles { nods { key } } }", {}),
    ("{ articles(serch: 1) { totalCount } }", {}),
    ("{ articles(ranking: NEWST) { totalCount } }", {}),
    ("{ articles(filter: { not: { heatAtLest: 1 } }) { totalCount } }", {}),
    ("{ ... on Queri { __typename } }", {}),
    ("query ($a: Rankin) { articles(ranking: $a) { totalCount } }", {}),
    ("query ($a: Ranking) { articles(ranking: $a) { totalCount } }", {"a": "NEWST"}),
    ("query ($a: Ranking = NEWST) { articles(ranking: $a) { totalCount } }", {}),
    ("query ($a: ArticleFilter) { articles(filter: $a) { totalCount } }", {"a": {"heatAtLest": 1}}),
    ("query ($a: ArticleFilter) { articles(filter: $a) { totalCount } }", {"a": {"not": {"hasImge": True}}}),
    ("query ($a: ArticleFilter!) { articles(filter: { and: [$a] }) { totalCount } }", {"a": {"hasImge": True}}),
]


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize(("query", "variables"), MISTYPED)
async def test_what_was_probably_meant_is_told_unless_hints_are_off(
    execution: Execution, query: str, variables: dict[str, object]
):
    told, silent = (
        Client(PlainEngine(), limits=Limits(schema_hints=each), execution=execution) for each in (Switch.ON, Switch.OFF)
    )
    code = Code.BAD_USER_INPUT if variables else Code.GRAPHQL_VALIDATION_FAILED
    assert "Did you mean" in await told.refusal(query, **variables, code=code)
    assert "Did you mean" not in await silent.refusal(query, **variables, code=code)


def words(text: str) -> list[str]:
    """The names, values and signs of a document."""
    lexer = Lexer(Source(text))
    told = []
    while lexer.advance().kind != TokenKind.EOF:
        told.append(text[lexer.token.start : lexer.token.end])
    return told


@st.composite
def mistaken(draw: st.DrawFn) -> str:
    """A document of which some words stand in other places, or twice, or not at all."""
    told = words(draw(documents(depth=3)))
    for _ in range(draw(st.integers(0, 3))):
        place, other = (draw(st.integers(0, len(told) - 1)) for _ in range(2))
        told[place : place + draw(st.integers(0, 1))] = draw(st.sampled_from([[], [told[other]], ["nothing"]]))
    return " ".join(told)


SCHEMA = graphql_schema(build_schema())


@given(mistaken())
def test_all_rules_as_one_report_what_each_of_them_reports(text: str):
    try:
        document = parse(text)
    except GraphQLSyntaxError:
        return
    each = rules(Limits(introspection=Switch.OFF))
    reported = validate(SCHEMA, document, [joined(each)], max_errors=10)
    assert [error.formatted for error in reported] == [
        error.formatted for error in validate(SCHEMA, document, each, max_errors=10)
    ]


def test_most_rules_are_put_to_the_test():
    """Without this, each of the mistaken documents might have been valid, or no document at all."""
    messages: set[str] = set()

    @settings(max_examples=300, database=None, derandomize=True, deadline=None)
    @given(mistaken())
    def report(text: str) -> None:
        with suppress(GraphQLSyntaxError):
            errors = validate(SCHEMA, parse(text), rules(Limits()))
            messages.update(error.message.partition(" ")[0] for error in errors)

    report()
    assert len(messages) >= 6
