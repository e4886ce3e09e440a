"""Plans, made once and remembered."""

from collections.abc import Mapping

from graphql.execution.values import VariableValues
from strawberry import Schema

from indexer.memory import Memory
from schema.compiler.leaf import Kinds
from schema.compiler.plan import Plan, compiled
from schema.compiler.resolving import Resolvers, graphql_schema
from schema.compiler.selection import Selections, Uncovered, fragments_of
from schema.execution.operations import Operation

_DEAR = 200
"""The stock executor takes as long for what costs so much as it takes to compile it."""
_MOST_VARIANTS = 16
"""Plans of one operation; one for each way in which its conditions have turned out."""


class Plans:
    """The plans of one schema, kept with their operations. It never sees a document that is not valid.

    An operation is compiled after it was asked for `patience` times, or where it is dear.

    Objects of the types that are `kept`, whose values have to be immutable, are encoded once where nothing else makes
    them what they are, and kept in `parts_bytes` of memory.
    """

    def __init__(
        self, schema: Schema, *, patience: int = 0, parts_bytes: int = 0, kept: frozenset[str] = frozenset()
    ) -> None:
        """Compile for the schema."""
        self._patience = patience
        self._memory = Memory(parts_bytes)
        self._kept = kept if parts_bytes else frozenset()
        self._schema = schema
        self._kinds = Kinds()

    def find(self, operation: Operation, values: VariableValues, *, cost: int = 0) -> Plan | None:
        """What answers an operation with these variables, at that cost. None where the stock executor has to."""
        conditions = operation.conditions
        if conditions is None or (operation.times <= self._patience and cost < _DEAR):
            return None
        turned_out = tuple([values.coerced.get(name) for name in conditions])
        if turned_out not in operation.plans and len(operation.plans) < _MOST_VARIANTS:
            operation.plans[turned_out] = self._compiled(operation, dict(zip(conditions, turned_out, strict=True)))
        return operation.plans.get(turned_out)

    def forget(self) -> None:
        """Give up what was encoded: other values are served from now on."""
        self._memory.forget()

    def _compiled(self, operation: Operation, turned_out: Mapping[str, object]) -> Plan | None:
        conditions = {name: value for name, value in turned_out.items() if isinstance(value, bool)}
        if len(conditions) < len(turned_out):
            return None
        fragments = fragments_of(operation.document)
        schema = graphql_schema(self._schema)
        selections = Selections(schema=schema, operation=operation.node, fragments=fragments, conditions=conditions)
        resolvers = Resolvers(schema=self._schema, operation=operation.node, fragments=fragments)
        try:
            return compiled(selections, resolvers, self._kinds, kept=self._kept, memory=self._memory)
        except Uncovered:
            return None
