"""Every text that an argument takes has a limit, wherever it stands in the schema."""

from collections.abc import Iterator, Mapping, Sequence

import orjson
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    is_input_object_type,
    is_object_type,
    is_required_input_field,
)

from schema.compiler.resolving import graphql_schema
from schema.execution.executor import Execution
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.samples import full
from tests.schema.client import Client
from tests.schema.walk import questions

SCHEMA = graphql_schema(build_schema())
LONG = "x" * 2049
ARTICLE = full("a")
SHORT: Mapping[str, str] = {
    "domain": f'"{ARTICLE.provider.domain}"',
    "name": f'"{ARTICLE.topics[0]}"',
    "key": '"a"',
    "prefix": '"a"',
}
"""Values that lead to something, by argument."""
TEXTS = ("String", "ID", "URL", "DateTime", "JSON")


def values(type_: GraphQLInputType, depth: int = 0) -> Iterator[str]:
    """A long text at each place of a value that takes one. Of what may be nested, one level is enough."""
    named = get_named_type(type_)
    if named.name in TEXTS:
        yield f'"{LONG}"'
    elif is_input_object_type(named):
        yield from (f"{{ {each} }}" for each in fields(named, depth))


def fields(type_: GraphQLInputObjectType, depth: int) -> Iterator[str]:
    required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
    for name, field in type_.fields.items():
        if depth == 0 or get_named_type(field.type) is not type_:
            others = "".join(f', {other}: "x"' for other in required if other != name)
            yield from (f"{name}: {value}{others}" for value in values(field.type, depth + 1))


def candidates() -> Mapping[str, Sequence[str]]:
    """For each argument, a short value to pass by, and long ones."""
    found: dict[str, list[str]] = {}
    for type_ in filter(is_object_type, SCHEMA.type_map.values()):
        for field in type_.fields.values():
            for name, argument in field.args.items():
                found[name] = [SHORT.get(name, "null"), *values(argument.type)]
    return found


TOLD = (
    "2049 characters, and at most",
    "filter: extra: 2053 characters, and at most",  # with the name, a sign and the quotation marks of JSON
    "pass one that an answer gave",
    "no cursor of this API",
    "no timestamp",
    "cannot mark text",
)
"""The message about it: its length, or that an id, a cursor or a time is never so long."""
CASES = [(place, query) for place, query in questions(SCHEMA, candidates()) if LONG in query]


def test_the_arguments_with_texts_are_all_asked_with_long_ones():
    assert {place.partition(".")[0] for place, _ in CASES} >= {"Query", "Article", "Provider", "Topic", "ArticleFacets"}
    assert sum("filter: { not:" in query for _, query in CASES) > 10


async def test_a_text_that_is_longer_than_any_value_is_refused():
    client = Client(PlainEngine([ARTICLE]), limits=Limits(max_cost=10**9), execution=Execution.STOCK)
    for place, query in CASES:
        answer = orjson.loads((await client.answer(query)).body)
        assert "errors" in answer, query.replace(LONG, "…")
        codes = {error["extensions"]["code"] for error in answer["errors"]}
        assert codes <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}, place  # the latter for values in a document
        assert all(len(error["message"]) <= 1000 for error in answer["errors"]), answer
        assert any(told in error["message"] for error in answer["errors"] for told in TOLD), (place, answer)
