"""From a GraphQL request to the bytes of its answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from inspect import isawaitable

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLFormattedError, execute, located_error
from graphql.execution.values import VariableValues

from indexer.search.engine import SearchEngine
from schema.cost.cost import too_dear
from schema.execution.documents import Documents
from schema.execution.error_answers import failures, refusals
from schema.execution.operations import Operation, Operations
from schema.execution.plans import Plans
from schema.execution.request import Answer, GraphQLRequest, utc_now
from schema.limits.limits import Limits, Switch
from schema.limits.request_size import too_many
from schema.loading.context import RequestContext, open_context
from schema.schema import build_schema, graphql_schema

KEPT = frozenset({"Article"})
"""The types whose objects may be kept encoded: engines hand out the same immutable value again."""


class Execution(Enum):
    """How operations are executed. The answers are the same."""

    COMPILED = "compiled"
    """By a function made for the operation, where nothing goes wrong on the way; else as STOCK."""
    STOCK = "stock"
    """By graphql-core, field by field."""
    LEARNED = "learned"
    """As COMPILED what comes again or costs much; as STOCK the rest, since to make a function would take longer."""


class Executor:
    """Answers requests from one engine. The engine stays its owner's to close."""

    def __init__(
        self,
        engine: SearchEngine,
        *,
        limits: Limits,
        asset_base_url: str | None,
        clock: Callable[[], datetime] = utc_now,
        execution: Execution = Execution.LEARNED,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._asset_base_url = asset_base_url
        self._clock = clock
        schema = build_schema()
        self._schema = graphql_schema(schema)
        self._documents = Documents(self._schema, limits)
        self._operations = Operations(self._schema, limits)
        self._plans: Plans | None = None
        if execution is not Execution.STOCK:
            patience = 1 if execution is Execution.LEARNED else 0
            self._plans = Plans(schema, patience=patience, parts_bytes=limits.parts_bytes, kept=KEPT)

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer, whatever the request is: what is wrong with it, or goes wrong on the way, is in the answer."""
        try:
            return await self._answer(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer and the log the reason
            return _finished(ExecutionResult(None, [located_error(error)]), operation=None)

    def forget(self) -> None:
        """Give up what is kept of values that were served: others are served from now on."""
        if self._plans is not None:
            self._plans.forget()

    def context(self, now: datetime | None = None) -> RequestContext:
        """What belongs to one request that arrives at `now`, without it at this moment."""
        now = now or self._clock()
        return open_context(self._engine, now=now, limits=self._limits, asset_base_url=self._asset_base_url)

    async def _answer(self, request: GraphQLRequest) -> Answer:
        document = self._documents.read(request.query)
        if isinstance(document, tuple):
            return _refused(document, operation=None)
        excess = too_many(request.variables, most=self._limits.max_variables) if request.variables else None
        if excess:
            return _refused([excess], operation=None)
        operation = self._operations.find(request.query, document, request.operation_name or None)
        values = operation.variables.coerced(request.variables or {}) if operation else None
        now = request.now or self._clock()
        if operation is None or not isinstance(values, VariableValues):
            return await self._stock(document, request, now, operation=operation)
        cost = operation.cost.of(values.coerced)
        excess = too_dear(cost, most=self._limits.max_cost)
        if excess:
            return _refused([excess], operation=operation.name)
        plan = self._plans.find(operation, values, cost=cost) if self._plans else None
        body = await plan.answer(self.context(now), values) if plan else None
        if body is None:
            return await self._stock(document, request, now, operation=operation)
        return Answer(body=body, executed=True, operation=operation.name, error_codes=())

    async def _stock(
        self, document: DocumentNode, request: GraphQLRequest, now: datetime, *, operation: Operation | None
    ) -> Answer:
        """The answer of the stock executor."""
        name = operation.name if operation else None
        result = await self._run(document, request, now)
        if result.data is None and not any(error.path for error in result.errors or []):
            return _refused(result.errors or [], operation=name)
        return _finished(result, operation=name)

    async def _run(self, document: DocumentNode, request: GraphQLRequest, now: datetime) -> ExecutionResult:
        result = execute(
            self._schema,
            document,
            context_value=self.context(now),
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name or None,
            max_coercion_errors=self._limits.max_errors,
            hide_suggestions=self._limits.schema_hints is Switch.OFF,
        )
        return await result if isawaitable(result) else result


def _finished(result: ExecutionResult, *, operation: str | None) -> Answer:
    formatted = failures(result.errors or [], operation=operation)
    body = {"data": result.data, "errors": formatted} if formatted else {"data": result.data}
    return Answer(body=orjson.dumps(body), executed=True, operation=operation, error_codes=_codes(formatted))


def _refused(errors: Sequence[GraphQLError], *, operation: str | None) -> Answer:
    formatted = refusals(errors)
    body = orjson.dumps({"errors": formatted})
    return Answer(body=body, executed=False, operation=operation, error_codes=_codes(formatted))


def _codes(formatted: Sequence[GraphQLFormattedError]) -> tuple[str, ...]:
    return tuple(str(error["extensions"]["code"]) for error in formatted)
