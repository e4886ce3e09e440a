"""From a GraphQL request to the bytes of its answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from inspect import isawaitable

import graphql
import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLFormattedError,
    OperationType,
    execute,
    located_error,
)
from graphql.execution.values import VariableValues
from strawberry import Schema

from indexer.errors import Overloaded
from indexer.memory import Memory
from indexer.search.changes import Change
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest
from schema.compiler.resolving import graphql_schema
from schema.cost.cost import too_dear
from schema.execution.documents import Documents
from schema.execution.error_answers import failures, refusals
from schema.execution.operations import Operation, Operations
from schema.execution.plans import Plans
from schema.execution.request import Answer, Checked, GraphQLRequest, utc_now
from schema.inputs.cursor_seal import CursorSeal, new_key
from schema.limits.answer_size import AnswerTooLarge, written
from schema.limits.error_codes import Code, coded
from schema.limits.limits import Limits, Switch
from schema.limits.request_size import too_long_name, too_many
from schema.loading.context import RequestContext
from schema.subscriptions.article_change import ChangeEvent
from schema.subscriptions.subscription import SavedSearch

_PIECE = 1_000
"""The cost of a piece of an answer: cheaper answers are written at once."""
_STREAM_REQUIRED = GraphQLError(
    "A subscription is answered by a stream of events: send it over a WebSocket (graphql-transport-ws), or with the "
    "header Accept: text/event-stream",
    extensions={"code": Code.STREAM_REQUIRED},
)
KEPT = frozenset({"Article", "Provider"})
"""The types whose objects may be kept encoded: engines hand out the same immutable value again."""


class Execution(Enum):
    """A way to execute operations. The answers are the same."""

    COMPILED = "compiled"
    """By a function made for the operation; as STOCK where anything goes wrong on the way."""
    STOCK = "stock"
    """By graphql-core, field by field."""
    LEARNED = "learned"
    """As COMPILED for repeated or dear operations; as STOCK for others, since making a function would take longer."""


class Refused(Exception):
    """A request that is not executed, because of its own errors."""

    def __init__(self, errors: Sequence[GraphQLError], *, operation: str | None) -> None:
        super().__init__()
        self._errors = errors
        self._operation = operation

    def answer(self) -> Answer:
        """The errors, without any data."""
        formatted = refusals(self._errors)
        body = orjson.dumps({"errors": formatted})
        return Answer(body=body, executed=False, operation=self._operation, error_codes=_codes(formatted))


class Executor:
    """Answers requests to a schema from one engine, which the executor's owner closes.

    Documents, operations, plans and parts of answers are kept in `memory`, by default one of its own.
    Executors with the same `cursor_key`, a secret of at least 32 bytes, take each other's cursors. Without a key,
    cursors are this executor's alone. Addresses on the site itself begin with the `asset_base_url`, or else with the
    server's as each client asks for it.
    """

    def __init__(  # noqa: PLR0913 - the parts that it is put together of, each by its name
        self,
        engine: SearchEngine,
        *,
        schema: Schema,
        limits: Limits,
        asset_base_url: str | None,
        cursor_key: bytes | None = None,
        memory: Memory | None = None,
        clock: Callable[[], datetime] = utc_now,
        execution: Execution = Execution.LEARNED,
    ) -> None:
        self._own = object()  # the name of the executor, which requests may keep
        self._engine = engine
        self._limits = limits
        self._asset_base_url = asset_base_url and asset_base_url.rstrip("/")
        self._memory = memory or Memory()
        self.seal = CursorSeal(cursor_key or new_key())
        self._clock = clock
        self._schema = graphql_schema(schema)
        self._documents = Documents(self._schema, limits, self._memory)
        self._operations = Operations(self._schema, limits, self._memory)
        self._plans: Plans | None = None
        if execution is not Execution.STOCK:
            patience = 1 if execution is Execution.LEARNED else 0
            self._plans = Plans(schema, self._memory, patience=patience, kept=KEPT)

    async def execute(self, request: GraphQLRequest, *, now: datetime | None = None) -> Answer:
        """The answer to any request, by the clock `now` or its own. Faults and failures on the way are in it."""
        try:
            return await self._answer(request, now or request.now or self._clock())
        except Refused as refusal:
            return refusal.answer()
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer and the log the reason
            return _finished(ExecutionResult(None, [located_error(error)]), operation=None)

    async def subscribe(self, request: GraphQLRequest) -> SearchRequest | Answer:
        """The search that a subscription follows; the answer to another operation, or to one that is refused."""
        try:
            document = self._document(request)
            operation = self._operations.find(request.query, document, request.operation_name or None)
            if operation is None or operation.node.operation is not OperationType.SUBSCRIPTION:
                return await self._answer(request, request.now or self._clock())
            values = self._values(operation, request)
            if isinstance(values, VariableValues):
                self._cost(operation, values)
            return self._saved_search(document, request, operation.name)
        except Refused as refusal:
            return refusal.answer()
        except Exception as error:  # noqa: BLE001 - as in `execute`
            return _finished(ExecutionResult(None, [located_error(error)]), operation=None)

    async def tell(self, request: GraphQLRequest, change: Change, *, generation: int) -> Answer:
        """The answer to a subscription for one change, after `subscribe` has found nothing to refuse in it."""
        event = ChangeEvent(change=change.kind, key=change.key, article=change.article, generation=generation)
        try:
            document, now = self._document(request), request.now or self._clock()
            result = await self._run(document, request, now, root=event)
            return _finished(result, operation=request.operation_name, write=self._writer(1))
        except AnswerTooLarge as excess:
            return Refused([_too_large(excess)], operation=None).answer()
        except Exception as error:  # noqa: BLE001 - as in `execute`
            return _finished(ExecutionResult(None, [located_error(error)]), operation=None)

    def reseal(self, cursor_key: bytes) -> None:
        """Seal cursors with this key from now on."""
        self.seal = CursorSeal(cursor_key)

    def context(self, now: datetime | None = None, *, server_url: str | None = None) -> RequestContext:
        """The context of one request that arrives at `now`, by default at this moment, at a server of this URL."""
        now = now or self._clock()
        base = self._asset_base_url or server_url or ""
        engine = self._engine.present()  # no answer mixes two generations
        return RequestContext(engine=engine, now=now, limits=self._limits, seal=self.seal, asset_base_url=base)

    async def _answer(self, request: GraphQLRequest, now: datetime) -> Answer:
        """Read, check, find the plan, run. Raises `Refused` before anything is executed."""
        document = self._document(request)
        operation = self._operations.find(request.query, document, request.operation_name or None)
        checked = self._checked(operation, request) if operation else None
        if operation is None or checked is None:
            return await self._stock(document, request, now, operation=operation)  # it finds all errors there are
        _, values, cost = checked
        plan = self._plans.find(operation, values, cost=cost) if self._plans else None
        pieces = cost / _PIECE
        try:
            context = self.context(now, server_url=request.server_url)
            body = await plan.answer(context, values, self._writer(pieces)) if plan else None
            if body is None:
                return await self._stock(document, request, now, operation=operation, pieces=pieces)
        except AnswerTooLarge as excess:
            raise Refused([_too_large(excess)], operation=operation.name) from excess
        except Overloaded as excess:
            error = GraphQLError(str(excess), extensions={"code": Code.OVERLOADED})
            raise Refused([error], operation=operation.name) from excess
        return Answer(body=body, executed=True, operation=operation.name, error_codes=())

    def _writer(self, pieces: float) -> Callable[[Mapping[str, object]], bytes]:
        return partial(written, most=self._limits.max_answer_bytes, pieces=pieces)

    def _checked(self, operation: Operation, request: GraphQLRequest) -> Checked | None:
        """The values and the cost of a request; None where the values have errors."""
        checked = request.checked
        if checked is None or checked.executor is not self._own:
            values = self._values(operation, request)
            if operation.node.operation is OperationType.SUBSCRIPTION:
                raise Refused([_STREAM_REQUIRED], operation=operation.name)
            if not isinstance(values, VariableValues):
                return None
            checked = Checked(self._own, values, self._cost(operation, values))
            request.note(checked)
        return checked

    def _document(self, request: GraphQLRequest) -> DocumentNode:
        """The valid document of a request. What was checked before is not checked again."""
        if request.checked and request.checked.executor is self._own:
            document = self._documents.read(request.query)
            if document.node is not None:
                return document.node
        excess = too_long_name(request.operation_name) if request.operation_name else None
        if excess:
            raise Refused([excess], operation=None)
        document = self._documents.read(request.query)
        if document.node is None:
            raise Refused(document.errors, operation=None)
        excess = too_many(request.variables, most=self._limits.max_variables) if request.variables else None
        if excess:
            raise Refused([excess], operation=None)
        return document.node

    @staticmethod
    def _values(operation: Operation, request: GraphQLRequest) -> VariableValues | Sequence[GraphQLError]:
        sent = request.variables or {}
        excess = operation.variables.wrong_id(sent)
        if excess:
            raise Refused([excess], operation=operation.name)
        return operation.variables.coerced(sent)

    def _cost(self, operation: Operation, values: VariableValues) -> int:
        cost = self._operations.cost(operation, values)
        excess = too_dear(operation.cost.reading + cost, most=self._limits.max_cost)
        if excess:
            raise Refused([excess], operation=operation.name)
        return cost

    async def _stock(
        self,
        document: DocumentNode,
        request: GraphQLRequest,
        now: datetime,
        *,
        operation: Operation | None,
        pieces: float = 1,
    ) -> Answer:
        """The answer of the stock executor. Raises `Refused` where it executes nothing, and `AnswerTooLarge`."""
        name = operation.name if operation else None
        result = await self._run(document, request, now)
        if result.data is None and not any(error.path for error in result.errors or []):
            unresolved = Code.OPERATION_RESOLUTION_FAILURE if operation is None else Code.BAD_USER_INPUT
            raise Refused([coded(error, unresolved) for error in result.errors or []], operation=name)
        return _finished(result, operation=name, write=self._writer(pieces))

    def _saved_search(
        self, document: DocumentNode, request: GraphQLRequest, name: str | None
    ) -> SearchRequest | Answer:
        source = graphql.Executor.build(
            self._schema,
            document,
            context_value=self.context(),
            raw_variable_values=dict(request.variables or {}),
            operation_name=request.operation_name or None,
            max_coercion_errors=self._limits.max_errors,
            hide_suggestions=self._limits.schema_hints is Switch.OFF,
        )
        if isinstance(source, list):
            raise Refused([coded(error, Code.BAD_USER_INPUT) for error in source], operation=name)
        events = graphql.create_source_event_stream(source)
        if isinstance(events, SavedSearch):
            return events.search
        formatted = failures(getattr(events, "errors", None) or [], operation=name)
        body = orjson.dumps({"errors": formatted})
        return Answer(body=body, executed=False, operation=name, error_codes=_codes(formatted))

    async def _run(
        self, document: DocumentNode, request: GraphQLRequest, now: datetime, *, root: ChangeEvent | None = None
    ) -> ExecutionResult:
        result = execute(
            self._schema,
            document,
            root,
            context_value=self.context(now, server_url=request.server_url),
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name or None,
            max_coercion_errors=self._limits.max_errors,
            hide_suggestions=self._limits.schema_hints is Switch.OFF,
        )
        return await result if isawaitable(result) else result


def _finished(
    result: ExecutionResult, *, operation: str | None, write: Callable[[Mapping[str, object]], bytes] = orjson.dumps
) -> Answer:
    formatted = failures(result.errors or [], operation=operation)
    body = {"data": result.data, "errors": formatted} if formatted else {"data": result.data}
    return Answer(body=write(body), executed=True, operation=operation, error_codes=_codes(formatted))


def _too_large(excess: AnswerTooLarge) -> GraphQLError:
    extensions = {"code": Code.ANSWER_TOO_LARGE, "maxAnswerBytes": excess.most}
    return GraphQLError(str(excess), extensions=extensions)


def _codes(formatted: Sequence[GraphQLFormattedError]) -> tuple[str, ...]:
    return tuple(str(error["extensions"]["code"]) for error in formatted)
