"""The changes of the content folder since the last build, and the decision which version of each article is served."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from indexer.canonical import canonical_url
from indexer.content.build_state import FileState, Version
from indexer.content.claims import Candidate, Claims, Outcome
from indexer.content.defaults import with_defaults
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.content.parse import Parsed
from indexer.content.read_files import FileToRead, Reading, read_files
from indexer.content.scan import Entry, Scan, scan
from indexer.errors import ContentProblem

# A file written this shortly before it is read may be written again within the same tick of the file system's clock.
_SETTLED_NS = 2_000_000_000


class Corpus:
    """A content folder, compared with its state in the last build."""

    def __init__(  # noqa: PLR0913 - a folder and the ways to compare it
        self,
        root: Path,
        known: Mapping[str, FileState],
        *,
        rules: FieldRules = STRICT,
        processes: int | None = None,
        full: bool = False,
        now_ns: int | None = None,
        paths: Collection[str] | None = None,
    ) -> None:
        """Walk `root`; `full` reads every file, also those whose stamp did not change. `rules` are for all files.

        With `paths`, only these are looked at, and `known` is their state alone.

        Raises ContentError where it is no folder that can be read.
        """
        self.last = known
        """The states that the folder is compared with."""
        self.looked = frozenset(paths or ())
        """The paths that alone were looked at."""
        self._root = root
        self._processes = processes
        self._is_full = full
        self._settled_ns = (now_ns or time.time_ns()) - _SETTLED_NS
        self._scan: Scan = scan(root, paths)
        self._rules, problems, unclear = with_defaults(rules, root, self._scan.defaults)
        self._scan.problems.extend(problems)
        self._scan.set_aside(unclear)
        self._contexts: dict[str, str] = {}

    @property
    def files(self) -> int:
        """The number of content files."""
        return len(self._scan.entries)

    @property
    def passed_over(self) -> int:
        """The number of files and folders that are no content by their names."""
        return self._scan.passed_over

    @property
    def problems(self) -> list[ContentProblem]:
        """The problems of the folder's entries; those of the files' text come with the outcomes."""
        return self._scan.problems

    def outcomes(self, candidates: Iterable[Candidate] | None = None) -> Iterator[Outcome]:
        """Decide on every file, or on these `candidates`. Only files that may have changed are read.

        Outcomes come in the order of keys, but for drafts and for files that claim the address of another one: these
        come last, since the other one may give it up.
        """
        unseen = dict(self._unseen())
        here = {entry.path: self.last[entry.path] for entry in self._scan.entries if entry.path in self.last}
        claims = Claims({**here, **unseen})
        for path, state in unseen.items():
            yield claims.kept(Candidate(path, state, None))
        for candidate in self.candidates() if candidates is None else candidates:
            yield from claims.decide(candidate)
        yield from claims.decide_the_rest()

    def _unseen(self) -> Iterator[tuple[str, FileState]]:
        """The files that could not be looked at. They stay as they were."""
        if self._scan.unknown:
            seen = {entry.path for entry in self._scan.entries}
            for path, state in self.last.items():
                if path not in seen and self._scan.is_unknown(path):
                    yield path, state

    def candidates(self) -> Iterator[Candidate]:
        """The files, in the order of keys, each with its version of now."""
        suspects = {entry.path for entry in self._scan.entries if not self._is_unchanged(entry)}
        to_read = [
            FileToRead(entry.path, self._digest(entry.path), self._context(entry.path))
            for entry in self._scan.entries
            if entry.path in suspects
        ]
        readings = read_files(self._root, to_read, rules=self._rules, processes=self._processes)
        for entry in self._scan.entries:
            if entry.path not in suspects:
                yield Candidate(entry.path, self.last[entry.path], None)
                continue
            reading = next(readings)
            if reading.digest is not None:
                yield Candidate(entry.path, self._seen(entry, reading), reading.parsed)

    def _is_unchanged(self, entry: Entry) -> bool:
        last = self.last.get(entry.path)
        return (
            last is not None
            and not self._is_full
            and last.stamp == entry.stamp
            and self._is_settled(entry)
            and last.is_read
            and not last.is_refused
            and last.context == self._context(entry.path)
        )

    def _context(self, path: str) -> str:
        """The context of a file, which all files of its folder share."""
        folder = path.rpartition("/")[0]
        if folder not in self._contexts:
            self._contexts[folder] = self._rules.context(path)
        return self._contexts[folder]

    def _is_settled(self, entry: Entry) -> bool:
        return max(entry.stamp.mtime_ns, entry.stamp.ctime_ns) < self._settled_ns

    def _digest(self, path: str) -> str:
        """The digest by which a file counts as unchanged; a refused one is read anew, as it may be its turn now."""
        last = self.last.get(path)
        return last.current.digest if last and not last.is_refused else ""

    def _seen(self, entry: Entry, reading: Reading) -> FileState:
        """The file's state, its indexed version still that of the last build."""
        last = self.last.get(entry.path)
        stamp = entry.stamp if self._is_settled(entry) else None
        if last and reading.parsed is None:
            return last if last.stamp == stamp else last._replace(stamp=stamp)
        parsed = reading.parsed or Parsed(None)
        web_url = canonical_url(parsed.article.web_url) if parsed.article else ""
        return FileState(
            stamp=stamp,
            current=Version(reading.digest or "", web_url, parsed.article is None or parsed.article.published),
            location=parsed.location,
            indexed=last.indexed if last else None,
            problems=parsed.problems,
            context=self._context(entry.path),
        )
