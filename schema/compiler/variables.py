"""The variables of an operation."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

_LARGEST = 2**31 - 1


_IS_READY: Mapping[object, Callable[[object], bool]] = {
    GraphQLString: lambda value: type(value) is str,
    GraphQLID: lambda value: type(value) is str,
    GraphQLBoolean: lambda value: type(value) is bool,
    GraphQLInt: lambda value: type(value) is int and -_LARGEST <= value <= _LARGEST,
}
"""Tests by type: a value that passes is coerced to itself."""


class _Variable(NamedTuple):
    """`absent` is the value where a client sends none, `Undefined` without a default."""

    name: str
    signature: GraphQLVariableSignature
    is_nullable: bool
    is_ready: Callable[[object], bool]
    absent: object


class Variables:
    """Coerces the values that clients send for one operation's variables, as graphql-core does.

    Most values are ready as they are. The others are left to graphql-core.
    """

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        """Take an operation that is valid."""
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._variables = [_variable(schema, each) for each in self._definitions]
        self._ids = [each.name for each in self._variables if get_named_type(each.signature.type) is GraphQLID]

    def wrong_id(self, sent: Mapping[str, object]) -> GraphQLError | None:
        """The error for a number with a fraction or an exponent in the place of an ID, if there is one.

        graphql-core takes those that are whole, and makes up their digits: 1e30 is 1000000000000000019884624838656.
        """
        for name in self._ids:
            value = sent.get(name)
            for each in value if isinstance(value, list) else (value,):
                if isinstance(each, float):
                    remedy = "send the id that an answer gave, as text in quotes."
                    return GraphQLError(f"Variable '${name}': {each} is no ID; {remedy}")
        return None

    def coerced(self, sent: Mapping[str, object]) -> VariableValues | Sequence[GraphQLError]:
        """The values, or the first error in them: the stock executor lists them all."""
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, object] = {}
        for name, signature, is_nullable, is_ready, absent in self._variables:
            value = sent.get(name, Undefined)
            if is_ready(value) or (value is None and is_nullable):
                sources[name] = VariableValueSource(signature, value)
                values[name] = value
            elif value is Undefined and (is_nullable or absent is not Undefined):
                sources[name] = VariableValueSource(signature)
                if absent is not Undefined:
                    values[name] = absent
            else:
                return get_variable_values(self._schema, self._definitions, dict(sent), max_errors=0)
        return VariableValues(sources, values)


def _variable(schema: GraphQLSchema, definition: VariableDefinitionNode) -> _Variable:
    signature = get_variable_signature(schema, definition)
    if isinstance(signature, GraphQLError):
        raise signature
    type_, absent = signature.type, Undefined
    if definition.default_value:
        defaults = get_variable_values(schema, [definition], {})
        absent = defaults.coerced[signature.name] if isinstance(defaults, VariableValues) else Undefined
    is_ready = _IS_READY.get(get_nullable_type(type_), lambda _: False)
    return _Variable(signature.name, signature, not is_non_null_type(type_), is_ready, absent)
