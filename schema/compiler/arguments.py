"""The arguments of a resolver: those that are the same in every run are read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    Undefined,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, coerce_argument
from strawberry import Schema
from strawberry.types.arguments import StrawberryArgument, convert_argument

from schema.compiler.selection import Uncovered

_NO_VARIABLES = VariableValues({}, {})

Read = Callable[[VariableValues], object]
"""The value of one argument, `Undefined` where it is not given. Raises what graphql-core raises."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a resolver. Constant values are shared by all runs, and nobody may change them."""

    constant: Mapping[str, object]
    varying: tuple[tuple[str, Read], ...]
    are_plain: bool
    """True where all varying arguments are scalars and enums, so that they tell calls apart."""

    def also(self, **constant: object) -> "Arguments":
        """The same with more constant values."""
        return replace(self, constant={**self.constant, **constant})

    def values(self, variables: VariableValues) -> dict[str, object]:
        """The arguments by the names of the resolver's parameters."""
        return {**self.constant, **self.varied(variables)}

    def varied(self, variables: VariableValues) -> dict[str, object]:
        """Those of them that are not constant."""
        values: dict[str, object] = {}
        for name, read in self.varying:
            value = read(variables)
            if value is not Undefined:
                values[name] = value
        return values


def arguments_of(field: GraphQLField, declared: list[StrawberryArgument], node: FieldNode, schema: Schema) -> Arguments:
    """The arguments of a field in a document. Raises `Uncovered` where one of them makes no sense."""
    written = {argument.name.value: argument for argument in node.arguments or ()}
    constant: dict[str, object] = {}
    varying: list[tuple[str, Read]] = []
    are_plain = True
    for argument in declared:
        name = schema.config.name_converter.from_argument(argument)
        read = _reader(name, field.args[name], written.get(name), node, _converter(argument, name, schema))
        if name in written and not _is_constant(written[name].value):
            varying.append((argument.python_name, read))
            are_plain &= is_leaf_type(get_nullable_type(field.args[name].type))
            continue
        value = _once(read)
        if value is not Undefined:
            constant[argument.python_name] = value
    return Arguments(constant, tuple(varying), are_plain)


def _once(read: Read) -> object:
    try:
        return read(_NO_VARIABLES)
    except GraphQLError as error:
        raise Uncovered(str(error)) from error


def _converter(argument: StrawberryArgument, name: str, schema: Schema) -> Callable[[object], object]:
    """The conversion of a GraphQL value for the resolver, as Strawberry does it."""
    registry, config, type_ = schema.schema_converter.scalar_registry, schema.config, argument.type

    def convert(value: object) -> object:
        return convert_argument(value, type_, registry, config, path=(name,))

    return convert


def _reader(
    name: str,
    argument: GraphQLArgument,
    written: ArgumentNode | None,
    node: FieldNode,
    convert: Callable[[object], object],
) -> Read:
    def read(variables: VariableValues) -> object:
        coerced: dict[str, object] = {}
        coerce_argument(coerced, node, name, argument, written, variables, None)
        return convert(coerced[name]) if name in coerced else Undefined

    if (
        written is None
        or not isinstance(written.value, VariableNode)
        or not is_leaf_type(get_nullable_type(argument.type))
    ):
        return read
    variable, is_required = written.value.name.value, is_non_null_type(argument.type)

    def read_leaf(variables: VariableValues) -> object:
        value = variables.coerced.get(variable, Undefined)
        return read(variables) if value is Undefined or (value is None and is_required) else value

    return read_leaf


def _is_constant(value: ValueNode) -> bool:
    if isinstance(value, VariableNode):
        return False
    children = (*getattr(value, "values", ()), *(each.value for each in getattr(value, "fields", ())))
    return all(map(_is_constant, children))
