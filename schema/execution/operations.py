"""Operations with their variables and costs, kept in memory."""

from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, get_operation_ast
from graphql.execution.values import VariableValues

from indexer.memory import OVERHEAD, Memory, Shelf, plain_bytes
from schema.compiler.selection import Uncovered, condition_variables
from schema.compiler.variables import Variables
from schema.cost.argument_amounts import Amount
from schema.cost.cost import Cost
from schema.limits.limits import Limits

_BYTES = 3_000
_VARIABLE_BYTES = 1_000


@dataclass(slots=True, eq=False)
class Operation:
    """An operation of a valid document, requested so many `times`.

    `conditions` are the variables of `@skip` and `@include`, and `outcomes` the values that they have had. Without
    conditions (None), the operation cannot be compiled.
    """

    node: OperationDefinitionNode
    document: DocumentNode
    variables: Variables
    cost: Cost
    conditions: tuple[str, ...] | None
    name: str | None
    times: int = 1
    outcomes: set[tuple[object, ...]] = field(default_factory=set)


class Operations:
    """The latest operations and their costs. Of a name that no operation has, nothing is kept."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, memory: Memory) -> None:
        self._schema = schema
        self._limits = limits
        self._operations: Shelf[tuple[str, str | None], Operation] = memory.shelf("operations", _size)
        self._costs = memory.kept("costs", _cost_size, self._reckoned)

    def find(self, text: str, document: DocumentNode, name: str | None) -> Operation | None:
        """The operation of the name, or the only one; None where there is none. `document` is what `text` reads as."""
        key = text, name
        if operation := self._operations.find(key):
            operation.times += 1
            return operation
        operation = self._made(document, name)
        return operation and self._operations.put(key, operation)

    def cost(self, operation: Operation, values: VariableValues) -> int:
        """The cost of an operation with these variables."""
        return self._costs((operation, operation.cost.amounts(values.coerced)))

    def _reckoned(self, key: tuple[Operation, tuple[Amount, ...]]) -> int:
        operation, amounts = key
        return operation.cost.reckoned(amounts)

    def _made(self, document: DocumentNode, name: str | None) -> Operation | None:
        node = get_operation_ast(document, name)
        if node is None:
            return None
        cost = Cost(self._schema, node, document, longest_text=self._limits.max_search_length)
        name = node.name.value if node.name else None
        return Operation(node, document, Variables(self._schema, node), cost, _conditions(document), name)


def _conditions(document: DocumentNode) -> tuple[str, ...] | None:
    try:
        return tuple(sorted(condition_variables(document)))
    except Uncovered:
        return None


def _size(_key: tuple[str, str | None], operation: Operation) -> int:
    """The size of an operation without its document, whose text is the key."""
    return _BYTES + _VARIABLE_BYTES * len(operation.node.variable_definitions or ())


def _cost_size(key: tuple[Operation, tuple[Amount, ...]], _cost: int) -> int:
    return OVERHEAD + plain_bytes(key[1])
