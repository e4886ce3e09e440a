"""The report of a build, what it tells while it goes on, and what it may delete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from indexer.errors import ContentProblem


class Deletions(Enum):
    """The deletions that a build may make: not of most articles (FEW), or any (ALL)."""

    FEW = "few"
    ALL = "all"


class Progress(Protocol):
    """A listener to a build."""

    def start(self, files: int) -> None:
        """Take the number of content files, before the first is read."""

    def advance(self, files: int) -> None:
        """Count this many more files as done."""

    def problem(self, problem: ContentProblem) -> None:
        """Take a problem, as soon as it is found."""

    def finish(self) -> None:
        """End, after success and failure alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """The counts of a build: of files, but for `articles`, which the new generation holds. Drafts are not indexed.

    `ignored` counts, by name, fields that lenient rules read nothing from, in the files that were parsed.
    """

    generation: int
    files: int
    parsed: int
    added: int
    deleted: int
    articles: int
    errors: int
    warnings: int
    seconds: float
    drafts: int = 0
    passed_over: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)
