"""The changes of the content folder since the last build, and the decision which version of each article is served."""

import time
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.content.build_state import FileState, Version
from indexer.content.parse import Parsed, key_of
from indexer.content.read_files import FileToRead, Reading, read_files
from indexer.content.scan import Entry, Scan, scan
from indexer.errors import ContentProblem

# A file written this shortly before it is read may be written again within the same tick of the file system's clock.
_SETTLED_NS = 2_000_000_000


class Outcome(NamedTuple):
    """The decision on one content file, which is that of the article `key`.

    `state` is for the next build; where `state.indexed` is None nothing of the file is served. `article` is the version
    to add to the index, None where the index has it already. `parsed` is true if the file had to be parsed.
    """

    path: str
    key: str
    state: FileState
    article: Article | None
    parsed: bool
    problems: tuple[ContentProblem, ...]


class Corpus:
    """A content folder, compared with its state in the last build."""

    def __init__(
        self,
        root: Path,
        known: Mapping[str, FileState],
        *,
        processes: int | None = None,
        full: bool = False,
        now_ns: int | None = None,
    ) -> None:
        """Walk `root`; `full` reads every file, also those whose stamp did not change.

        Raises ContentError where it is no folder that can be read.
        """
        self._root = root
        self._known = known
        self._processes = processes
        self._is_full = full
        self._settled_ns = (now_ns or time.time_ns()) - _SETTLED_NS
        self._scan: Scan = scan(root)

    @property
    def files(self) -> int:
        """The number of content files."""
        return len(self._scan.entries)

    @property
    def problems(self) -> list[ContentProblem]:
        """The problems of the folder's entries; those of the files' text come with the outcomes."""
        return self._scan.problems

    def outcomes(self) -> Iterator[Outcome]:
        """Decide on every file. Only files that may have changed are read.

        Outcomes come in the order of keys, but for drafts and for files that claim the address of another one: these
        come last, since the other one may give it up.
        """
        unseen = dict(self._unseen())
        here = {entry.path: self._known[entry.path] for entry in self._scan.entries if entry.path in self._known}
        claims = _Claims({**here, **unseen})
        for path, state in unseen.items():
            yield claims.kept(_Candidate(path, state, None))
        for candidate in self._candidates():
            yield from claims.decide(candidate)
        yield from claims.decide_the_rest()

    def _unseen(self) -> Iterator[tuple[str, FileState]]:
        """The files that could not be looked at. They stay as they were."""
        if self._scan.unknown:
            seen = {entry.path for entry in self._scan.entries}
            for path, state in self._known.items():
                if path not in seen and self._scan.is_unknown(path):
                    yield path, state

    def _candidates(self) -> Iterator["_Candidate"]:
        suspects = {entry.path for entry in self._scan.entries if not self._is_unchanged(entry)}
        to_read = [
            FileToRead(entry.path, self._digest(entry.path)) for entry in self._scan.entries if entry.path in suspects
        ]
        readings = read_files(self._root, to_read, processes=self._processes)
        for entry in self._scan.entries:
            if entry.path not in suspects:
                yield _Candidate(entry.path, self._known[entry.path], None)
                continue
            reading = next(readings)
            if reading.digest is not None:
                yield _Candidate(entry.path, self._seen(entry, reading), reading.parsed)

    def _is_unchanged(self, entry: Entry) -> bool:
        known = self._known.get(entry.path)
        return (
            known is not None
            and not self._is_full
            and known.stamp == entry.stamp
            and self._is_settled(entry)
            and known.is_read
            and not known.is_refused
        )

    def _is_settled(self, entry: Entry) -> bool:
        return max(entry.stamp.mtime_ns, entry.stamp.ctime_ns) < self._settled_ns

    def _digest(self, path: str) -> str:
        """The digest by which a file counts as unchanged; a refused one is read anew, as it may be its turn now."""
        known = self._known.get(path)
        return known.current.digest if known and not known.is_refused else ""

    def _seen(self, entry: Entry, reading: Reading) -> FileState:
        """The file's state, its indexed version still that of the last build."""
        known = self._known.get(entry.path)
        stamp = entry.stamp if self._is_settled(entry) else None
        if known and reading.parsed is None:
            return known if known.stamp == stamp else known._replace(stamp=stamp)
        parsed = reading.parsed or Parsed(None)
        web_url = canonical_url(parsed.article.web_url) if parsed.article else ""
        return FileState(
            stamp=stamp,
            current=Version(reading.digest or "", web_url, parsed.article is None or parsed.article.published),
            location=parsed.location,
            indexed=known.indexed if known else None,
            problems=parsed.problems,
        )


class _Candidate(NamedTuple):
    """A file that was looked at. The indexed version of its state is still that of the last build."""

    path: str
    state: FileState
    parsed: Parsed | None

    @property
    def is_draft(self) -> bool:
        return not self.state.current.published

    @property
    def claimed(self) -> Sequence[str]:
        """The key and the webUrl of the version in the file; none where it cannot be read as an article."""
        return _names(self.path, self.state.current) if self.state.current.web_url else ()

    @property
    def held(self) -> Sequence[str]:
        """The key and the webUrl of the article that is served; a draft holds none."""
        indexed = self.state.indexed
        return _names(self.path, indexed) if indexed and indexed.published else ()

    def outcome(self, indexed: Version | None) -> Outcome:
        """The file with another version, or none, in the index."""
        is_new = indexed == self.state.current and self.parsed is not None and not self.is_draft
        return Outcome(
            path=self.path,
            key=key_of(self.path),
            state=self.state if indexed == self.state.indexed else self.state._replace(indexed=indexed),
            article=self.parsed.article if self.parsed and is_new else None,
            parsed=self.parsed is not None,
            problems=self.state.problems,
        )


def _names(path: str, version: Version) -> Sequence[str]:
    """The names that no two articles share. Keys are no URLs, so both kinds fit into one dictionary."""
    return key_of(path), version.web_url


class _Claims:
    """The keys and webUrls of articles, and the files that have them.

    A served article keeps its own against every other file. Of several newcomers the first by key gets a name, and
    drafts come after all others.
    """

    def __init__(self, known: Mapping[str, FileState]) -> None:
        """Take the state of all files that the last build knew and that may still be there."""
        self._served = {
            name: path
            for path, state in known.items()
            if state.indexed and state.indexed.published
            for name in _names(path, state.indexed)
        }
        self._owners: dict[str, str] = {}
        self._waiting: list[_Candidate] = []
        self._contested: dict[str, str] = {}  # names that somebody waits for
        self._reserved = ChainMap(self._served, self._contested)
        self._drafts: list[_Candidate] = []

    def decide(self, candidate: _Candidate) -> Iterator[Outcome]:
        """The outcome of a file; none yet where it has to wait for others."""
        if not candidate.claimed:
            yield self.kept(candidate)
        elif candidate.is_draft:
            self._drafts.append(candidate)
        elif owner := _rival(candidate, self._owners):
            yield self._refused(candidate, owner)
        elif _rival(candidate, self._reserved):
            self._waiting.append(candidate)
            self._contested.update(dict.fromkeys(candidate.claimed, candidate.path))
        else:
            yield self._granted(candidate)

    def decide_the_rest(self) -> Iterator[Outcome]:
        """The outcomes of the files that waited.

        Each that gets its new name gives up its old one, perhaps to another that waits. One that is refused keeps its
        old one, for which others may be refused in turn.
        """
        waiting = self._waiting
        while rivals := self._rivals(waiting):
            yield from (
                self._refused(candidate, rivals[candidate.path]) for candidate in waiting if candidate.path in rivals
            )
            waiting = [candidate for candidate in waiting if candidate.path not in rivals]
        yield from map(self._granted, waiting)
        for draft in self._drafts:
            owner = _rival(draft, self._owners)
            yield self._refused(draft, owner) if owner else self._granted(draft)

    def kept(self, candidate: _Candidate) -> Outcome:
        """The file with the version that the index has, whatever it holds now."""
        self._owners.update(dict.fromkeys(candidate.held, candidate.path))
        return candidate.outcome(candidate.state.indexed)

    def _granted(self, candidate: _Candidate) -> Outcome:
        for name in candidate.held:
            if self._served.get(name) == candidate.path:
                del self._served[name]
        self._owners.update(dict.fromkeys(candidate.claimed, candidate.path))
        return candidate.outcome(candidate.state.current)

    def _refused(self, candidate: _Candidate, owner: str) -> Outcome:
        """The file with its last good version; a draft has none, since it is not to be served."""
        outcome = candidate.outcome(None) if candidate.is_draft else self.kept(candidate)
        return outcome._replace(problems=(*outcome.problems, _refusal(candidate, owner)))

    def _rivals(self, waiting: Sequence[_Candidate]) -> Mapping[str, str]:
        """For each file that cannot get a name that it claims, the file that has it, or waits for it before."""
        first: dict[str, str] = {}
        for candidate in waiting:
            for name in candidate.claimed:
                first.setdefault(name, candidate.path)
        rivals = ((each.path, _rival(each, self._owners) or _rival(each, first)) for each in waiting)
        return {path: rival for path, rival in rivals if rival}


def _rival(candidate: _Candidate, claims: Mapping[str, str]) -> str | None:
    """Another file that has one of the names that the file claims."""
    paths = (claims.get(name, candidate.path) for name in candidate.claimed)
    return next((path for path in paths if path != candidate.path), None)


def _refusal(candidate: _Candidate, owner: str) -> ContentProblem:
    path = candidate.path
    if key_of(owner) == key_of(path):
        reason, remedy = f"the file has the same key as {owner}", "rename one of the two"
        return ContentProblem(path=path, reason=reason, remedy=remedy)
    line, column = candidate.state.location
    reason, remedy = f"is that of {owner} already", "give it a webUrl of its own, or remove one of the two"
    return ContentProblem(path=path, line=line, column=column, field="webUrl", reason=reason, remedy=remedy)
