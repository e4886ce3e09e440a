from io import StringIO

from rich.console import Console

from gateway.cli.console import Bar, Lines, progress_on
from indexer.errors import ContentProblem, Severity

PROBLEM = ContentProblem(
    path="news/[a].md",
    line=3,
    column=7,
    field="webUrl",
    reason="is missing " + "x" * 200,
    remedy="add it",
    severity=Severity.WARNING,
)


def terminal() -> tuple[Console, StringIO]:
    screen = StringIO()
    return Console(file=screen, force_terminal=True, width=60), screen


def file() -> tuple[Console, StringIO]:
    log = StringIO()
    return Console(file=log, width=60), log


def test_a_terminal_shows_a_bar_and_other_places_get_lines():
    assert isinstance(progress_on(terminal()[0]), Bar)
    assert isinstance(progress_on(file()[0]), Lines)


def test_a_problem_is_one_line_as_it_is():
    """Brackets are markup to Rich, and a long line would be wrapped: neither may happen to a path."""
    console, log = file()
    Lines(console).problem(PROBLEM)
    assert log.getvalue() == f"{PROBLEM}\n"


def test_lines_tell_every_tenth_of_many_files():
    console, log = file()
    lines = Lines(console)
    lines.start(20_000)
    for _ in range(20_000):
        lines.advance(1)
    lines.finish()
    told = log.getvalue().splitlines()
    assert told[:2] == ["Indexing 20000 files", "Indexed 2000 of 20000 files"]
    assert len(told) == 10


def test_lines_tell_nothing_on_the_way_of_few_files():
    console, log = file()
    lines = Lines(console)
    lines.start(70)
    lines.advance(70)
    lines.finish()
    assert log.getvalue() == "Indexing 70 files\n"


def test_the_bar_counts_and_lets_problems_pass():
    console, screen = terminal()
    bar = Bar(console)
    bar.start(10)
    bar.advance(10)
    bar.problem(PROBLEM)
    bar.finish()
    assert "10/10" in screen.getvalue()
    assert "news/[a].md:3:7: warning: webUrl: is missing" in screen.getvalue()
