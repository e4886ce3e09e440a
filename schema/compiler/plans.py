"""Plans, made once and remembered."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, get_operation_ast
from graphql.execution.values import VariableValues
from strawberry import Schema

from indexer.recent import Memory
from schema.compiler.kinds import Kinds
from schema.compiler.plan import Plan, Ready, compiled
from schema.compiler.resolving import Resolvers
from schema.compiler.selection import Selections, condition_variables, fragments_of
from schema.compiler.uncovered import Uncovered
from schema.compiler.variables import Variables
from schema.schema import graphql_schema

_MOST_VARIANTS = 16
"""Plans of one operation; one for each way in which its conditions have turned out."""
_REMEMBERED_LENGTH = 20_000
"""Operations of longer documents are not compiled, so that the memory stays small."""


@dataclass(slots=True, eq=False)
class _Operation:
    """An operation, and its plans by the values of the variables that its conditions read."""

    node: OperationDefinitionNode
    document: DocumentNode
    variables: Variables
    conditions: tuple[str, ...]
    times: int = 0
    """It was asked for before."""
    plans: dict[tuple[object, ...], Plan | None] = field(default_factory=dict)

    name: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.node.name.value if self.node.name else None


class Plans:
    """The plans of one schema, of `size` operations at most, 0 for none. It never sees a document that is not valid.

    An operation is compiled after it was asked for `patience` times.

    Objects of the types that are `kept`, whose values have to be immutable, are encoded once where nothing else makes
    them what they are, and kept in `parts_bytes` of memory.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        size: int,
        patience: int = 0,
        parts_bytes: int = 0,
        kept: frozenset[str] = frozenset(),
    ) -> None:
        """Compile for the schema."""
        self._memory = Memory(parts_bytes)
        self._kept = kept if parts_bytes else frozenset()
        self._strawberry_schema = schema
        self._schema = graphql_schema(schema)
        self._kinds = Kinds()
        self._size = size
        self._patience = patience
        self._operations: OrderedDict[tuple[str, str | None], _Operation | None] = OrderedDict()

    def ready(
        self, text: str, document: DocumentNode, operation_name: str | None, variables: Mapping[str, object]
    ) -> Ready | None:
        """What answers an operation with these variables. None where the stock executor has to.

        `document` is what `text` reads as.
        """
        operation = self._operation(text, document, operation_name)
        if operation is None or operation.times < self._patience:
            return None
        values = operation.variables.coerced(variables)
        if not isinstance(values, VariableValues):
            return None
        plan = self._plan(operation, values)
        return Ready(plan, values, operation.name) if plan else None

    def forget(self) -> None:
        """Give up what was encoded: other values are served from now on."""
        self._memory.forget()

    def _operation(self, text: str, document: DocumentNode, name: str | None) -> _Operation | None:
        key = text, name
        if key in self._operations:
            self._operations.move_to_end(key)
            known = self._operations[key]
            if known:
                known.times += 1
            return known
        if len(text) > _REMEMBERED_LENGTH or not self._size:
            return None
        operation = self._operations[key] = _operation(self._schema, document, name)
        if len(self._operations) > self._size:
            self._operations.popitem(last=False)
        return operation

    def _plan(self, operation: _Operation, variables: VariableValues) -> Plan | None:
        turned_out = tuple(variables.coerced.get(name) for name in operation.conditions)
        if turned_out not in operation.plans and len(operation.plans) < _MOST_VARIANTS:
            operation.plans[turned_out] = self._compiled(operation, turned_out)
        return operation.plans.get(turned_out)

    def _compiled(self, operation: _Operation, turned_out: tuple[object, ...]) -> Plan | None:
        conditions = {
            name: value for name, value in zip(operation.conditions, turned_out, strict=True) if isinstance(value, bool)
        }
        if len(conditions) < len(operation.conditions):
            return None
        fragments = fragments_of(operation.document)
        selections = Selections(
            schema=self._schema, operation=operation.node, fragments=fragments, conditions=conditions
        )
        resolvers = Resolvers(
            schema=self._schema,
            strawberry_schema=self._strawberry_schema,
            operation=operation.node,
            fragments=fragments,
        )
        try:
            return compiled(selections, resolvers, self._kinds, kept=self._kept, memory=self._memory)
        except Uncovered:
            return None


def _operation(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> _Operation | None:
    node = get_operation_ast(document, name)
    if node is None:
        return None
    try:
        return _Operation(node, document, Variables(schema, node), tuple(sorted(condition_variables(document))))
    except Uncovered:
        return None
