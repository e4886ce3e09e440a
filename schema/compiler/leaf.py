"""Scalars and enums of an answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
    is_scalar_type,
)
from graphql.pyutils import Path

from schema.compiler.run import Bail, Complete, Run
from schema.inputs.scalars import write_instant


class Kind(Enum):
    """The treatment of a value in an answer, by its Python type."""

    PLAIN = 0
    AWAITABLE = 1
    ABSENT = 2
    ERROR = 3


class Kinds(dict[type, Kind]):
    """The kind of each type, found out when the type is first met."""

    def __missing__(self, type_: type) -> Kind:
        kind = self[type_] = _kind(type_)
        return kind


def _kind(type_: type) -> Kind:
    if type_ is type(None):
        return Kind.ABSENT
    if issubclass(type_, BaseException):
        return Kind.ERROR
    return Kind.AWAITABLE if hasattr(type_, "__await__") else Kind.PLAIN


_READY = {
    GraphQLString: "type({0}) is str",
    GraphQLID: "type({0}) is str",
    GraphQLBoolean: "type({0}) is bool",
    GraphQLInt: "type({0}) is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat: "type({0}) is float and {0} - {0} == 0.0",
}
_READY_INSTANT = "type({0}) is datetime and {0}.tzinfo is UTC"
READY_NAMES: Mapping[str, object] = {"datetime": datetime, "UTC": UTC}
"""The names in expressions of `is_ready` that are not Python's own."""


def is_ready(type_: GraphQLLeafType, value: str) -> str:
    """A Python expression: whether `as_json` writes the variable `value` as it is. Empty where that is never so."""
    if is_scalar_type(type_) and type_.serialize is str:
        return _READY[GraphQLString].format(value)
    if is_scalar_type(type_) and type_.serialize is write_instant:
        return _READY_INSTANT.format(value)
    return _READY[type_].format(value) if type_ in _READY else ""


def leaf(type_: GraphQLLeafType, kinds: Kinds, *, nullable: bool) -> Complete:
    """Completes values of the type as graphql-core does."""
    coerce = type_.coerce_output_value

    def complete(value: object, _path: Path | None, _run: Run) -> object:
        kind = kinds[type(value)]
        if kind is Kind.ABSENT and nullable:
            return None
        if kind is not Kind.PLAIN:
            raise Bail
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise Bail
        return coerced

    return complete
