"""Errors as clients see them, with internal ones masked and logged."""

import uuid
from collections.abc import Iterable

import structlog
from graphql import GraphQLError, GraphQLFormattedError

from indexer.errors import IndexUnreachable, Overloaded, RequestError, SearchIndexError, WorkStopped
from schema.limits.error_codes import Code

_LONGEST_MESSAGE = 1000
UNREACHABLE = "The index cannot be reached; try again soon"
"""The message to clients while no node of a cluster answers."""


def code_of(error: WorkStopped) -> Code:
    """The code of work that was given up."""
    return Code.OVERLOADED if isinstance(error, Overloaded) else Code.DEADLINE_EXCEEDED


def refusals(errors: Iterable[GraphQLError]) -> list[GraphQLFormattedError]:
    """The errors as JSON values, each of them the request's own fault."""
    return [_with_code(error, Code.BAD_USER_INPUT) for error in errors]


def failures(errors: Iterable[GraphQLError], *, operation: str | None) -> list[GraphQLFormattedError]:
    """The errors of an execution as JSON values, with everything internal masked and logged.

    One exception is logged once, under one id, however many fields it brought down.
    """
    log = structlog.get_logger("schema")
    ids: dict[int, str] = {}
    formatted = []
    told = list(errors)
    for error in told:
        if _is_clients_fault(error):
            formatted.append(_with_code(error, Code.BAD_USER_INPUT))
            continue
        cause = error.original_error or error
        if isinstance(cause, WorkStopped):
            formatted.append(_with_code(error, code_of(cause)))
            continue
        if isinstance(cause, IndexUnreachable):  # which each refresh logs, and whose message names places
            formatted.append(_with_code(GraphQLError(UNREACHABLE, path=error.path), Code.INDEX_UNREACHABLE))
            continue
        if id(cause) not in ids:
            ids[id(cause)] = uuid.uuid4().hex
            log.error("a field failed", error_id=ids[id(cause)], operation=operation, path=error.path, exc_info=cause)
        formatted.append(_masked(error, ids[id(cause)]))
    for error in told:
        _forget_frames(error)
    return formatted


def _forget_frames(error: BaseException | None) -> None:
    """Let an error go without the garbage collector: its traceback has frames, which hold it."""
    while error is not None:
        error.__traceback__ = None
        error = error.original_error if isinstance(error, GraphQLError) else error.__cause__ or error.__context__


def _is_clients_fault(error: GraphQLError) -> bool:
    cause = error.original_error
    if isinstance(cause, GraphQLError):
        # For an argument that cannot be coerced, graphql-core names its nodes in the document. For a value of ours that
        # does not fit its type, there are none.
        return bool(cause.nodes)
    return cause is None or isinstance(cause, RequestError)


def _with_code(error: GraphQLError, code: Code) -> GraphQLFormattedError:
    extensions = {"code": code, **(error.extensions or {})}
    message = error.message  # it may quote anything that the client sent
    message = message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - 1] + "…"
    return {**error.formatted, "message": message, "extensions": extensions}


def _masked(error: GraphQLError, error_id: str) -> GraphQLFormattedError:
    code, trouble = Code.INTERNAL, "Something went wrong on our side"
    if isinstance(error.original_error, SearchIndexError):  # its message names places on this machine
        code, trouble = Code.INDEX_UNAVAILABLE, "The index cannot be read; try again later"
    message = f"{trouble}; quote the id {error_id} when reporting it"
    return {**error.formatted, "message": message, "extensions": {"code": code, "id": error_id}}
