"""What documents must keep to beside the rules of GraphQL."""

import pytest
from graphql import get_introspection_query

from schema.limits import Limits
from tests.plain_engine import PlainEngine
from tests.schema.client import Client

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
    message = await Client(PlainEngine(), limits=Limits(max_comparisons=300)).refusal(query)
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
    message = await Client(PlainEngine()).refusal("{ index { a: generation a: builtAt } }")
    assert message.startswith("Fields 'a' conflict because 'generation' and 'builtAt' are different fields.")


async def test_what_was_wrong_before_the_comparisons_ended_is_told_too():
    query = "query A { nothing } query B {" + "index { generation } " * 200 + "}"
    errors = await Client(PlainEngine(), limits=Limits(max_comparisons=300)).errors(query)
    assert [error["message"][:15] for error in errors] == ["Cannot query fi", "The query needs"]
