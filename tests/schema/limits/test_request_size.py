"""The largest operations."""

import pytest
from graphql import get_introspection_query, parse

from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from schema.limits.limits import Limits
from schema.limits.request_size import too_big, too_many
from tests.plain_engine import PlainEngine
from tests.samples import plain
from tests.schema.client import Client

TIGHT = Limits(max_depth=3, max_aliases=3)


@pytest.mark.parametrize(
    "query",
    [
        "{ articles { nodes { key } } }",
        """{ articles { ...A } } fragment A on ArticleConnection { ... on ArticleConnection { nodes { ...B } } }
           fragment B on Article { key }""",
        "{ articles { } }",
    ],
)
async def test_what_is_within_the_depth_is_answered(query: str):
    assert (await Client(PlainEngine([plain("a")]), limits=TIGHT).answer(query)).error_codes == ()


@pytest.mark.parametrize(
    "query",
    [
        "{ articles { nodes { provider { name } } } }",
        "{ articles { ... { nodes { ... on Article { provider { name } } } } } }",
        """{ ...A } fragment A on Query { articles { ...B } } fragment B on ArticleConnection { nodes { ...C } }
           fragment C on Article { provider { name } }""",
        "{ articles { ...B nodes { key } } } fragment B on ArticleConnection { nodes { provider { name } } }",
    ],
)
async def test_depth_cannot_hide_in_fragments(query: str):
    message = await Client(PlainEngine(), limits=TIGHT).refusal(query, code=Code.QUERY_TOO_DEEP)
    assert message.startswith("The query has 4 nested fields, and at most 3 are allowed.")


async def test_every_operation_of_a_document_is_measured():
    query = "query A { index { generation } } query B { articles { nodes { provider { name } } } }"
    assert "4 nested fields" in await Client(PlainEngine(), limits=TIGHT).refusal(query, code=Code.QUERY_TOO_DEEP)


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { articles { nodes { key } } ...A }",
        "{ ...Nowhere }",
    ],
)
async def test_fragments_in_a_circle_or_missing_are_refused_at_once(query: str):
    answer = await Client(PlainEngine(), limits=TIGHT).answer(query)
    assert set(answer.error_codes) == {"GRAPHQL_VALIDATION_FAILED"}


async def test_introspection_as_tools_do_it_is_within_the_depth():
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    data = await Client(PlainEngine(), limits=TIGHT).data(query)
    assert data["__schema"]["queryType"]["name"] == "Query"


async def test_introspection_has_a_depth_of_its_own():
    query = f"{{ __schema {{ types {{ fields {{ type {'{ ofType ' * 17}{{ name }}{' }' * 17} }} }} }} }}"
    message = await Client(PlainEngine()).refusal(query, code=Code.QUERY_TOO_DEEP)
    assert message.startswith("The query has 22 nested fields of introspection, and at most 20 are allowed.")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("{ a: __typename b: __typename c: __typename }", None),
        ("{ a: __typename b: __typename c: __typename d: __typename }", 4),
        ("{ x: articles { y: nodes { z: key w: key } } }", 4),
        ("{ a: articles { ...A } b: articles { ...A } } fragment A on ArticleConnection { t: totalCount }", 4),
        ("query A { a: __typename b: __typename } query B { c: __typename d: __typename }", None),
    ],
)
async def test_aliases_are_counted_as_often_as_they_are_spread(query: str, count: int | None):
    client = Client(PlainEngine(), limits=TIGHT)
    if count is None:
        assert "aliases" not in str((await client.answer(query)).body)
    else:
        message = await client.refusal(query, code=Code.TOO_MANY_ALIASES)
        assert f"The query has {count} aliases, and at most 3 are allowed." in message


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("{ index { generation builtAt } __typename }", None),
        ("{ index { generation builtAt articleCount } __typename }", 5),
        ("{ index { ...A ... { ...A } } __typename } fragment A on IndexStatus { builtAt generation }", 6),
        ("{ __schema { types { name fields { name } } } }", 5),
        ("query A { index { generation } } query B { index { generation builtAt } }", None),
    ],
)
async def test_fields_are_counted_as_often_as_they_are_spread(query: str, count: int | None):
    client = Client(PlainEngine(), limits=Limits(max_fields=4))
    if count is None:
        assert "at most" not in str((await client.answer(query)).body)
    else:
        message = f"The query has {count} fields, and at most 4 are allowed. Spread them over several requests."
        assert await client.refusal(query, code=Code.TOO_MANY_FIELDS) == message


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("{ a: __typename @skip(if: true) b: __typename @skip(if: true) }", None),
        ("{ __typename @skip(if: true) @include(if: true) ... @skip(if: true) { __typename } }", 3),
        ("{ ...A @skip(if: true) ...A } fragment A on Query { __typename @skip(if: true) }", 3),
        ("{ ...A } fragment A on Query @one @two { __typename @three }", 3),
        ("query ($a: Int @one) @two { articles(first: $a) @three { totalCount } }", 3),
        ("query A { __typename @skip(if: true) } query B { __typename @skip(if: true) }", None),
    ],
)
async def test_directives_are_counted_wherever_they_are(query: str, count: int | None):
    client = Client(PlainEngine(), limits=Limits(max_directives=2))
    if count is None:
        assert "at most" not in str((await client.answer(query)).body)
    else:
        message = await client.refusal(query, code=Code.TOO_MANY_DIRECTIVES)
        assert message.startswith(f"The query has {count} directives, and at most 2 are allowed.")


def test_all_that_is_too_much_is_named_with_its_operation():
    document = parse("query A { __typename } query B { a: index { b: articleCount } }")
    errors = list(too_big(document, Limits(max_depth=1, max_fields=1, max_aliases=1)))
    assert [error.message.partition(",")[0] for error in errors] == [
        "The query has 2 nested fields",
        "The query has 2 fields",
        "The query has 2 aliases",
    ]
    assert {(error.nodes or [])[0] for error in errors} == {document.definitions[1]}


@pytest.mark.parametrize(("doubled", "count"), [(60, 2**60), (600, 2**64)])
def test_fragments_that_double_each_time_are_counted_without_being_followed(doubled: int, count: int):
    """Sixty fragments that spread the next one twice have more aliases than could be visited."""
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(doubled))
    document = parse(f"{{ ...F0 }} {fragments} fragment F{doubled} on Query {{ a: __typename @skip(if: true) }}")
    messages = [error.message for error in too_big(document, Limits())]
    assert [message.partition(",")[0] for message in messages] == [
        f"The query has {count} fields",
        f"The query has {count} aliases",
        f"The query has {count} directives",
    ]


FILTERED = "query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }"


@pytest.mark.parametrize(
    ("variables", "count"),
    [
        ({}, 0),
        ({"a": 1, "b": None}, 2),
        ({"a": "a long text"}, 1),
        ({"a": []}, 1),
        ({"a": [1, 2, [3]]}, 5),
        ({"a": {"b": {"c": 1}, "d": 2}}, 4),
        ({"a": [{"b": 1}, {"b": 1}]}, 5),
    ],
)
def test_values_are_counted_with_those_in_lists_and_objects(variables: dict[str, object], count: int):
    assert too_many(variables, most=count) is None
    if count:
        assert str(too_many(variables, most=count - 1)).startswith(f"The variables hold more than {count - 1} values")


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize("value", [[{}] * 100_000, [1] * 100_000, {f"a{n}": 1 for n in range(10_000)}])
async def test_too_many_are_refused_before_they_are_looked_at(execution: Execution, value: object):
    client = Client(PlainEngine(), limits=Limits(max_variables=100), execution=execution)
    answer = await client.answer(FILTERED, filter={"and": value})
    assert (answer.executed, answer.error_codes) == (False, ("TOO_MANY_VARIABLES",))
    message = await client.refusal(FILTERED, filter={"and": value}, code=Code.TOO_MANY_VARIABLES)
    assert "more than 100 values" in message


async def test_what_filters_may_hold_is_within_the_limit():
    client = Client(PlainEngine())
    values = [f"value {n}" for n in range(100)]
    given = {name: {"any": values, "none": values} for name in ("topics", "provider", "category", "type")}
    assert await client.data(FILTERED, filter=given) == {"articles": {"totalCount": 0}}


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize("depth", [150, 190, 250, 900])
@pytest.mark.parametrize("field", ["not", "and", "hasImage", "other"])
async def test_values_that_nest_deep_are_refused(execution: Execution, depth: int, field: str):
    value: object = {}
    for _ in range(depth):
        value = [value] if field == "hasImage" else {field: [value] if field == "and" else value}
    filter_ = {"hasImage": value} if field == "hasImage" else value
    client = Client(PlainEngine(), limits=Limits(max_variables=10_000), execution=execution)
    assert set((await client.answer(FILTERED, filter=filter_)).error_codes) == {"BAD_USER_INPUT"}


@pytest.mark.parametrize(("length", "is_answered"), [(100, True), (101, False)])
async def test_a_long_alias_is_refused_wherever_it_stands(length: int, is_answered: bool):  # noqa: FBT001  # a parameter
    """The answer repeats it for every entry of a list."""
    alias = "a" * length
    for query in (f"{{ {alias}: __typename }}", f"{{ ...A }} fragment A on Query {{ {alias}: __typename }}"):
        answer = await Client(PlainEngine()).answer(query)
        assert (answer.error_codes == ()) is is_answered
    if not is_answered:
        message = await Client(PlainEngine()).refusal(query, code=Code.NAME_TOO_LONG)
        assert "An alias has 101 characters, and at most 100" in message


async def test_an_operation_with_a_long_name_is_refused():
    assert (await Client(PlainEngine()).answer(f"query {'a' * 200} {{ __typename }}")).error_codes == ()
    message = await Client(PlainEngine()).refusal(f"query {'a' * 201} {{ __typename }}", code=Code.NAME_TOO_LONG)
    assert "The name of the operation has 201 characters, and at most 200 are allowed." in message


@pytest.mark.parametrize(
    "query",
    [
        "{ articles(first: %s) { totalCount } }",
        "{ article(key: %s) { title } }",
        "{ node(id: -%s) { id } }",
        "{ articles(tuning: {text: %s.5}) { totalCount } }",
        "{ articles(tuning: {text: 1e%s}) { totalCount } }",
        "query ($first: Int = %s) { articles(first: $first) { totalCount } }",
        "{ __typename @skip(if: %s) }",
        "{ articles { ...A } } fragment A on ArticleConnection { facets { topics(first: %s) { totalCount } } }",
    ],
)
@pytest.mark.parametrize("digits", [101, 5000])
async def test_a_number_of_thousands_of_digits_is_refused_in_words_of_ours(query: str, digits: int):
    message = await Client(PlainEngine()).refusal(query % ("9" * digits), code=Code.NUMBER_TOO_LONG)
    assert message.startswith("A number in the query has ")
    assert "at most 100" in message


async def test_digits_in_texts_and_names_are_no_numbers():
    digits = "9" * 90
    query = f'{{ a{digits}: articles(search: "{digits * 3}") {{ totalCount }} }}'
    assert (await Client(PlainEngine()).answer(query)).error_codes == ()
