"""The current request and its answer, as far as they are logged."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from structlog.typing import EventDict, WrappedLogger

CLIENT_WENT_AWAY = 499


@dataclass(slots=True)
class CurrentRequest:
    """A request under way. `status` is that of the answer, once it has begun; the codes are those of its errors.

    `bytes` are those of its body that were sent.
    """

    request_id: str
    status: int = CLIENT_WENT_AWAY
    bytes: int = 0
    operation: str | None = None
    error_codes: Sequence[str] | None = None

    @property
    def is_answered(self) -> bool:
        """True once the answer has begun."""
        return self.status != CLIENT_WENT_AWAY


_CURRENT: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)


def begin(request_id: str) -> CurrentRequest:
    """Make a new request the current one of this task."""
    current = CurrentRequest(request_id)
    _CURRENT.set(current)
    return current


def current() -> CurrentRequest:
    """The request that this task answers; outside of any, a blank one that is not logged."""
    return _CURRENT.get() or CurrentRequest("")


def with_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the request's id to a log line; a processor for structlog."""
    current = _CURRENT.get()
    if current is not None:
        event.setdefault("request_id", current.request_id)
    return event
