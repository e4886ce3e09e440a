"""Fields that have a resolver: how it is called."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry import Schema
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from indexer.memory import Memory, plain_bytes
from schema.compiler.arguments import Arguments, arguments_of
from schema.compiler.markers import Preparation, Step, preparation
from schema.compiler.run import Bail, Run
from schema.compiler.selection import Uncovered
from schema.limits.request_size import selections_within

_CALL_BYTES = 3_000  # of a prepared call, about, beside its arguments

Resolve = Callable[[object, Path, Run], object]
"""Calls a field's resolver with the parent's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolvers:
    """Makes calls of resolvers for one operation."""

    schema: Schema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    memory: Memory

    def resolve(self, field: GraphQLField, parent: GraphQLObjectType, nodes: FieldDetailsList) -> Resolve:
        """A call of the field's resolver. Raises `Uncovered` where it has none, or its arguments make no sense."""
        declared = strawberry_field(field)
        if declared and _is_direct(declared):
            return self._direct(declared, field, parent, nodes)
        call, info_of, node = field.resolve, self.info(field, parent, nodes), nodes[0].node
        if call is None:
            raise Uncovered("a field without a resolver")

        def resolve(source: object, path: Path, run: Run) -> object:
            return call(source, info_of(path, run), **get_argument_values(field, node, run.variables))

        return resolve

    def info(
        self, field: GraphQLField, parent: GraphQLObjectType, details: FieldDetailsList
    ) -> Callable[[Path, Run], GraphQLResolveInfo[object]]:
        """The information about a field that graphql-core passes to its resolver."""
        nodes, fragments = [each.node for each in details], dict(self.fragments)
        name, type_, schema, operation = nodes[0].name.value, field.type, graphql_schema(self.schema), self.operation
        helpers = GraphQLResolveInfoHelpers(_refuse, _refuse)

        def info(path: Path, run: Run) -> GraphQLResolveInfo[object]:
            return GraphQLResolveInfo(
                name,
                nodes,
                type_,
                parent,
                path,
                schema,
                fragments,
                None,
                operation,
                run.variables,
                run.context,
                is_awaitable,
                None,
                helpers,
            )

        return info

    def _direct(
        self, declared: StrawberryField, field: GraphQLField, parent: GraphQLObjectType, nodes: FieldDetailsList
    ) -> Resolve:
        """The same call without Strawberry's steps, which it repeats for each."""
        resolver = declared.base_resolver
        if resolver is None:
            raise Uncovered("a field without a resolver")
        call, named, told = _function(resolver), resolver.parent_parameter, resolver.info_parameter
        if not (named or told or declared.arguments):
            return lambda *_: call()
        arguments = arguments_of(field, declared.arguments, nodes[0].node, self.schema)
        steps = preparation(declared.metadata)
        if steps and steps.selected:
            arguments = arguments.also(**{steps.selected: self._selected(nodes)})
        if steps:
            return Calls(steps, arguments, self.memory).resolve
        info_of, info_class = self.info(field, parent, nodes), self.schema.config.info_class

        def resolve(source: object, path: Path, run: Run) -> object:
            values = arguments.values(run.variables)
            if told:
                values[told.name] = info_class(_raw_info=info_of(path, run), _field=declared)
            if named:
                values[named.name] = source
            return call(**values)

        return resolve

    def _selected(self, nodes: FieldDetailsList) -> frozenset[str]:
        """The names of all fields within these nodes, at any depth, also of those that conditions leave out."""
        names: set[str] = set()
        spread: set[str] = set()
        waiting = [each.node.selection_set for each in nodes]
        while waiting:
            outermost = waiting.pop()
            for selection, _ in selections_within(outermost) if outermost else ():
                if isinstance(selection, FieldNode):
                    names.add(selection.name.value)
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                    spread.add(selection.name.value)
                    waiting.append(self.fragments[selection.name.value].selection_set)
        return frozenset(names)


_Call = tuple[Hashable, tuple[tuple[str, object], ...]]  # the part of the parent, and arguments by name


class Calls:
    """The calls of a resolver that is prepared: once for the same arguments, where these can be told apart."""

    def __init__(self, steps: Preparation, arguments: Arguments, memory: Memory) -> None:
        self._prepare, self._part = steps.prepare, steps.part
        self._arguments = arguments
        self._kept = memory.kept("calls", _size, self._prepared) if arguments.are_plain else self._prepared

    def resolve(self, source: object, _path: Path, run: Run) -> object:
        """Call the resolver."""
        part = self._part and self._part(source)
        varied = self._arguments.varied(run.variables) if self._arguments.varying else {}
        return self._kept((part, tuple(varied.items())))(source, run.context)

    def _prepared(self, call: _Call) -> Step:
        part, varied = call
        parts = () if self._part is None else (part,)
        return self._prepare(*parts, **self._arguments.constant, **dict(varied))


def _size(call: _Call, _step: Step) -> int:
    return _CALL_BYTES + plain_bytes(call)


def graphql_schema(schema: Schema) -> GraphQLSchema:
    """The schema as graphql-core executes it."""
    return schema._schema  # noqa: SLF001 - Strawberry has no other name for it


def strawberry_field(field: GraphQLField) -> StrawberryField | None:
    """Strawberry's declaration of the field."""
    declared = field.extensions.get("strawberry-definition")
    return declared if isinstance(declared, StrawberryField) else None


def attribute_of(field: GraphQLField) -> str | None:
    """The attribute that the field reads; None where it has a resolver."""
    declared = strawberry_field(field)
    if declared is None or not declared.is_basic_field or declared.default_resolver is not getattr:
        return None
    return declared.python_name if declared.python_name.isidentifier() else None


def step_of(field: GraphQLField) -> Step | None:
    """The whole resolver of a field without arguments, as a step; None where it has to be called otherwise."""
    declared = strawberry_field(field)
    if declared is None or declared.base_resolver is None or declared.arguments or not _is_direct(declared):
        return None
    steps = preparation(declared.metadata)
    if steps and steps.part is None and steps.selected is None:
        return steps.prepare()
    parent = declared.base_resolver.parent_parameter
    if steps or parent is None or declared.base_resolver.info_parameter:
        return None
    call, name = _function(declared.base_resolver), parent.name
    return lambda parent, _context: call(**{name: parent})


def _function(resolver: StrawberryResolver[object]) -> Callable[..., object]:
    """The function that the resolver calls; the resolver itself where that is no plain function."""
    called = resolver.wrapped_func
    return resolver if isinstance(called, staticmethod | classmethod) else called


def ignores_path(field: GraphQLField) -> bool:
    """True where the field's resolver does not use its path."""
    declared = strawberry_field(field)
    if declared is None or declared.base_resolver is None or not _is_direct(declared):
        return False
    return declared.base_resolver.info_parameter is None or preparation(declared.metadata) is not None


def _is_direct(declared: StrawberryField) -> bool:
    resolver = declared.base_resolver
    return (
        resolver is not None
        and not declared.extensions
        and not declared.is_async
        and resolver.self_parameter is None
        and resolver.root_parameter is None
    )


def _refuse(_values: Sequence[object]) -> NoReturn:
    raise Bail
