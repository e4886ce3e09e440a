"""Structured logs, ours and those of the libraries, as one stream of lines on standard error."""

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from time import time
from typing import Protocol, TextIO

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, FilteringBoundLogger, Processor, WrappedLogger

from gateway.config.settings import LogFormat, Settings
from gateway.http.current_request import with_request_id
from gateway.http.printable import shown

_STEPS: Sequence[Processor] = (
    with_request_id,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
"""Steps that each line goes through before it is rendered."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of this process to the stream, in the form and from the level that are set.

    The stream is standard error, or writes to it.
    """
    stream = stream or sys.stderr
    level, rendering = _level(settings), _rendering(settings.log_format)
    structlog.configure(
        processors=[*_STEPS, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    _adopt_libraries(level, rendering, stream)


_LEVELS: Mapping[int, str] = {
    level: logging.getLevelName(level).lower() for level in logging.getLevelNamesMapping().values()
}


class LateWriter(Protocol):
    """A stream that renders lines later."""

    def write_later(self, line: dict[str, object], render: Callable[[dict[str, object]], str]) -> None:
        """Write what `render` makes of the line, some time."""


def telling(settings: Settings, writer: LateWriter) -> Callable[[int, dict[str, object]], None]:
    """A function that logs a line, from the level on that is set, as `configure` would have it, but rendered later.

    It is for lines of requests: the way through structlog takes a fifth of the time of a short one.
    """
    least, render = _level(settings), _late_rendering(settings.log_format)

    def tell(level: int, line: dict[str, object]) -> None:
        if level >= least:
            line["level"], line["timestamp"] = _LEVELS[level], time()
            writer.write_later(line, render)

    return tell


def logger(settings: Settings, stream: TextIO, *, form: LogFormat) -> FilteringBoundLogger:
    """A logger of the same lines to `stream` in this form, for a process that has not configured its logs."""
    bound: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[*_STEPS, *_rendering(form)],
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings)),
    )
    return bound


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]


def _rendering(log_format: LogFormat) -> list[Processor]:
    if _is_for_people(log_format):
        return [_printable, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]


def _is_for_people(log_format: LogFormat) -> bool:
    return log_format is LogFormat.CONSOLE or (log_format is LogFormat.AUTO and sys.stderr.isatty())


def _late_rendering(log_format: LogFormat) -> Callable[[EventDict], str]:
    """A function that renders lines of plain values, of which the timestamp is a number."""
    if not _is_for_people(log_format):
        return _late_json
    steps = _rendering(log_format)

    def render(line: EventDict) -> str:
        line["timestamp"] = _zulu(_instant(line["timestamp"]))
        rendered: object = line
        for step in steps:
            rendered = step(None, line["level"], rendered)  # type: ignore[arg-type] # a line until the last step
        return f"{rendered}\n"

    return render


def _late_json(line: EventDict) -> str:
    """The line in JSON, as `_rendering` has it."""
    line["timestamp"] = _instant(line["timestamp"])
    try:
        return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # text that is no Unicode, as addresses may be
        return f"{json.dumps(line, default=_zulu)}\n"


def _instant(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def _zulu(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _printable(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: shown(value) if isinstance(value, str) else value for name, value in event.items()}


def _traceback(stream: TextIO, error: ExcInfo) -> None:
    """Write a traceback. The renderer's own would print local variables, and with them what clients sent."""
    lines = StringIO()
    structlog.dev.plain_traceback(lines, error)
    stream.write("\n".join(map(shown, lines.getvalue().split("\n"))))


def _json(event: EventDict, default: Callable[[object], object], **_options: object) -> str:
    try:
        return orjson.dumps(event, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # text that is no Unicode, as names of files may be
        return json.dumps(event, default=default)


def _adopt_libraries(level: int, rendering: list[Processor], stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_STEPS, processors=[strip, *rendering]))
    logging.basicConfig(level=level, handlers=[handler], force=True)
