"""The validation rule that refuses documents which ask for too much."""

from typing import ClassVar, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.validation import ASTValidationRule, ValidationContext

from schema.limits import Limits

MAX_INTROSPECTION_DEPTH = 20
"""Fields nested in a question about the schema; the query that GraphiQL sends nests 15."""


class Size(NamedTuple):
    """How big a part of an operation is, with the fragments that it spreads.

    `introspection` is the depth of fields within `__schema` or `__type`, and `depth` that of all other fields. A
    fragment's aliases count as often as it is spread.
    """

    depth: int = 0
    introspection: int = 0
    aliases: int = 0


class SizeLimit(ASTValidationRule):
    """No operation is bigger than `limits` allow.

    Each fragment is measured once, so that fragments within fragments cost no more than the document is long.
    """

    limits: ClassVar[Limits]

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragment = context.get_fragment
        self._fragments: dict[str, Size] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> None:
        """Measure an operation, and report what is too much."""
        size = self._within(node.selection_set)
        for name, count, most, remedy in (
            ("nested fields", size.depth, self.limits.max_depth, "Ask for the inner ones in a query of their own"),
            ("nested fields of introspection", size.introspection, MAX_INTROSPECTION_DEPTH, "Leave the innermost out"),
            ("aliases", size.aliases, self.limits.max_aliases, "Spread them over several requests"),
        ):
            if count > most:
                message = f"The query has {count} {name}, and at most {most} are allowed. {remedy}."
                self.report_error(GraphQLError(message, node))

    def _within(self, selections: SelectionSetNode | None) -> Size:
        sizes = [self._of(selection) for selection in selections.selections] if selections else []
        return Size(
            max((size.depth for size in sizes), default=0),
            max((size.introspection for size in sizes), default=0),
            sum(size.aliases for size in sizes),
        )

    def _of(self, selection: SelectionNode) -> Size:
        match selection:
            case FragmentSpreadNode():
                return self._of_fragment(selection.name.value)
            case FieldNode():
                return self._of_field(selection)
            case InlineFragmentNode():
                return self._within(selection.selection_set)
            case _:
                return Size()

    def _of_field(self, field: FieldNode) -> Size:
        inner = self._within(field.selection_set)
        aliases = inner.aliases + (field.alias is not None)
        if field.name.value in ("__schema", "__type"):
            return Size(0, 1 + inner.depth, aliases)
        return Size(1 + inner.depth, inner.introspection, aliases)

    def _of_fragment(self, name: str) -> Size:
        if name not in self._fragments:
            self._fragments[name] = Size()  # a fragment within itself adds nothing; another rule refuses it
            fragment = self._fragment(name)
            self._fragments[name] = self._within(fragment.selection_set if fragment else None)
        return self._fragments[name]


def size_limit(most: Limits) -> type[SizeLimit]:
    """The rule under these limits. A class, since that is what graphql-core takes; make it once, not per request."""

    class Limited(SizeLimit):
        limits = most

    return Limited
