"""The fields that an operation selects of an object, by the amounts of its variables."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)

from schema.cost.argument_amounts import Amounts, amount, number

Selected = Sequence[SelectionSetNode]
"""The selections of all fields with one name in the answer."""


class Collector:
    """Collects fields of a valid document as graphql-core does, but in any order."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], amounts: Amounts
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._amounts = amounts

    def fields(self, type_: GraphQLObjectType, selected: Selected) -> Collection[Sequence[FieldNode]]:
        """The fields of an object of the type; those with one name in the answer together."""
        collected: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        waiting = list(selected)
        while waiting:
            for node in self._kept(waiting.pop()):
                if isinstance(node, FieldNode):
                    collected.setdefault((node.alias or node.name).value, []).append(node)
                elif inner := self._fragment(type_, node, spread):
                    waiting.append(inner)
        return collected.values()

    def _kept(self, selected: SelectionSetNode) -> Iterable[SelectionNode]:
        return (node for node in selected.selections if not any(map(self._leaves_out, node.directives or ())))

    def _leaves_out(self, directive: DirectiveNode) -> bool:
        """True where the directive skips its selection. A condition that is null is an error, and skips nothing."""
        [condition] = directive.arguments or ()
        holds = amount(condition.value, number, self._amounts)
        return holds is not None and bool(holds) is (directive.name.value == "skip")

    def _fragment(self, type_: GraphQLObjectType, node: SelectionNode, spread: set[str]) -> SelectionSetNode | None:
        """The selections of a fragment in an object of the type; None for another type, or the second time."""
        fragment: SelectionNode | FragmentDefinitionNode = node
        if isinstance(node, FragmentSpreadNode):
            if node.name.value in spread:
                return None
            spread.add(node.name.value)
            fragment = self._fragments[node.name.value]
        if not isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode):
            return None
        condition = fragment.type_condition
        return fragment.selection_set if condition is None or self._is(type_, condition.name.value) else None

    def _is(self, type_: GraphQLObjectType, name: str) -> bool:
        condition = self._schema.type_map[name]
        return type_ is condition or (is_abstract_type(condition) and self._schema.is_sub_type(condition, type_))
