"""The process that builds: it notices changes of the content folder, and brings the index up to date with them."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import structlog

from gateway.config import field_rules
from gateway.config.settings import Settings
from gateway.watch.events import Events
from indexer.content.build import Builder
from indexer.content.build_report import BuildReport
from indexer.content.ignore import DEFAULTS, IGNORE_FILE
from indexer.content.parse import is_content
from indexer.content.sweep import Sweep
from indexer.errors import ContentProblem, IndexBusy, ManyDeletions, NewsstandError
from indexer.search.engine import IndexWriter

_AT_ONCE = 5_000
"""More paths than this are looked at as a look at all."""
_NEW_FOLDER_SECONDS = 1.0
_BUSY_SECONDS = 0.3
_TROUBLE_SECONDS = 5.0
_SWEEP_SECONDS = 30.0
_STEP = 100
"""Files that a sweep looks at in one turn."""
_READING = 10
"""Each sweep of so many reads all files."""
_SHARE = 10
"""After a look at all that failed, the next one comes after so many times the time it took."""
_MOST_LOGGED = 20


class Watcher:
    """Turns notices into builds.

    A notice says only where to look: a build finds out what changed. Beside that, all files are looked at in small
    steps again and again, for changes that no notice came of, and the index is, for damage.
    """

    def __init__(
        self,
        settings: Settings,
        events: Events,
        *,
        open_writer: Callable[[], IndexWriter],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._open_writer = open_writer
        self._root = settings.content
        self._events = events
        self._clock = clock
        self._builder = Builder(settings.content)
        self._sweep = Sweep(settings.content)
        self._steps: Iterator[set[str]] = iter(())
        self._sweeps = 0
        self._next_sweep = clock() + _SWEEP_SECONDS
        self._pending: set[str] = set()
        self._is_all_pending = True
        self._is_index_pending = False
        self._not_before = 0.0
        self._again: dict[str, float] = {}  # paths to look at once more, by the time for it
        self._mapping: tuple[int, ...] | None = None
        self._is_mapping_read = False
        self._trouble = ""
        self._told: set[ContentProblem] | None = None
        self._log = structlog.get_logger("newsstand.watch")

    def run(self, stop: Event) -> None:
        """Build whatever changes until `stop` is set."""
        self._log.info("watching", content=str(self._root), pid=os.getpid())
        while not stop.is_set():
            self.turn()

    def turn(self) -> BuildReport | None:
        """Wait for changes, a tenth of a second at most, and build what is due; the report of the build."""
        paths = self._events.wait()
        if paths is None:
            self._is_all_pending, self._not_before = True, 0.0
        else:
            self._add(paths)
        self._read_mapping()
        now = self._clock()
        self._add({path for path, due in self._again.items() if due <= now})
        self._again = {path: due for path, due in self._again.items() if due > now}
        if not (self._pending or self._is_all_pending):
            self._add(self._swept(now))
        if not (self._pending or self._is_all_pending or self._is_index_pending) or now < self._not_before:
            return None
        return self._build()

    def _add(self, paths: set[str]) -> None:
        """Take paths for the next build, and for a folder all that is or was in it."""
        folders = set()
        for path in paths:
            parent, _, name = path.rpartition("/")
            full = self._root / path
            if name in (DEFAULTS, IGNORE_FILE):
                folders.add(parent)
            elif full.is_dir():
                self._is_all_pending |= full.is_symlink()  # what links lead through it is not known
                folders.add(path)
                self._again.setdefault(path, self._clock() + _NEW_FOLDER_SECONDS)
            elif not is_content(path) and not full.exists():
                folders.add(path)
            if is_content(path) or name == IGNORE_FILE:
                self._pending.add(path)
        self._pending.update(self._builder.below(folders))
        for folder in folders:
            self._pending.update(_content_below(self._root, folder))
            if any(problem.path == folder for problem in self._told or ()):
                self._pending.add(folder)
        self._is_all_pending |= len(self._pending) > _AT_ONCE

    def _swept(self, now: float) -> set[str]:
        """The next step of a sweep, if it is time for one."""
        if now < self._next_sweep:
            return set()
        suspects = next(self._steps, None)
        if suspects is None:
            if self._sweeps:
                self._next_sweep = now + _SWEEP_SECONDS
            self._is_index_pending = True  # a writer finds its damage when it opens it
            is_reading = self._sweeps % _READING == _READING - 1
            self._sweeps += 1
            self._steps = self._sweep.steps(self._builder.files, size=_STEP, reading=is_reading)
            return set()
        return suspects

    def _read_mapping(self) -> None:
        """Read the rules anew where their file has changed. With a mistake in it, the last ones stay."""
        mapping = _stamp(field_rules.file(self._settings))
        if self._is_mapping_read and mapping == self._mapping:
            return
        self._mapping, self._is_mapping_read, self._is_all_pending = mapping, True, True
        self._builder.rule_problems = field_rules.problems(self._settings)
        try:
            self._builder.rules = field_rules.in_force(self._settings)
        except NewsstandError as error:
            self._log.warning("the mapping stays as it was", reason=str(error))

    def _build(self) -> BuildReport | None:
        """Build what is pending. It stays pending where that fails."""
        started = self._clock()
        try:
            with self._open_writer() as writer:
                if writer.replaces:
                    self._log.info("the index is built anew", reason=writer.replaces)
                paths = None if self._is_all_pending else self._pending
                report = self._builder.build(writer, progress=_SILENCE, paths=paths)
        except IndexBusy as busy:
            self._note(str(busy), str(busy))
            self._not_before = self._clock() + _BUSY_SECONDS
            return None
        except (NewsstandError, OSError) as error:
            self._note("many deletions" if isinstance(error, ManyDeletions) else str(error), str(error))
            self._is_all_pending = True
            now = self._clock()
            self._not_before = now + max(_TROUBLE_SECONDS, _SHARE * (now - started))
            return None
        self._pending, self._is_all_pending, self._is_index_pending, self._trouble = set(), False, False, ""
        self._tell(report)
        return report

    def _note(self, kind: str, trouble: str) -> None:
        """Log a trouble, once until it is over."""
        if kind != self._trouble:
            self._log.warning("the index stays as it was", reason=trouble)
        self._trouble = kind

    def _tell(self, report: BuildReport) -> None:
        """Log what a build changed, and the problems that were none before. Those of the first one are told already."""
        if report.added or report.deleted:
            self._log.info(
                "built",
                generation=report.generation,
                articles=report.articles,
                added=report.added,
                deleted=report.deleted,
                seconds=round(report.seconds, 3),
            )
        problems = self._builder.problems
        if self._told is not None:
            new = [problem for problem in problems if problem not in self._told]
            for problem in new[:_MOST_LOGGED]:
                self._log.warning("content problem", problem=str(problem))
            if len(new) > _MOST_LOGGED:
                self._log.warning("more content problems; `newsstand check` prints all", number=len(new) - _MOST_LOGGED)
        self._told = set(problems)


class _Silence:
    """A progress that nobody follows."""

    def start(self, files: int) -> None:
        pass

    def advance(self, files: int) -> None:
        pass

    def problem(self, problem: ContentProblem) -> None:
        pass

    def finish(self) -> None:
        pass


_SILENCE = _Silence()


def _stamp(path: Path | None) -> tuple[int, ...] | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return status and (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _content_below(root: Path, folder: str) -> Iterator[str]:
    """The files below a folder that may be content."""
    for path, _, names in os.walk(root / folder):
        prefix = Path(path).relative_to(root).as_posix()
        yield from (name if prefix == "." else f"{prefix}/{name}" for name in names if is_content(name))
