"""The command line: `newsstand init|check|index|serve|search|schema`."""

import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from gateway.cli import commands
from gateway.cli.console import COLORS, print_line
from gateway.cli.log_console import log_or_messages
from gateway.cli.terminal import escape_unencodable, messages, results
from gateway.config.errors import SIGNALLED, Interrupted, SettingError
from gateway.config.settings import LogFormat, load
from indexer.errors import ContentMissing, NewsstandError, Severity

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = SIGNALLED + signal.SIGINT


def main() -> None:
    """The console script: run the command, and exit with its status.

    SIGTERM ends it in good order; a container's first process would ignore the signal otherwise.
    """
    signal.signal(signal.SIGTERM, _terminate)
    escape_unencodable()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command in `arguments`. Returns its exit status: 0, 1 where it failed, 2 where it was used wrongly.

    An error is one line on standard error.
    """
    try:
        status: int | None = application()(list(arguments), prog_name="newsstand", standalone_mode=False)
    except (KeyboardInterrupt, Interrupted):
        return INTERRUPTED
    except (SettingError, ContentMissing) as error:
        return _complain(error, WRONG_USAGE)
    except typer.TyperException as error:
        return _complain(_with_remedy(error), error.exit_code)
    except NewsstandError as error:
        return _complain(error, FAILED)
    except OSError as error:
        return _complain(_in_words(error), FAILED)
    return status or 0


def _terminate(number: int, _frame: FrameType | None) -> None:
    sys.exit(SIGNALLED + number)


def application() -> typer.Typer:
    """The commands, each with an example in its help."""
    app = typer.Typer(
        help="A folder of news articles as a GraphQL API with full-text search.",
        epilog="For example: newsstand serve --content content --index index",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None if results().no_color else "rich",
    )
    app.callback()(_options)
    for command, example in (
        (commands.init, "newsstand init news"),
        (commands.check, "newsstand check content --format github"),
        (commands.index, "newsstand index --content content --index index"),
        (commands.serve, "newsstand serve --content content --index index --port 8000 --workers 2"),
        (commands.search, "newsstand search facial recognition --topic ai --ranking newest --index index"),
        (commands.schema, "newsstand schema > schema.graphql"),
    ):
        app.command(epilog=f"For example: {example}")(command)
    return app


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer passes the flag by position
    if wanted:
        print_line(results(), f"newsstand {version('newsstand')}")
        raise typer.Exit


def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options before any command."""


def _with_remedy(error: typer.TyperException) -> str:
    message = error.format_message().rstrip(".")
    return f"{message}; see newsstand --help" if message else ""


def _in_words(error: OSError) -> str:
    text = error.strerror or str(error)
    return text if error.filename is None else f"{error.filename}: {text}"


def _complain(error: object, status: int) -> int:
    line = " ".join(str(error).split())
    if not line:  # without a command there is no error, but the help
        return status
    print_line(_console(), f"newsstand: {line}", style=COLORS[Severity.ERROR])
    return status


def _console() -> Console:
    try:
        return log_or_messages(load({}), auto=LogFormat.CONSOLE)
    except SettingError:
        return messages()
