"""Problems of content files in the forms that people and tools read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from enum import StrEnum

import orjson
from rich.console import Console

from gateway.cli.console import counted, ignored_fields, print_document, print_line, print_problem
from gateway.http.printable import shown
from indexer.errors import ContentProblem, Severity


class Format(StrEnum):
    """A form of `newsstand check`: lines, one JSON document, or commands that GitHub shows beside the lines."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def print_problems(
    console: Console, problems: Iterable[ContentProblem], form: Format, *, ignored: Mapping[str, int], where: str
) -> Counter[Severity]:
    """Print problems as they come, and their numbers at last. Returns the numbers.

    `ignored` counts fields, and is complete when the problems are; `where` names what was checked.
    """
    counts: Counter[Severity] = Counter()
    listed = []
    for problem in problems:
        counts[problem.severity] += 1
        if form is Format.TEXT:
            print_problem(console, problem)
        elif form is Format.GITHUB:
            print_document(console, github_command(problem))
        else:
            listed.append(asdict(problem))
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    if form is Format.JSON:
        document = {"problems": listed, "errors": errors, "warnings": warnings, "ignored": ignored}
        print_document(console, orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    else:
        if ignored:
            print_line(console, ignored_fields(ignored))
        print_line(console, f"{counted(errors, 'error')}, {counted(warnings, 'warning')} in {where}")
    return counts


def github_command(problem: ContentProblem) -> str:
    """The problem as a workflow command of GitHub Actions, which shows it at its line of a change."""
    title = f",title={_property(problem.field)}" if problem.field else ""
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column}{title}"
    return f"::{problem.severity} {place}::{_escaped(f'{problem.reason}; {problem.remedy}')}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    signs = {"%": "%25", "\r": "%0D", "\n": "%0A"}
    return "".join(signs.get(sign) or shown(sign) for sign in text)
