"""Fields that have a resolver: how it is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry import Schema
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from schema.compiler.run import Bail, Run
from schema.compiler.uncovered import Uncovered

Resolve = Callable[[object, Path, Run], object]
"""Calls a field's resolver with the parent's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolvers:
    """Makes calls of resolvers for one operation."""

    schema: GraphQLSchema
    strawberry_schema: Schema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    def resolve(self, field: GraphQLField, parent: GraphQLObjectType, nodes: FieldDetailsList) -> Resolve:
        """A call of the field's resolver. Raises `Uncovered` where it has none, or its arguments make no sense."""
        declared = strawberry_field(field)
        if declared and not field.args and _is_direct(declared):
            return self._direct(declared, field, parent, nodes)
        call, info_of = field.resolve, self.info(field, parent, nodes)
        if call is None:
            raise Uncovered("a field without a resolver")
        node = nodes[0].node
        constant = _constant(field, node)

        def resolve(source: object, path: Path, run: Run) -> object:
            arguments = get_argument_values(field, node, run.variables) if constant is None else constant
            return call(source, info_of(path, run), **arguments)

        return resolve

    def info(
        self, field: GraphQLField, parent: GraphQLObjectType, details: FieldDetailsList
    ) -> Callable[[Path, Run], GraphQLResolveInfo[object]]:
        """What graphql-core tells a resolver about its place."""
        nodes, fragments = [each.node for each in details], dict(self.fragments)
        name, type_, schema, operation = nodes[0].name.value, field.type, self.schema, self.operation
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
        """The same call without Strawberry's way through arguments, where there are none."""
        resolver = declared.base_resolver
        if resolver is None:
            raise Uncovered("a field without a resolver")
        call, named = _function(resolver), resolver.parent_parameter
        info_of, info_class = self.info(field, parent, nodes), self.strawberry_schema.config.info_class
        if resolver.info_parameter is None:
            return (lambda source, _path, _run: call(**{named.name: source})) if named else lambda *_: call()
        info_name = resolver.info_parameter.name

        def resolve(source: object, path: Path, run: Run) -> object:
            given: dict[str, object] = {info_name: info_class(_raw_info=info_of(path, run), _field=declared)}
            if named:
                given[named.name] = source
            return call(**given)

        return resolve


def strawberry_field(field: GraphQLField) -> StrawberryField | None:
    """What Strawberry made the field of."""
    declared = field.extensions.get("strawberry-definition")
    return declared if isinstance(declared, StrawberryField) else None


def attribute_of(field: GraphQLField) -> str | None:
    """The attribute that the field reads; None where it has a resolver."""
    declared = strawberry_field(field)
    if declared is None or not declared.is_basic_field or declared.default_resolver is not getattr:
        return None
    return declared.python_name if declared.python_name.isidentifier() else None


def _function(resolver: StrawberryResolver[object]) -> Callable[..., object]:
    """What the resolver calls; itself where that is not a plain function."""
    called = resolver.wrapped_func
    return resolver if isinstance(called, staticmethod | classmethod) else called


def ignores_path(field: GraphQLField) -> bool:
    """Whether the field's resolver is not told its place."""
    declared = strawberry_field(field)
    if declared is None or declared.base_resolver is None or field.args:
        return False
    return _is_direct(declared) and declared.base_resolver.info_parameter is None


def _is_direct(declared: StrawberryField) -> bool:
    resolver = declared.base_resolver
    return (
        resolver is not None
        and not declared.extensions
        and not declared.is_async
        and resolver.self_parameter is None
        and resolver.root_parameter is None
    )


def _constant(field: GraphQLField, node: FieldNode) -> dict[str, object] | None:
    """The arguments, where they are the same in every run and cannot be changed by who gets them."""
    try:
        values = get_argument_values(field, node, VariableValues({}, {}))
    except GraphQLError:
        return None
    has_variables = any(not _is_constant(argument.value) for argument in node.arguments or ())
    return None if has_variables or any(isinstance(each, dict | list) for each in values.values()) else values


def _is_constant(value: object) -> bool:
    children = (*(getattr(value, "values", None) or ()), *(getattr(value, "fields", None) or ()))
    if getattr(value, "kind", "") == "variable":
        return False
    return all(_is_constant(getattr(child, "value", child) if _is_field(child) else child) for child in children)


def _is_field(node: object) -> bool:
    return getattr(node, "kind", "") == "object_field"


def _refuse(_values: Sequence[object]) -> NoReturn:
    raise Bail
