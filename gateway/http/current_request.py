"""One request and its answer, as far as the log tells of them."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from structlog.typing import EventDict, WrappedLogger

CLIENT_WENT_AWAY = 499


@dataclass(slots=True)
class CurrentRequest:
    """What is known so far. `status` is that of the answer, once it has been begun; codes are those of errors in it."""

    request_id: str
    status: int = CLIENT_WENT_AWAY
    operation: str | None = None
    error_codes: Sequence[str] | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the answer has been begun."""
        return self.status != CLIENT_WENT_AWAY


_CURRENT: ContextVar[CurrentRequest | None] = ContextVar("exchange", default=None)


def begin(request_id: str) -> CurrentRequest:
    """A new exchange, which is the current one from now on in this task."""
    exchange = CurrentRequest(request_id)
    _CURRENT.set(exchange)
    return exchange


def current() -> CurrentRequest:
    """The exchange that this task is about; outside of any, one that nobody looks at."""
    return _CURRENT.get() or CurrentRequest("")


def with_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A step of structlog's: each line tells to which request it belongs."""
    exchange = _CURRENT.get()
    if exchange is not None:
        event.setdefault("request_id", exchange.request_id)
    return event
