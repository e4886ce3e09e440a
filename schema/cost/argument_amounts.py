"""Amounts in arguments, on which costs depend: a number, the length of a text, or the number of values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
)

from schema.cost.prices import TEXT, passed
from schema.limits.request_size import nested_values, selections_within

Amount = int | None
"""None without a value."""
Measure = Callable[[object], Amount]


def number(value: object) -> Amount:
    """A number or condition as it is."""
    return value if isinstance(value, int) else None


def length(value: object) -> Amount:
    """The length of a text in units of ten characters, rounded up."""
    return -(-len(value) // TEXT) if isinstance(value, str) else None


def hundreds(value: object) -> int:
    """A number in hundreds, rounded up."""
    return passed(value) if isinstance(value, int) else 0


def count(value: object) -> int:
    """The number of values that are not null, those within lists and objects included."""
    values = (value, *nested_values(value))
    return sum(each is not None and not isinstance(each, list | dict) for each in values)


def conditions(value: object) -> int:
    """The number of values in a filter, an object without any being one: it takes work too."""
    objects = [each for each in (value, *nested_values(value)) if isinstance(each, dict)]
    return count(value) + sum(all(each is None for each in one.values()) for one in objects)


MEASURES: Mapping[str, Measure] = {
    "first": number,
    "last": number,
    "offset": hundreds,
    "ids": count,
    "search": length,
    "filter": conditions,
    "tuning": count,
    "topic": count,
    "provider": count,
}
"""By the names of the arguments that matter."""


class Use(NamedTuple):
    """A variable, and the measure of its value somewhere."""

    variable: str
    measure: Measure


Amounts = Mapping[Use, Amount]
"""The amounts of a request's variables."""


def amount(node: ValueNode, measure: Measure, amounts: Amounts) -> Amount:
    """The amount of an argument as it is written."""
    if isinstance(node, VariableNode):
        return amounts[Use(node.name.value, measure)]
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, ListValueNode | ObjectValueNode):
        inner = sum(amount(each, measure, amounts) or 0 for each in _within(node))
        return inner or int(measure is conditions and isinstance(node, ObjectValueNode))
    value = getattr(node, "value", None)
    return measure(int(node.value) if measure in (number, hundreds) and isinstance(node, IntValueNode) else value)


def uses(document: DocumentNode) -> frozenset[Use]:
    """The variables on which the cost of operations and fragments depends, with their measures."""
    return frozenset(
        use
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
        for selection, _ in selections_within(definition.selection_set)
        for use in _uses(selection)
    )


def _uses(node: SelectionNode) -> Iterator[Use]:
    for directive in node.directives or ():
        for argument in directive.arguments or ():
            yield from (Use(name, number) for name in _variables(argument.value))
    for argument in node.arguments or () if isinstance(node, FieldNode) else ():
        measure = MEASURES.get(argument.name.value)
        if measure:
            yield from (Use(name, measure) for name in _variables(argument.value))


def _variables(node: ValueNode) -> Iterator[str]:
    if isinstance(node, VariableNode):
        yield node.name.value
    for each in _within(node):
        yield from _variables(each)


def _within(node: ValueNode) -> Iterable[ValueNode]:
    if isinstance(node, ListValueNode):
        return node.values
    return (field.value for field in node.fields) if isinstance(node, ObjectValueNode) else ()
