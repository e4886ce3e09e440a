"""The table of prices agrees with the schema."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_object_type,
)

from schema.compiler.resolving import graphql_schema
from schema.cost.prices import PRICES, ListSize
from schema.schema import build_schema

SCHEMA = graphql_schema(build_schema())
TYPES = tuple(SCHEMA.type_map.values())
OBJECTS = tuple(type_ for type_ in TYPES if is_object_type(type_))


def fields() -> Iterator[tuple[str, GraphQLField]]:
    for type_ in OBJECTS:
        yield from ((f"{type_.name}.{name}", field) for name, field in type_.fields.items())


def pages(type_: GraphQLObjectType) -> set[str]:
    """The arguments by which the fields that lead to a type say how long its lists are."""
    leading = [field for _, field in fields() if get_nullable_type(field.type) is type_]
    return {name for field in leading for name in field.args} & {"first", "ids"}


def test_every_price_is_of_a_field():
    assert PRICES.keys() - dict(fields()).keys() == set()


def test_every_field_that_takes_work_has_a_price():
    """A new facet, say, must not be free because nobody thought of its price."""
    working = {
        name
        for name, field in fields()
        if field.args or is_composite_type(get_named_type(field.type)) or is_resolved(field)
    }
    introspection = {name for name in working if name.startswith("__")}
    assert working - introspection - PRICES.keys() == set()


def is_resolved(field: GraphQLField) -> bool:
    """True if a function makes the value, which otherwise is an attribute."""
    definition = (field.extensions or {}).get("strawberry-definition")
    return bool(definition and definition.base_resolver)


def test_every_list_has_a_size():
    """Without one, a list would cost as much as one of its entries."""
    lists = {name for name, field in fields() if is_list_type(get_nullable_type(field.type))}
    assert {name for name in lists if name not in PRICES or PRICES[name].size is None} == set()
    assert {name for name, price in PRICES.items() if price.size is not None} - lists == {"__Type.ofType"}


def test_where_the_client_decides_on_a_size_there_is_an_argument_that_does():
    declared = dict(fields())
    for name in [name for name, price in PRICES.items() if price.size is ListSize.ASKED]:
        around = SCHEMA.type_map[name.partition(".")[0]]
        assert is_object_type(around)
        assert {"first", "ids"} & declared[name].args.keys() or pages(around), name


def test_every_argument_that_has_a_price_is_one_of_the_field():
    declared = dict(fields())
    for name, price in PRICES.items():
        assert not price.text or "search" in declared[name].args
        assert not price.passed or "offset" in declared[name].args
        narrowing = {"filter"} if "filter" in declared[name].args else {"topic", "provider"}
        assert not (price.filtered or price.condition) or narrowing <= declared[name].args.keys()


def test_every_search_and_filter_of_objects_has_a_price():
    searching = {name for name, field in fields() if "search" in field.args}
    assert {name for name in searching if not (PRICES[name].text and PRICES[name].condition)} == set()


def test_every_offset_has_a_price():
    assert {name for name, field in fields() if "offset" in field.args and not PRICES[name].passed} == set()


def mean(numbers: Iterator[int]) -> float:
    listed = list(numbers)
    return sum(listed) / len(listed)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("__Schema.types", len(TYPES)),
        ("__Schema.directives", len(SCHEMA.directives)),
        ("__Type.fields", mean(len(type_.fields) if is_object_type(type_) else 0 for type_ in TYPES)),
        ("__Type.inputFields", mean(len(type_.fields) if is_input_object_type(type_) else 0 for type_ in TYPES)),
        ("__Type.interfaces", mean(len(type_.interfaces) if is_object_type(type_) else 0 for type_ in TYPES)),
        ("__Type.enumValues", mean(len(type_.values) if is_enum_type(type_) else 0 for type_ in TYPES)),
        ("__Field.args", mean(len(field.args) for _, field in fields())),
        ("__Directive.args", mean(len(directive.args) for directive in SCHEMA.directives)),
        ("__Directive.locations", mean(len(directive.locations) for directive in SCHEMA.directives)),
    ],
)
def test_the_schema_is_no_bigger_than_its_price(name: str, number: float):
    size = PRICES[name].size
    assert isinstance(size, int | float)
    assert number <= size
