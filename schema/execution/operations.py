"""Operations with their variables, costs and plans, remembered."""

from collections import OrderedDict
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, get_operation_ast

from schema.compiler.plan import Plan
from schema.compiler.selection import Uncovered, condition_variables
from schema.compiler.variables import Variables
from schema.cost.cost import Cost
from schema.execution.documents import LONGEST_REMEMBERED
from schema.limits.limits import Limits


@dataclass(slots=True, eq=False)
class Operation:
    """An operation of a valid document, requested so many `times`.

    `conditions` are the variables of `@skip` and `@include`, and `plans` are kept by their values. Without conditions
    (None), the operation cannot be compiled.
    """

    node: OperationDefinitionNode
    document: DocumentNode
    variables: Variables
    cost: Cost
    conditions: tuple[str, ...] | None
    name: str | None
    times: int = 1
    plans: dict[tuple[object, ...], Plan | None] = field(default_factory=dict)


class Operations:
    """The latest operations, as many as documents are remembered."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._operations: OrderedDict[tuple[str, str | None], Operation] = OrderedDict()

    def find(self, text: str, document: DocumentNode, name: str | None) -> Operation | None:
        """The operation of the name, or the only one; None where there is none. `document` is what `text` reads as."""
        key = text, name
        if operation := self._operations.get(key):
            self._operations.move_to_end(key)
            operation.times += 1
            return operation
        if len(text) > LONGEST_REMEMBERED:
            return self._made(document, name, None)
        operation = self._made(document, name, _conditions(document))
        if operation is None:
            return None
        self._operations[key] = operation
        if len(self._operations) > self._limits.document_cache:
            self._operations.popitem(last=False)
        return operation

    def _made(self, document: DocumentNode, name: str | None, conditions: tuple[str, ...] | None) -> Operation | None:
        node = get_operation_ast(document, name)
        if node is None:
            return None
        cost = Cost(self._schema, node, document, longest_text=self._limits.max_search_length)
        name = node.name.value if node.name else None
        return Operation(node, document, Variables(self._schema, node), cost, conditions, name)


def _conditions(document: DocumentNode) -> tuple[str, ...] | None:
    try:
        return tuple(sorted(condition_variables(document)))
    except Uncovered:
        return None
