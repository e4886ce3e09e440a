"""Plans, made once and kept in memory."""

from collections.abc import Mapping

from graphql.execution.values import VariableValues
from strawberry import Schema

from indexer.memory import OVERHEAD, Memory
from schema.compiler.leaf import Kinds
from schema.compiler.plan import Plan, compiled
from schema.compiler.resolving import Resolvers, graphql_schema
from schema.compiler.selection import Selections, Uncovered, fragments_of
from schema.execution.operations import Operation

_DEAR = 200
"""The cost of an operation that takes the stock executor as long as compiling it."""
_MOST_VARIANTS = 16
"""Plans of one operation, one for each outcome of its conditions."""


class Plans:
    """The plans of one schema for operations that are valid.

    An operation is compiled after `patience` requests, or at once where it is dear. Objects of the `kept` types, whose
    values must be immutable, are encoded once where they depend on the value alone, and kept in memory.
    """

    def __init__(
        self, schema: Schema, memory: Memory, *, patience: int = 0, kept: frozenset[str] = frozenset()
    ) -> None:
        """Compile for the schema."""
        self._patience = patience
        self._memory = memory
        self._kept = kept
        self._schema = schema
        self._kinds = Kinds()
        self._plans = memory.kept("plans", _size, self._made)

    def find(self, operation: Operation, values: VariableValues, *, cost: int = 0) -> Plan | None:
        """The plan of an operation with these variables, at that cost. None where the stock executor has to answer."""
        conditions = operation.conditions
        if conditions is None or (operation.times <= self._patience and cost < _DEAR):
            return None
        outcome = tuple([values.coerced.get(name) for name in conditions])
        if outcome not in operation.outcomes:
            if len(operation.outcomes) == _MOST_VARIANTS:
                return None
            operation.outcomes.add(outcome)
        return self._plans((operation, outcome))

    def _made(self, key: tuple[Operation, tuple[object, ...]]) -> Plan | None:
        operation, outcome = key
        return self._compiled(operation, dict(zip(operation.conditions or (), outcome, strict=True)))

    def _compiled(self, operation: Operation, outcome: Mapping[str, object]) -> Plan | None:
        conditions = {name: value for name, value in outcome.items() if isinstance(value, bool)}
        if len(conditions) < len(outcome):
            return None
        fragments = fragments_of(operation.document)
        schema = graphql_schema(self._schema)
        selections = Selections(schema=schema, operation=operation.node, fragments=fragments, conditions=conditions)
        memory = self._memory
        resolvers = Resolvers(schema=self._schema, operation=operation.node, fragments=fragments, memory=memory)
        try:
            return compiled(selections, resolvers, self._kinds, kept=self._kept, memory=memory)
        except Uncovered:
            return None


def _size(_key: object, plan: Plan | None) -> int:
    return OVERHEAD + (plan.nbytes if plan else 0)
