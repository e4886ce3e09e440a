"""An operation executed in both ways, beside each other."""

import re

from graphql import parse
from graphql.execution.values import VariableValues

from indexer.memory import Memory
from indexer.search.engine import SearchEngine
from schema.compiler.resolving import graphql_schema
from schema.execution.executor import Execution, Executor
from schema.execution.operations import Operations
from schema.execution.plans import Plans
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.limits import Limits, Switch
from schema.loading.context import RequestContext
from schema.schema import build_schema
from tests.samples import NOW
from tests.seal import CURSOR_KEY, SEAL

LIMITS = Limits(max_depth=100, max_aliases=10_000, max_tokens=100_000, max_cost=10**9, development=Switch.ON)
_ID = re.compile(rb"[0-9a-f]{32}")
SITE = "https://site.example"
_SCHEMA = build_schema()  # one for all: to build it takes longer than most answers


class Both:
    """A compiled and a stock executor over one engine."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._plans = Plans(_SCHEMA, Memory())
        self._operations = Operations(graphql_schema(_SCHEMA), LIMITS, Memory())
        self._compiled, self._stock = (
            Executor(
                engine,
                schema=_SCHEMA,
                limits=LIMITS,
                asset_base_url=SITE,
                cursor_key=CURSOR_KEY,
                clock=lambda: NOW,
                execution=each,
            )
            for each in (Execution.COMPILED, Execution.STOCK)
        )

    async def answer(self, query: str, name: str | None = None, **variables: object) -> Answer:
        """The answer of both, which has to be the same but for the ids of failures in the log."""
        request = GraphQLRequest(query=query, variables=variables, operation_name=name)
        stock, compiled = await self._stock.execute(request), await self._compiled.execute(request)
        assert _ID.sub(b"", compiled.body) == _ID.sub(b"", stock.body)
        assert (compiled.executed, compiled.operation, compiled.error_codes) == (
            stock.executed,
            stock.operation,
            stock.error_codes,
        )
        return stock

    async def compiled(self, query: str, name: str | None = None, **variables: object) -> bytes | None:
        """The answer of the compiled function alone to a valid document; None where it leaves it to the stock one."""
        operation = self._operations.find(query, parse(query), name)
        if operation is None:
            return None
        values = operation.variables.coerced(variables)
        if not isinstance(values, VariableValues):
            return None
        plan = self._plans.find(operation, values)
        return await plan.answer(self._context(), values) if plan else None

    def _context(self) -> object:
        return RequestContext(engine=self._engine, now=NOW, limits=LIMITS, seal=SEAL, asset_base_url=SITE)
