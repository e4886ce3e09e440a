"""The size of a document: of its text before it is parsed, of its operations before they are validated."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Visitor,
    visit,
)

from schema.limits.error_codes import Code
from schema.limits.limits import MAX_OPERATION_NAME, MAX_RESPONSE_NAME, Limits


def too_many(variables: Mapping[str, object], *, most: int) -> GraphQLError | None:
    """The error of variables that hold more than `most` values, those within lists and objects included."""
    if not any(True for _ in islice(nested_values(variables), most, None)):
        return None
    message = f"The variables hold more than {most} values, and no more are allowed. Send them in portions."
    return GraphQLError(message, extensions={"code": Code.TOO_MANY_VARIABLES})


def nested_values(value: object) -> Iterator[object]:
    """All values within a list or object of JSON, at any depth; lists and objects among them count too."""
    waiting = [value]
    while waiting:
        outer = waiting.pop()
        inner: Collection[object] = (
            outer if isinstance(outer, list) else outer.values() if isinstance(outer, dict) else ()
        )
        yield from inner
        waiting += inner


MAX_INTROSPECTION_DEPTH = 20
"""Fields nested in a question about the schema; the query that GraphiQL sends nests 15."""
MAX_NUMBER_LENGTH = 100
"""Characters of a number that is written in a query."""
_LONG_NUMBER = re.compile("[0-9]{50}")
_LONG = "A number in the query has {} characters, and at most {} are allowed. Send text in quotes."
_COUNTED = 2**64
"""Fragments within fragments multiply, to numbers that take long to write: greater ones are not told apart."""


class Size(NamedTuple):
    """The size of a part of an operation, with the fragments that it spreads.

    `introspection` is the depth of fields within `__schema` or `__type`, and `depth` that of all other fields. What is
    in a fragment counts as often as it is spread.
    """

    depth: int = 0
    introspection: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Size") -> "Size":
        """The size of this part and another together."""
        return Size(
            max(self.depth, other.depth),
            max(self.introspection, other.introspection),
            min(self.fields + other.fields, _COUNTED),
            min(self.aliases + other.aliases, _COUNTED),
            min(self.directives + other.directives, _COUNTED),
        )


class Depth(NamedTuple):
    """The number of fields around a selection, and that of introspection fields."""

    depth: int = 0
    introspection: int = 0

    def within(self, field: str) -> "Depth":
        """The depth of the selections of a field here."""
        if self.introspection or field in ("__schema", "__type"):
            return Depth(self.depth, self.introspection + 1)
        return Depth(self.depth + 1)

    def holding(self, fragment: Size) -> Size:
        """The size of a fragment that is spread here."""
        if self.introspection:
            return fragment._replace(depth=self.depth, introspection=self.introspection + fragment.depth)
        return fragment._replace(depth=self.depth + fragment.depth)


class Definition:
    """An operation or fragment: its `own` size without fragments, and the `spreads` of fragments with their depths."""

    def __init__(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        selections = selections_within(node.selection_set)
        fields = [(each, depth) for each, depth in selections if isinstance(each, FieldNode)]
        directed = (node, *(node.variable_definitions or ()), *(each for each, _ in selections))
        self.own = Size(
            depth=max((depth.depth for _, depth in fields), default=0),
            introspection=max((depth.introspection for _, depth in fields), default=0),
            fields=len(fields),
            aliases=sum(field.alias is not None for field, _ in fields),
            directives=sum(len(each.directives or ()) for each in directed),
        )
        self.spreads = [(each.name.value, depth) for each, depth in selections if isinstance(each, FragmentSpreadNode)]

    def size(self, fragments: Mapping[str, Size]) -> Size:
        """The whole size, given those of the fragments."""
        spread = (depth.holding(fragments[name]) for name, depth in self.spreads if name in fragments)
        return reduce(Size.beside, spread, self.own)


def too_long(text: str, limits: Limits) -> Iterator[GraphQLError]:
    """Errors of a text that is too long, or has too many lines: graphql-core counts lines for each error."""
    message = None
    if len(text) > limits.max_query_length:
        message = _excess("characters", len(text), limits.max_query_length, "Send long values as variables")
    elif (lines := len(text.splitlines())) > limits.max_tokens:
        message = _excess("lines", lines, limits.max_tokens, "Leave empty ones out")
    if message:
        yield GraphQLError(message, extensions={"code": Code.QUERY_TOO_LONG})


def too_big(document: DocumentNode, limits: Limits) -> Iterator[GraphQLError]:
    """Errors of operations that are too big.

    Each fragment is measured once, so that fragments within fragments take no longer than the document is long. Where
    one is within itself, nothing is measured; validation refuses it.
    """
    yield from _long_names(document)
    try:
        fragments = _fragments(document)
    except CycleError:
        return
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = Definition(node).size(fragments)
            yield from _excesses(size, limits, node)


def too_long_name(name: str | None, node: OperationDefinitionNode | None = None) -> GraphQLError | None:
    """The error for an operation's name that is too long, in a request or in the document at `node`."""
    if name is None or len(name) <= MAX_OPERATION_NAME:
        return None
    message = (
        f"The name of the operation has {len(name)} characters, and at most {MAX_OPERATION_NAME} are allowed. "
        "Give it a shorter name."
    )
    return GraphQLError(message, node, extensions={"code": Code.NAME_TOO_LONG})


def _long_names(document: DocumentNode) -> Iterator[GraphQLError]:
    """The error for the first operation and for the first alias with too long a name in each definition."""
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name:
            error = too_long_name(node.name.value, node)
            if error:
                yield error
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            fields = (each for each, _ in selections_within(node.selection_set) if isinstance(each, FieldNode))
            names = ((field, len(field.alias.value)) for field in fields if field.alias)
            for field, length in islice((name for name in names if name[1] > MAX_RESPONSE_NAME), 1):
                message = (
                    f"An alias has {length} characters, and at most {MAX_RESPONSE_NAME} are allowed. "
                    "Give the field a shorter one."
                )
                yield GraphQLError(message, field, extensions={"code": Code.NAME_TOO_LONG})


def long_numbers(document: DocumentNode, text: str) -> list[GraphQLError]:
    """The errors of numbers that are too long to be read: Python refuses integers of some thousand digits."""
    errors: list[GraphQLError] = []
    if not _LONG_NUMBER.search(text):
        return errors

    class Numbers(Visitor):
        def enter(self, node: Node, *_: object) -> None:
            if isinstance(node, IntValueNode | FloatValueNode) and len(node.value) > MAX_NUMBER_LENGTH:
                message = _LONG.format(len(node.value), MAX_NUMBER_LENGTH)
                errors.append(GraphQLError(message, node, extensions={"code": Code.NUMBER_TOO_LONG}))

    visit(document, Numbers())
    return errors


def _excesses(size: Size, limits: Limits, node: Node) -> Iterator[GraphQLError]:
    deep, inner = "Ask for the inner ones in a query of their own", "Leave the innermost out"
    several, single = "Spread them over several requests", "Give one to a fragment, instead of to each field"
    for code, name, count, most, remedy in (
        (Code.QUERY_TOO_DEEP, "nested fields", size.depth, limits.max_depth, deep),
        (Code.QUERY_TOO_DEEP, "nested fields of introspection", size.introspection, MAX_INTROSPECTION_DEPTH, inner),
        (Code.TOO_MANY_FIELDS, "fields", size.fields, limits.max_fields, several),
        (Code.TOO_MANY_ALIASES, "aliases", size.aliases, limits.max_aliases, several),
        (Code.TOO_MANY_DIRECTIVES, "directives", size.directives, limits.max_directives, single),
    ):
        if count > most:
            message = _excess(name, count, most, remedy)
            yield GraphQLError(message, node, extensions={"code": code})


def _excess(name: str, count: int, most: int, remedy: str) -> str:
    return f"The query has {count} {name}, and at most {most} are allowed. {remedy}."


def _fragments(document: DocumentNode) -> Mapping[str, Size]:
    """The sizes of the fragments by name. Raises `CycleError` where one is within itself."""
    fragments = {
        node.name.value: Definition(node) for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    inner = {name: [spread for spread, _ in each.spreads if spread in fragments] for name, each in fragments.items()}
    sizes: dict[str, Size] = {}
    for name in TopologicalSorter(inner).static_order():
        sizes[name] = fragments[name].size(sizes)
    return sizes


def selections_within(outermost: SelectionSetNode) -> list[tuple[SelectionNode, Depth]]:
    """All selections at any depth; a field with the depth of its own selections, any other with its own depth."""
    collected: list[tuple[SelectionNode, Depth]] = []
    waiting = [(outermost, Depth())]
    while waiting:
        selections, depth = waiting.pop()
        for selection in selections.selections:
            inner = depth.within(selection.name.value) if isinstance(selection, FieldNode) else depth
            collected.append((selection, inner))
            nested: SelectionSetNode | None = getattr(selection, "selection_set", None)
            if nested:
                waiting.append((nested, inner))
    return collected
