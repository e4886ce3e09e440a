"""Variables have the values that graphql-core makes of them."""

from collections import Counter

import pytest
from graphql import GraphQLInputType, GraphQLSchema, OperationDefinitionNode, is_input_type, parse, validate
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables
from schema.schema import build_schema
from tests.schema.compiler.arguments_schema import SCHEMA
from tests.schema.compiler.inputs import Inputs

NUMBERS = (True, 1, 0, -1, 1.0, 1.5, 2**31, 2**31 - 1, -(2**31), -(2**31) - 1, 10**40, float("nan"), float("inf"))
OTHERS = ("1", "", "\ud800", "RED", "r", None, [], [1], [None], [True], {}, {"number": 1}, {"colour": None})
SCHEMAS = {"small": SCHEMA, "ours": graphql_schema(build_schema())}


def types_of(schema: GraphQLSchema) -> list[GraphQLInputType]:
    """All that a variable of the schema can be."""
    arguments = [
        argument.type
        for type_ in schema.type_map.values()
        for each in getattr(type_, "fields", {}).values()
        for argument in getattr(each, "args", {}).values()
    ]
    return [*arguments, *(type_ for type_ in schema.type_map.values() if is_input_type(type_))]


@st.composite
def variables(draw: st.DrawFn, schema: GraphQLSchema) -> tuple[str, dict[str, object]]:
    """An operation with variables, and values for them."""
    inputs = Inputs(draw, schema)
    for type_ in draw(st.lists(st.sampled_from(types_of(schema)), min_size=1, max_size=4)):
        inputs.variable(type_)
    if inputs.one_in(5):
        inputs.given["unknown"] = 1
    return f"{inputs.head()} {{ __typename }}", inputs.given


def both(schema: GraphQLSchema, query: str, given: dict[str, object]) -> tuple[object, object]:
    """The values by our way and by graphql-core's; None where they are refused."""
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    ours = Variables(schema, operation).coerced(given)
    theirs = get_variable_values(schema, operation.variable_definitions, given)
    return tuple(text(one) if isinstance(one, VariableValues) else None for one in (ours, theirs))


def text(values: VariableValues) -> str:
    """Tells values apart that compare as equal: 1, 1.0 and True."""
    sources = [(name, str(one.signature.type), one.value) for name, one in values.sources.items()]
    return repr((values.coerced, sources))


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_variables_are_coerced_as_graphql_core_does(name: str, data: st.DataObject) -> None:
    schema = SCHEMAS[name]
    query, given = data.draw(variables(schema))
    problems = [error.message for error in validate(schema, parse(query))]
    if not any("found" in problem or "must not" in problem for problem in problems):
        ours, theirs = both(schema, query, given)
        assert ours == theirs


def test_most_values_are_fit() -> None:
    """Without this, all might have been refused."""
    count = Counter[bool]()

    @settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(variables(SCHEMA))
    def draw(drawn: tuple[str, dict[str, object]]) -> None:
        count[both(SCHEMA, *drawn)[1] is not None] += 1

    draw()
    assert min(count.values()) > 5


@pytest.mark.parametrize("type_", ["Int", "Float", "String", "ID", "Boolean", "Colour", "[Int]", "Inner", "[[Int!]]"])
@pytest.mark.parametrize(
    "value",
    [*NUMBERS, *OTHERS],
    ids=repr,
)
def test_each_value_for_each_type(type_: str, value: object) -> None:
    for suffix in ("", "!", " = null", "! = " + {"Colour": "RED", "Inner": "{}"}.get(type_, "1")):
        if "! =" in suffix and type_ in ("String", "Boolean"):
            continue
        ours, theirs = both(SCHEMA, f"query ($v: {type_}{suffix}) {{ __typename }}", {"v": value})
        assert ours == theirs


async def test_a_class_of_the_value_that_only_behaves_like_one_is_left_to_graphql_core() -> None:
    class Text(str):
        __slots__ = ()

    assert both(SCHEMA, "query ($v: String) { __typename }", {"v": Text("a")})[0] is not None
