"""The selections of an operation, with its fragments and conditions resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from schema.limits.request_size import selections_within


class Uncovered(Exception):
    """The compiler does not know this part of GraphQL, which the message names."""


Fields = Mapping[str, FieldDetailsList]
"""The nodes of each field, by the name that it has in the answer, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selections:
    """Collects fields of one operation, as graphql-core does, given what its conditions are."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, bool]
    """The values of the variables that `@skip` and `@include` read."""

    def root(self, type_: GraphQLObjectType) -> Fields:
        """The fields of the operation itself."""
        return collect_fields(self.schema, self._details(), self._values(), type_, self.operation).grouped_field_set

    def within(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Fields:
        """The fields that all nodes of a field together select in an object of the type."""
        return collect_subfields(
            self.schema, self._details(), self._values(), self.operation, type_, fields
        ).grouped_field_set

    def _details(self) -> dict[str, FragmentDetails]:
        return {name: FragmentDetails(fragment) for name, fragment in self.fragments.items()}

    def _values(self) -> VariableValues:
        return VariableValues({}, dict(self.conditions))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by name."""
    return {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}


def condition_variables(document: DocumentNode) -> frozenset[str]:
    """The variables of all conditions. Raises `Uncovered` for directives other than @skip and @include."""
    return frozenset(
        name
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
        for name in _read_by(definition)
    )


def _read_by(definition: OperationDefinitionNode | FragmentDefinitionNode) -> Iterator[str]:
    selections = (selection for selection, _ in selections_within(definition.selection_set))
    for directive in (each for node in (definition, *selections) for each in node.directives or ()):
        if directive.name.value not in ("skip", "include"):
            raise Uncovered(f"@{directive.name.value}")
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value
            elif not isinstance(argument.value, BooleanValueNode):
                raise Uncovered("a condition that is no Boolean")
