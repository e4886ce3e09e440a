import logging
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context

import orjson
import pytest
import structlog

from gateway.config.settings import LogFormat, LogLevel, Settings
from gateway.http import current_request
from gateway.http.logs import configure, telling

Captured = pytest.CaptureFixture[str]
JSON = Settings(log_format=LogFormat.JSON)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Logging is one for the whole process: put it back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: Captured) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]


def divide(secret: str) -> None:
    try:
        len(secret) // 0
    except ZeroDivisionError:
        structlog.get_logger().exception("failed")


def test_our_lines_and_those_of_libraries_have_the_same_form(capsys: Captured):
    configure(JSON)
    structlog.get_logger().info("ours", key="value")
    logging.getLogger("uvicorn.error").info("theirs")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["key"], theirs["event"]) == ("ours", "value", "theirs")
    assert (set(ours) - {"key"}) == set(theirs) == {"event", "level", "timestamp"}


def test_lines_of_a_request_have_its_id(capsys: Captured):
    def answer() -> None:
        current_request.begin("abc")
        structlog.get_logger().info("ours")
        logging.getLogger("asyncio").warning("theirs")

    configure(JSON)
    copy_context().run(answer)
    assert [line["request_id"] for line in lines(capsys)] == ["abc", "abc"]


class Late:
    """Renders lines at once."""

    def __init__(self) -> None:
        self.text = ""

    def write_later(self, line: dict[str, object], render: Callable[[dict[str, object]], str]) -> None:
        self.text += render(line)


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE, LogFormat.AUTO])
@pytest.mark.parametrize("level", [LogLevel.INFO, LogLevel.DEBUG, LogLevel.WARNING])
def test_lines_that_are_rendered_late_are_those_of_structlog(capsys: Captured, log_format: LogFormat, level: LogLevel):
    settings, late = Settings(log_format=log_format, log_level=level), Late()
    configure(settings)
    tell = telling(settings, late)
    for number, path in ((logging.DEBUG, "/healthz"), (logging.INFO, '/a"\x1b[1m\n'), (logging.ERROR, "caf\udce9")):
        line: dict[str, object] = {"path": path, "status": 200, "error_codes": ["A"], "event": "request"}
        structlog.get_logger().log(number, **line)
        tell(number, line)
    direct, count = TIME.subn("then", capsys.readouterr().err)
    assert TIME.subn("then", late.text) == (direct, count)
    assert count == {LogLevel.DEBUG: 3, LogLevel.INFO: 2, LogLevel.WARNING: 1}[level]


def test_lines_below_the_level_are_left_out(capsys: Captured):
    configure(Settings(log_format=LogFormat.JSON, log_level=LogLevel.WARNING))
    structlog.get_logger().info("ours")
    logging.getLogger("uvicorn.error").info("theirs")
    structlog.get_logger().warning("heard")
    assert [line["event"] for line in lines(capsys)] == ["heard"]


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
def test_a_traceback_shows_no_values(capsys: Captured, log_format: LogFormat):
    """Local variables hold what clients sent."""
    configure(Settings(log_format=log_format))
    divide(secret="sesame")  # noqa: S106 - it only must not be seen
    logged = capsys.readouterr().err
    assert "ZeroDivisionError" in logged
    assert "sesame" not in logged


def test_text_that_is_no_unicode_is_no_trouble(capsys: Captured):
    """Names of files may hold bytes that are not UTF-8."""
    configure(JSON)
    structlog.get_logger().info("ours", path="caf\udce9.md")
    assert "caf" in capsys.readouterr().err


def test_away_from_a_terminal_lines_are_json(capsys: Captured):
    configure(Settings())
    structlog.get_logger().info("ours")
    assert lines(capsys)[0]["event"] == "ours"


def test_text_from_clients_cannot_steer_a_terminal_or_forge_a_line(capsys: Captured):
    hostile = "\x1b[2J\n2024 [info] forged\u202e\x9b"
    configure(Settings(log_format=LogFormat.CONSOLE))
    structlog.get_logger().info(hostile, path=hostile, error_codes=[hostile])
    logging.getLogger("uvicorn.error").warning("odd: %s", hostile)
    try:
        int(hostile)
    except ValueError:
        structlog.get_logger().exception("failed")
    logged = capsys.readouterr().err
    assert logged.replace("\n", "").isprintable()
    assert len(logged.partition("failed")[0].splitlines()) == 3
    assert r"\x1b[2J\n2024 [info] forged\u202e\x9b" in logged
