"""What changed in the content folder since the last build, and which version of each article is to be served."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.errors import ContentProblem
from indexer.parse import Parsed, key_of
from indexer.reading import Known, Reading, read_files
from indexer.scan import Entry, Scan, scan
from indexer.state import FileState, Version

# A file written this shortly before it is read may be written again within the same tick of the file system's clock.
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one content file.

    `state` is what to remember of it; where `state.indexed` is None nothing of it is served. `article` is the version
    to add to the index, None where the index has it already. `parsed` says whether the file had to be parsed.
    """

    path: str
    state: FileState
    article: Article | None
    parsed: bool
    problems: tuple[ContentProblem, ...]


class Corpus:
    """A content folder, compared with what the last build knew of it."""

    def __init__(self, root: Path, known: Mapping[str, FileState], *, processes: int | None = None) -> None:
        """Walk `root`. Raises ContentError where it is no folder that can be read."""
        self._root = root
        self._known = known
        self._processes = processes
        self._started_ns = time.time_ns()
        self._scan: Scan = scan(root)

    @property
    def files(self) -> int:
        """The number of content files."""
        return len(self._scan.entries)

    @property
    def problems(self) -> list[ContentProblem]:
        """What is wrong with the folder's entries, apart from what the files hold."""
        return self._scan.problems

    def outcomes(self) -> Iterator[Outcome]:
        """Decide on every file, in the order of keys. Only files that may have changed are read."""
        suspects = [entry for entry in self._scan.entries if not self._is_unchanged(entry)]
        to_read = [Known(entry.path, self._digest(entry.path)) for entry in suspects]
        readings = read_files(self._root, to_read, processes=self._processes)
        expected = {entry.path for entry in suspects}
        claims = _Claims()
        for entry in self._scan.entries:
            reading = next(readings) if entry.path in expected else Reading(entry.path, self._digest(entry.path), None)
            if reading.digest is not None:
                yield self._outcome(entry, reading, claims)

    def _is_unchanged(self, entry: Entry) -> bool:
        known = self._known.get(entry.path)
        stat = (entry.size, entry.mtime_ns)
        return known is not None and known.is_read and not known.is_refused and (known.size, known.mtime_ns) == stat

    def _digest(self, path: str) -> str:
        """The digest by which a file counts as unchanged; a refused one is read anew, as it may be its turn now."""
        known = self._known.get(path)
        return known.current.digest if known and not known.is_refused else ""

    def _outcome(self, entry: Entry, reading: Reading, claims: "_Claims") -> Outcome:
        seen = self._seen(entry, reading)
        parsed = reading.parsed
        current, last_good = seen.current, seen.indexed
        article = parsed.article if parsed else None
        problems = seen.problems
        if current.web_url and (refusal := claims.refusal(entry.path, current.web_url)):
            problems = (*problems, _refused(entry.path, seen.place, refusal))
            article = None
        elif current.web_url:
            last_good = current
        if last_good and claims.refusal(entry.path, last_good.web_url):
            last_good = None
        if last_good:
            claims.grant(entry.path, last_good.web_url)
        return Outcome(
            path=entry.path,
            state=seen if last_good == seen.indexed else seen._replace(indexed=last_good),
            article=article,
            parsed=parsed is not None,
            problems=problems,
        )

    def _seen(self, entry: Entry, reading: Reading) -> FileState:
        """The file's state, its indexed version still that of the last build."""
        known = self._known.get(entry.path)
        is_settled = entry.mtime_ns < self._started_ns - _SETTLED_NS
        mtime_ns = entry.mtime_ns if is_settled else 0
        if known and reading.parsed is None:
            is_same = (known.size, known.mtime_ns) == (entry.size, mtime_ns)
            return known if is_same else known._replace(size=entry.size, mtime_ns=mtime_ns)
        parsed = reading.parsed or Parsed(None)
        web_url = canonical_url(parsed.article.web_url) if parsed.article else ""
        return FileState(
            size=entry.size,
            mtime_ns=mtime_ns,
            current=Version(reading.digest or "", web_url),
            place=parsed.place,
            indexed=known.indexed if known else None,
            problems=parsed.problems,
        )


class _Claims:
    """Which file has which key and which webUrl. Files ask in the order of their keys; the first to ask has it."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def refusal(self, path: str, web_url: str) -> tuple[str, str] | None:
        """What another file has already, the key or the webUrl, and that file's path; None where `path` may have it."""
        for kind, claim in (("key", key_of(path)), ("webUrl", web_url)):
            owner = self._paths.get(claim, path)
            if owner != path:
                return kind, owner
        return None

    def grant(self, path: str, web_url: str) -> None:
        """Give `path` its key and `web_url`."""
        self._paths[key_of(path)] = self._paths[web_url] = path


def _refused(path: str, place: tuple[int, int], refusal: tuple[str, str]) -> ContentProblem:
    kind, owner = refusal
    line, column = place if kind == "webUrl" else (1, 1)
    remedy = "give it a webUrl of its own, or remove one of the two" if kind == "webUrl" else "rename one of the two"
    reason = f"is that of {owner} already" if kind == "webUrl" else f"the file has the same key as {owner}"
    field = "webUrl" if kind == "webUrl" else ""
    return ContentProblem(path=path, line=line, column=column, field=field, reason=reason, remedy=remedy)
