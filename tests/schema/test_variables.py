"""How much may be sent as variables."""

import pytest

from schema.executor import Execution
from schema.limits import Limits
from schema.variables import too_many
from tests.plain_engine import PlainEngine
from tests.schema.client import Client

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
    assert (answer.executed, answer.error_codes) == (False, ("BAD_USER_INPUT",))
    assert "more than 100 values" in await client.refusal(FILTERED, filter={"and": value})


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
