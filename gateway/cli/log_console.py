"""The log in the place of a console, so that a server whose logs are JSON writes nothing else."""

import logging
import sys
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style

from gateway.cli.terminal import message_stream, messages
from gateway.config.settings import LogFormat, Settings
from indexer.errors import ContentProblem, Severity

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_LEVELS = {"red": logging.ERROR, "yellow": logging.WARNING}
"""The levels of lines, by the colours that they have on terminals."""
_SEVERITIES = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}


class LogConsole(Console):
    """A console whose lines are lines of the log."""

    def __init__(self, log: "FilteringBoundLogger") -> None:
        super().__init__(file=StringIO())
        self._log = log

    def print(self, *objects: object, style: str | Style | None = None, **_options: object) -> None:
        """Log a line, from the level that its colour stands for."""
        self._log.log(_LEVELS.get(str(style), logging.INFO), " ".join(map(str, objects)))

    def problem(self, problem: ContentProblem) -> None:
        """Log a problem, field by field."""
        self._log.log(
            _SEVERITIES[problem.severity],
            "content problem",
            path=problem.path,
            line=problem.line,
            column=problem.column,
            field=problem.field,
            reason=problem.reason,
            remedy=problem.remedy,
        )


def log_or_messages(settings: Settings, *, auto: LogFormat) -> Console:
    """Standard error: the log where its lines are JSON, else for people. `auto` is the form where none is set."""
    form = auto if settings.log_format is LogFormat.AUTO else settings.log_format
    if form is LogFormat.CONSOLE or (form is LogFormat.AUTO and sys.stderr.isatty()):
        return messages()
    from gateway.http import logs  # noqa: PLC0415 - it takes long to import, and few commands write logs

    return LogConsole(logs.logger(settings, message_stream(), form=LogFormat.JSON))
