"""Lines on a terminal or in a log: problems, synonyms, and the progress of a build."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from gateway.cli.log_console import LogConsole
from gateway.config import synonyms
from gateway.http.printable import shown
from indexer.content import synonyms_file
from indexer.content.build_report import Progress as BuildProgress
from indexer.errors import ContentProblem, Severity

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_FEWEST_PER_LINE = 1000
_MOST_NAMES = 10


def progress_on(console: Console) -> BuildProgress:
    """A display of a build's progress on `console`: a bar on a terminal, lines elsewhere."""
    return Bar(console) if console.is_terminal and not console.no_color else Lines(console)


def print_line(console: Console, line: str, *, style: str = "") -> None:
    """Print `line` unbroken, so that other tools can read it, and with escapes for characters that cannot be seen."""
    print_document(console, shown(line), style=style)


def print_document(console: Console, text: str, *, style: str = "") -> None:
    """Print a text of several lines as it is, such as JSON for programs."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def print_problem(console: Console, problem: ContentProblem) -> None:
    """Print `problem` as one line, from which editors and other tools can open the file."""
    if isinstance(console, LogConsole):
        console.problem(problem)
        return
    print_line(console, str(problem), style=COLORS[problem.severity])


def report_synonyms(setting: Path | None, console: Console) -> bool:
    """Print the problems of the file in force, if there is one, and the number of its words with synonyms.

    True if the file has no error.
    """
    path = synonyms.file(setting)
    if not path:
        return True
    words, problems = synonyms_file.read(path)
    for problem in problems:
        print_problem(console, problem)
    is_sound = all(problem.severity is not Severity.ERROR for problem in problems)
    print_line(console, f"Words and phrases with synonyms: {len(words) if is_sound else 'none'}, by {path}")
    return is_sound


class Bar:
    """A progress bar that leaves nothing behind but the problems."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True)
        self._task: TaskID = self._bar.add_task("files", total=None)

    def start(self, files: int) -> None:
        """Show the bar, empty."""
        self._bar.update(self._task, total=files)
        self._bar.start()

    def advance(self, files: int) -> None:
        """Fill the bar by so many files."""
        self._bar.advance(self._task, files)

    def problem(self, problem: ContentProblem) -> None:
        """Print the problem above the bar."""
        print_problem(self._bar.console, problem)

    def finish(self) -> None:
        """Remove the bar."""
        self._bar.stop()


class Lines:
    """A line for each tenth of the files, but for no fewer than a thousand; fit for a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._files = self._done = self._next = self._step = 0

    def start(self, files: int) -> None:
        """Print the number of files."""
        self._files = files
        self._step = self._next = max(files // 10, _FEWEST_PER_LINE)
        print_line(self._console, f"Indexing {files} files")

    def advance(self, files: int) -> None:
        """Print the number of finished files, now and then."""
        self._done += files
        if self._next <= self._done < self._files:
            self._next += self._step
            print_line(self._console, f"Indexed {self._done} of {self._files} files")

    def problem(self, problem: ContentProblem) -> None:
        """Print the problem."""
        print_problem(self._console, problem)

    def finish(self) -> None:
        """Say nothing: the report follows."""


def counted(number: int, noun: str) -> str:
    """The number with its noun: `1 article`, `2 articles`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def ignored_fields(counts: Mapping[str, int]) -> str:
    """The names of fields that nothing was read from, the most frequent first, in one line."""
    frequent = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
    listed = ", ".join(f"{name} ({number})" for name, number in frequent[:_MOST_NAMES])
    more = f" and {len(frequent) - _MOST_NAMES} more" if len(frequent) > _MOST_NAMES else ""
    return f"Fields that no article has, by files: {listed}{more}"
