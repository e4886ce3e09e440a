"""The problems of the content files, as a build leaves them with its index."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

import orjson

from indexer.errors import ContentProblem, Severity

MOST_LISTED = 100
MOST_CHARACTERS = 500
"""Of a text in a problem that is kept; `newsstand check` prints all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildProblems:
    """The numbers of errors and warnings, and the first hundred of both: errors before warnings, each by place.

    Texts in them have at most 500 characters.
    """

    errors: int = 0
    warnings: int = 0
    listed: tuple[ContentProblem, ...] = ()

    @property
    def count(self) -> int:
        """The number of all problems."""
        return self.errors + self.warnings

    @classmethod
    def of(cls, problems: Iterable[ContentProblem]) -> Self:
        """Count the problems, in any order, and keep the first ones."""
        first: dict[Severity, list[ContentProblem]] = {severity: [] for severity in Severity}
        counts: Counter[Severity] = Counter()
        for problem in sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column)):
            counts[problem.severity] += 1
            if len(first[problem.severity]) < MOST_LISTED:
                first[problem.severity].append(_shortened(problem))
        listed = [*first[Severity.ERROR], *first[Severity.WARNING]][:MOST_LISTED]
        return cls(errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING], listed=tuple(listed))

    def encoded(self) -> bytes:
        """The problems as JSON."""
        return orjson.dumps(self)

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """Read what `encoded` wrote. Raises ValueError where it is something else."""
        try:
            fields = orjson.loads(data)
            listed = tuple(map(problem_of, fields["listed"]))
            return cls(errors=fields["errors"], warnings=fields["warnings"], listed=listed)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError("not the problems of a build") from error


NO_PROBLEMS = BuildProblems()


def problem_of(fields: dict[str, Any]) -> ContentProblem:  # Any: JSON
    """The problem with these fields, as orjson writes them."""
    return ContentProblem(**{**fields, "severity": Severity(fields["severity"])})


def _shortened(problem: ContentProblem) -> ContentProblem:
    return replace(
        problem,
        path=_short(problem.path),
        field=_short(problem.field),
        reason=_short(problem.reason),
        remedy=_short(problem.remedy),
    )


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
