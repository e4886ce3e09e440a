"""Operations over any schema, compiled the first time."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import parse
from graphql.execution.values import VariableValues
from strawberry import Schema

from indexer.memory import Memory
from schema.compiler.resolving import graphql_schema
from schema.execution.operations import Operations
from schema.execution.plans import Plans
from schema.limits.limits import Limits


class Compiled:
    """Runs what it is asked as compiled functions alone."""

    def __init__(self, schema: Schema, memory: Memory | None = None) -> None:
        memory = memory or Memory()
        self._plans = Plans(schema, memory)
        self._operations = Operations(graphql_schema(schema), Limits(), memory)

    async def data(self, query: str, variables: Mapping[str, object], context: object = None) -> Any:
        """The data of the answer to a valid document; None where it is left to the stock executor."""
        operation = self._operations.find(query, parse(query), None)
        values = operation.variables.coerced(variables) if operation else None
        if operation is None or not isinstance(values, VariableValues):
            return None
        plan = self._plans.find(operation, values)
        body = await plan.answer(context, values) if plan else None
        return orjson.loads(body)["data"] if body else None
