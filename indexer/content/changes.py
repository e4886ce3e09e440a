"""What changed in the content folder since the last build, and which version of each article is to be served."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.content.build_state import FileState, Version
from indexer.content.parse import Parsed, key_of
from indexer.content.read_files import Known, Reading, read_files
from indexer.content.scan import Entry, Scan, scan
from indexer.errors import ContentProblem

# A file written this shortly before it is read may be written again within the same tick of the file system's clock.
_SETTLED_NS = 2_000_000_000


class Outcome(NamedTuple):
    """What becomes of one content file, which is that of the article `key`.

    `state` is what to remember of it; where `state.indexed` is None nothing of it is served. `article` is the version
    to add to the index, None where the index has it already. `parsed` says whether the file had to be parsed.
    """

    path: str
    key: str
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
        self._settled_ns = time.time_ns() - _SETTLED_NS
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
        suspects = {entry.path for entry in self._scan.entries if not self._is_unchanged(entry)}
        to_read = [
            Known(entry.path, self._digest(entry.path)) for entry in self._scan.entries if entry.path in suspects
        ]
        readings = read_files(self._root, to_read, processes=self._processes)
        claims = _Claims()
        for entry in self._scan.entries:
            if entry.path not in suspects:
                yield _outcome(entry.path, self._known[entry.path], None, claims)
                continue
            reading = next(readings)
            if reading.digest is not None:
                yield _outcome(entry.path, self._seen(entry, reading), reading.parsed, claims)

    def _is_unchanged(self, entry: Entry) -> bool:
        path, size, mtime_ns = entry
        known = self._known.get(path)
        return (
            known is not None
            and (known.size, known.mtime_ns) == (size, mtime_ns)
            and mtime_ns < self._settled_ns
            and known.is_read
            and not known.is_refused
        )

    def _digest(self, path: str) -> str:
        """The digest by which a file counts as unchanged; a refused one is read anew, as it may be its turn now."""
        known = self._known.get(path)
        return known.current.digest if known and not known.is_refused else ""

    def _seen(self, entry: Entry, reading: Reading) -> FileState:
        """The file's state, its indexed version still that of the last build."""
        known = self._known.get(entry.path)
        mtime_ns = entry.mtime_ns if entry.mtime_ns < self._settled_ns else 0
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


def _outcome(path: str, seen: FileState, parsed: Parsed | None, claims: "_Claims") -> Outcome:
    """What becomes of a file in the state `seen`, its indexed version still that of the last build."""
    key = key_of(path)
    current, last_good, problems = seen.current, seen.indexed, seen.problems
    refusal = claims.refusal(path, key, current.web_url) if current.web_url else None
    if refusal:
        problems = (*problems, _refused(path, seen.place, refusal))
    if current.web_url and not refusal:
        last_good = current
    elif last_good and claims.refusal(path, key, last_good.web_url):
        last_good = None
    if last_good:
        claims.grant(path, key, last_good.web_url)
    return Outcome(
        path=path,
        key=key,
        state=seen if last_good == seen.indexed else seen._replace(indexed=last_good),
        article=parsed.article if parsed and not refusal else None,
        parsed=parsed is not None,
        problems=problems,
    )


class _Claims:
    """Which file has which key and which webUrl. Files ask in the order of their keys; the first to ask has it."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def refusal(self, path: str, key: str, web_url: str) -> tuple[str, str] | None:
        """What another file has already, the key or the webUrl, and that file's path; None where `path` may have it."""
        if (owner := self._paths.get(key, path)) != path:
            return "key", owner
        if (owner := self._paths.get(web_url, path)) != path:
            return "webUrl", owner
        return None

    def grant(self, path: str, key: str, web_url: str) -> None:
        """Give `path` its key and `web_url`."""
        self._paths[key] = self._paths[web_url] = path


def _refused(path: str, place: tuple[int, int], refusal: tuple[str, str]) -> ContentProblem:
    kind, owner = refusal
    line, column = place if kind == "webUrl" else (1, 1)
    remedy = "give it a webUrl of its own, or remove one of the two" if kind == "webUrl" else "rename one of the two"
    reason = f"is that of {owner} already" if kind == "webUrl" else f"the file has the same key as {owner}"
    field = "webUrl" if kind == "webUrl" else ""
    return ContentProblem(path=path, line=line, column=column, field=field, reason=reason, remedy=remedy)
