"""Content to index: the folder's changes, written as one new generation."""

import gc
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from indexer.article import Article
from indexer.content.build_report import BuildReport, Deletions, Progress
from indexer.content.build_state import FileState, decoded, encoded
from indexer.content.changes import Corpus
from indexer.content.claims import Candidate, Claimants, Outcome
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.content.parse import key_of
from indexer.errors import ContentProblem, IndexUnreadable, ManyDeletions
from indexer.search.build_problems import BuildProblems
from indexer.search.engine import IndexWriter

_MANY = 20
_RECENT_SECONDS = 60
"""Articles that vanish within this time count together, however many builds they take."""
_MOST_GROWTH = 1.5
"""Changes are written behind the state of all files until both are so many times as large as that was."""


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
    """Bring the index up to date with the folder, as `Builder.build` does it once."""
    builder = Builder(content, rules=rules, processes=processes)
    return builder.build(writer, progress=progress, full=full, deletions=deletions)


class Builder:
    """Builds an index from a folder, again and again. In between it has the state of all files in memory."""

    def __init__(
        self,
        content: Path,
        *,
        rules: FieldRules = STRICT,
        processes: int | None = None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """Take the folder, and the `rules` by which fields are found in its files; they may be set to others."""
        self.rules = rules
        self.rule_problems: Sequence[ContentProblem] = ()
        """The problems of the file that `rules` are read from, which are listed with those of the content."""
        self._content = content
        self._processes = processes
        self._clock_ns = clock_ns
        self._last_rules: FieldRules | None = None
        self._state = b""
        self._files: dict[str, FileState] = {}
        self._claimants: Claimants | None = None
        self._problems: dict[str, list[ContentProblem]] = {}
        self._articles = 0
        self._losses: deque[tuple[float, int]] = deque()  # articles that went lately, with the time

    @property
    def files(self) -> Mapping[str, FileState]:
        """The files of the last build."""
        return self._files

    @property
    def problems(self) -> list[ContentProblem]:
        """All problems of the last build."""
        return [*self.rule_problems, *chain.from_iterable(self._problems.values())]

    def below(self, folders: Collection[str]) -> list[str]:
        """The files of the last build below these folders."""
        if not folders or "" in folders:
            return [*self._files] if folders else []
        within: dict[str, bool] = {}
        paths = []
        for path in self._files:
            folder = path.rpartition("/")[0]
            if folder not in within:
                parts = folder.split("/")
                within[folder] = any("/".join(parts[:number]) in folders for number in range(1, len(parts) + 1))
            if within[folder]:
                paths.append(path)
        return paths

    def build(
        self,
        writer: IndexWriter,
        *,
        progress: Progress,
        paths: Collection[str] | None = None,
        full: bool = False,
        deletions: Deletions = Deletions.FEW,
    ) -> BuildReport:
        """Bring the index up to date with the folder. Nothing is committed where nothing changed.

        With `paths`, only these files are looked at, and those that have a key or an address in common with one. Where
        another process has built the index since the last build, or `rules` are others, all are. `full` reads every
        file, also those that look unchanged by size, times and inode.

        Raises ContentError where the folder cannot be read, ManyDeletions where more than half of at least 20 articles
        would be gone within a minute, also from an index that is built anew, and `deletions` does not allow that, and
        the writer's errors; the index then stays as it was.
        """
        started = time.monotonic()
        rules = replace(self.rules, with_text=writer.searches_bodies)
        state = writer.state
        is_whole = paths is None or state != self._state or rules != self._last_rules
        with _without_collecting():
            if is_whole:
                self._take(state)
                corpus, candidates = self._corpus(self._files, rules, full=full), None
            else:
                corpus, candidates = self._around(paths or (), rules)
        tally = _Tally(progress)
        progress.start(corpus.files)
        try:
            for problem in corpus.problems:
                tally.count_problem(problem.path, problem)
            writer.add(tally.articles(corpus.outcomes(candidates)))
        finally:
            progress.finish()
        before = _served(corpus.last or (_replaced_files(writer) if is_whole else {}))
        deleted = before - tally.served
        if deletions is Deletions.FEW:
            self._check(len(deleted), of=len(before) if is_whole else self._articles, now=started)
        writer.delete(deleted)
        problems = tally.problems
        if not is_whole:
            problems = {path: each for path, each in self._problems.items() if path not in corpus.looked} | problems
        listed = BuildProblems.of(chain(self.rule_problems, *problems.values()))
        changed = {path: file for path, file in tally.files.items() if corpus.last.get(path) != file}
        gone = corpus.last.keys() - tally.files.keys()
        state = self._next_state(changed, gone, is_whole=is_whole)
        generation = writer.commit(state, listed)
        self._state, self._last_rules, self._problems = state, rules, problems
        self._articles = len(tally.served) + (0 if is_whole else self._articles - len(before))
        self._losses.append((started, len(before) - len(tally.served)))
        self._remember(changed, gone)
        return BuildReport(
            generation=generation,
            files=corpus.files,
            parsed=tally.parsed,
            added=tally.added,
            deleted=len(deleted),
            articles=self._articles,
            errors=listed.errors,
            warnings=listed.warnings,
            seconds=time.monotonic() - started,
            drafts=tally.drafts,
            passed_over=corpus.passed_over,
            ignored=tally.ignored,
        )

    def _take(self, state: bytes) -> None:
        """Take the state of the last build, where another process made it."""
        if state != self._state:
            self._files = decoded(state)
            self._state, self._claimants = state, None

    def _corpus(
        self, last: Mapping[str, FileState], rules: FieldRules, *, full: bool, paths: Collection[str] | None = None
    ) -> Corpus:
        return Corpus(
            self._content,
            last,
            rules=rules,
            processes=self._processes,
            full=full,
            paths=paths,
            now_ns=self._clock_ns(),
        )

    def _around(self, paths: Collection[str], rules: FieldRules) -> tuple[Corpus, list[Candidate]]:
        """The files at these paths, and all on which the decision on them depends."""
        if self._claimants is None:
            self._claimants = Claimants(self._files)
        looked = set(paths)
        while True:
            last = {path: self._files[path] for path in looked if path in self._files}
            corpus = self._corpus(last, rules, full=True, paths=looked)
            candidates = [*corpus.candidates()]
            now = ((candidate.path, candidate.state) for candidate in candidates)
            further = self._claimants.beside(chain(last.items(), now)) - looked
            if not further:
                return corpus, candidates
            looked |= further

    def _check(self, deleted: int, *, of: int, now: float) -> None:
        """Raise ManyDeletions where so many articles must not be deleted, counting those that went lately."""
        while self._losses and self._losses[0][0] < now - _RECENT_SECONDS:
            self._losses.popleft()
        lately = 0
        for _, lost in self._losses:
            lately = max(0, lately + lost)  # what comes back is not lost, but what is new makes up for no later loss
        deleted, of = deleted + lately, of + lately
        if of >= _MANY and deleted > of / 2:
            reason = f"{deleted} of {of} articles are no longer in {self._content}"
            raise ManyDeletions(f"{reason}; the index stays as it was. If they are to go, build with --allow-deletions")

    def _next_state(self, changed: Mapping[str, FileState], gone: Collection[str], *, is_whole: bool) -> bytes:
        """The state with the changes: behind the state before, unless there would be too much of it."""
        if not changed and not gone:
            return self._state
        if self._state and not is_whole:
            state = b"%b\n%b" % (self._state, encoded(changed, without=gone))
            if len(state) < _MOST_GROWTH * (state.index(b"\n") + 1):
                return state
        files = {path: file for path, file in {**self._files, **changed}.items() if path not in gone}
        return encoded(files)

    def _remember(self, changed: Mapping[str, FileState], gone: Collection[str]) -> None:
        """Take the changes into memory, once they are committed."""
        if self._claimants is not None:
            for path in [*changed, *gone]:
                if path in self._files:
                    self._claimants.remove(path, self._files[path])
            for path, file in changed.items():
                self._claimants.add(path, file)
        self._files.update(changed)
        for path in gone:
            del self._files[path]


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
        self.problems: dict[str, list[ContentProblem]] = {}

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
                self.count_problem(outcome.path, problem)
            if outcome.article:
                self.added += 1
                yield outcome.article
            self._progress.advance(1)

    def count_problem(self, path: str, problem: ContentProblem) -> None:
        """Count a problem that goes when what is at the path changes."""
        self.problems.setdefault(path, []).append(problem)
        self._progress.problem(problem)
