"""Content to index: the folder's changes, written as one new generation."""

import gc
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Protocol

from indexer.article import Article
from indexer.content.build_state import FileState, decoded, encoded
from indexer.content.changes import Corpus
from indexer.content.claims import Outcome
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.content.parse import key_of
from indexer.errors import ContentProblem, IndexUnreadable, ManyDeletions
from indexer.search.build_problems import BuildProblems
from indexer.search.engine import IndexWriter

_MANY = 20


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


def build(  # noqa: PLR0913 - a folder, an index and the ways to build it
    content: Path,
    writer: IndexWriter,
    *,
    progress: Progress,
    rules: FieldRules = STRICT,
    processes: int | None = None,
    full: bool = False,
    deletions: Deletions = Deletions.FEW,
) -> BuildReport:
    """Bring the index up to date with the folder. Nothing is committed where nothing changed.

    `rules` say where the fields of articles stand in the files. `full` reads every file, also those that look unchanged
    by size, times and inode.

    Raises ContentError where `content` is no folder that can be read, ManyDeletions where more than half of at least 20
    articles would be gone, also from an index that is built anew, and `deletions` does not allow that, and the writer's
    errors; the index then stays as it was.
    """
    started = time.monotonic()
    state = writer.state
    with _without_collecting():
        last_files = decoded(state)
        rules = replace(rules, with_text=writer.searches_bodies)
        corpus = Corpus(content, last_files, rules=rules, processes=processes, full=full)
    tally = _Tally(progress)
    progress.start(corpus.files)
    try:
        for problem in corpus.problems:
            tally.count_problem(problem)
        writer.add(tally.articles(corpus.outcomes()))
    finally:
        progress.finish()
    before = _served(last_files or _replaced_files(writer))
    deleted = before - tally.served
    if deletions is Deletions.FEW and len(before) >= _MANY and len(deleted) > len(before) / 2:
        reason = f"{len(deleted)} of {len(before)} articles are no longer in {content}"
        raise ManyDeletions(f"{reason}; the index stays as it was. If they are to go, build with --allow-deletions")
    writer.delete(deleted)
    problems = BuildProblems.of(tally.problems)
    return BuildReport(
        generation=writer.commit(state if tally.files == last_files else encoded(tally.files), problems),
        files=corpus.files,
        parsed=tally.parsed,
        added=tally.added,
        deleted=len(deleted),
        articles=len(tally.served),
        errors=problems.errors,
        warnings=problems.warnings,
        seconds=time.monotonic() - started,
        drafts=tally.drafts,
        passed_over=corpus.passed_over,
        ignored=tally.ignored,
    )


def _served(files: Mapping[str, FileState]) -> set[str]:
    """The keys of the articles that the index has, or may have."""
    return {key_of(path) for path, file in files.items() if file.is_served or not file.is_read}


def _replaced_files(writer: IndexWriter) -> dict[str, FileState]:
    """The content files of the index that is built anew, as far as it still tells of them."""
    try:
        return decoded(writer.replaced_state)
    except IndexUnreadable:
        return {}


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Collect no garbage among objects that all stay: with many files, that takes as long as to make them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Tally:
    """Counts outcomes while they pass on their way to the writer."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.files: dict[str, FileState] = {}
        self.served: set[str] = set()
        self.parsed = self.added = self.drafts = 0
        self.ignored: Counter[str] = Counter()
        self.problems: list[ContentProblem] = []

    def articles(self, outcomes: Iterator[Outcome]) -> Iterator[Article]:
        """The articles to add."""
        for outcome in outcomes:
            self.files[outcome.path] = outcome.state
            self.parsed += outcome.parsed
            self.drafts += not outcome.state.current.published
            self.ignored.update(outcome.ignored)
            if outcome.state.is_served:
                self.served.add(outcome.key)
            for problem in outcome.problems:
                self.count_problem(problem)
            if outcome.article:
                self.added += 1
                yield outcome.article
            self._progress.advance(1)

    def count_problem(self, problem: ContentProblem) -> None:
        self.problems.append(problem)
        self._progress.problem(problem)
