"""Fields that have a resolver: how it is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NoReturn

from graphql import (
    FragmentDefinitionNode,
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

from schema.compiler.arguments import Arguments, arguments_of
from schema.compiler.markers import Prepare, preparation
from schema.compiler.run import Bail, Run
from schema.compiler.selection import Uncovered

_PREPARED = 1024  # calls of one field that are kept prepared
_LONGEST = 4096  # characters of one argument of such a call, so that the memory stays small

Resolve = Callable[[object, Path, Run], object]
"""Calls a field's resolver with the parent's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolvers:
    """Makes calls of resolvers for one operation."""

    schema: Schema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

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
        if told is None and not declared.arguments:
            return (lambda source, _path, _run: call(**{named.name: source})) if named else lambda *_: call()
        arguments = arguments_of(field, declared.arguments, nodes[0].node, self.schema)
        prepare = preparation(declared.metadata)
        if prepare:
            return _in_steps(prepare, arguments)
        info_of, info_class = self.info(field, parent, nodes), self.schema.config.info_class

        def resolve(source: object, path: Path, run: Run) -> object:
            values = arguments.values(run.variables)
            if told:
                values[told.name] = info_class(_raw_info=info_of(path, run), _field=declared)
            if named:
                values[named.name] = source
            return call(**values)

        return resolve


def _in_steps(prepare: Prepare, arguments: Arguments) -> Resolve:
    """The call of a resolver that is prepared, once for the same arguments."""
    anew: Prepare = partial(prepare, **arguments.constant)
    kept = lru_cache(_PREPARED)(anew) if arguments.are_plain else anew

    def resolve(source: object, _path: Path, run: Run) -> object:
        values = arguments.varied(run.variables)
        prepared = anew if any(map(_is_long, values.values())) else kept
        return prepared(**values)(source, run.context)

    return resolve if arguments.varying else lambda source, _path, run: kept()(source, run.context)


def _is_long(value: object) -> bool:
    return type(value) is str and len(value) > _LONGEST


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
