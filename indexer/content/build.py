"""Content to index: the folder's changes, written as one new generation."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from indexer.article import Article
from indexer.content.build_state import FileState, decoded, encoded
from indexer.content.changes import Corpus
from indexer.content.claims import Outcome
from indexer.content.parse import key_of
from indexer.errors import ContentProblem, Severity
from indexer.search.engine import IndexWriter


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
    """The counts of a build: of files, but for `articles`, which the new generation holds. Drafts are not indexed."""

    generation: int
    files: int
    parsed: int
    added: int
    deleted: int
    articles: int
    errors: int
    warnings: int
    seconds: float


def build(
    content: Path, writer: IndexWriter, *, progress: Progress, processes: int | None = None, full: bool = False
) -> BuildReport:
    """Bring the index up to date with the folder. Nothing is committed where nothing changed.

    `full` reads every file, also those that look unchanged by size, times and inode.

    Raises ContentError where `content` is no folder that can be read, and the writer's errors; the index then stays as
    it was.
    """
    started = time.monotonic()
    state = writer.state
    with _without_collecting():
        last_files = decoded(state)
        corpus = Corpus(content, last_files, processes=processes, full=full)
    tally = _Tally(progress)
    progress.start(corpus.files)
    try:
        for problem in corpus.problems:
            tally.count_problem(problem)
        writer.add(tally.articles(corpus.outcomes()))
    finally:
        progress.finish()
    before = {key_of(path) for path, file in last_files.items() if file.is_served or not file.is_read}
    deleted = before - tally.served
    writer.delete(deleted)
    return BuildReport(
        generation=writer.commit(state if tally.files == last_files else encoded(tally.files)),
        files=corpus.files,
        parsed=tally.parsed,
        added=tally.added,
        deleted=len(deleted),
        articles=len(tally.served),
        errors=tally.problems[Severity.ERROR],
        warnings=tally.problems[Severity.WARNING],
        seconds=time.monotonic() - started,
    )


def check(content: Path, *, processes: int | None = None) -> Iterator[ContentProblem]:
    """Every problem of the folder, without an index. Raises ContentError."""
    corpus = Corpus(content, {}, processes=processes)
    return chain(corpus.problems, (problem for outcome in corpus.outcomes() for problem in outcome.problems))


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
        self.parsed = self.added = 0
        self.problems = dict.fromkeys(Severity, 0)

    def articles(self, outcomes: Iterator[Outcome]) -> Iterator[Article]:
        """The articles to add."""
        for outcome in outcomes:
            self.files[outcome.path] = outcome.state
            self.parsed += outcome.parsed
            if outcome.state.is_served:
                self.served.add(outcome.key)
            for problem in outcome.problems:
                self.count_problem(problem)
            if outcome.article:
                self.added += 1
                yield outcome.article
            self._progress.advance(1)

    def count_problem(self, problem: ContentProblem) -> None:
        self.problems[problem.severity] += 1
        self._progress.problem(problem)
