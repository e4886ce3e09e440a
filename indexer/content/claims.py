"""The keys and webUrls of articles, and which file has each: the decision on every file of a build."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from indexer.article import Article
from indexer.content.build_state import FileState, Version
from indexer.content.parse import Parsed, key_of
from indexer.errors import ContentProblem


class Outcome(NamedTuple):
    """The decision on one content file, which is that of the article `key`.

    `state` is for the next build; where `state.indexed` is None nothing of the file is served. `article` is the version
    to add to the index, None where the index has it already. `parsed` is true if the file had to be parsed; then
    `ignored` are the fields that nothing was read from.
    """

    path: str
    key: str
    state: FileState
    article: Article | None
    parsed: bool
    problems: tuple[ContentProblem, ...]
    ignored: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A file that was looked at. The indexed version of its state is still that of the last build."""

    path: str
    state: FileState
    parsed: Parsed | None

    @property
    def is_draft(self) -> bool:
        """Tell whether the version in the file is hidden."""
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
            ignored=self.parsed.ignored if self.parsed else (),
        )


def _names(path: str, version: Version) -> Sequence[str]:
    """The names that no two articles share. Keys are no URLs, so both kinds fit into one dictionary."""
    return key_of(path), version.web_url


class Claimants:
    """The files that claim or hold each name, by which the decision on a file depends on others."""

    def __init__(self, files: Mapping[str, FileState]) -> None:
        self._paths: dict[str, tuple[str, ...]] = {}
        for path, state in files.items():
            self.add(path, state)

    def add(self, path: str, state: FileState) -> None:
        """Count a file in."""
        for name in _all_names(path, state):
            self._paths[name] = (*self._paths.get(name, ()), path)

    def remove(self, path: str, state: FileState) -> None:
        """Count a file out that was counted in with this state."""
        for name in _all_names(path, state):
            others = tuple(other for other in self._paths[name] if other != path)
            if others:
                self._paths[name] = others
            else:
                del self._paths[name]

    def beside(self, states: Iterable[tuple[str, FileState]]) -> set[str]:
        """All files that have a name in common with one of these."""
        return {path for each in states for name in _all_names(*each) for path in self._paths.get(name, ())}


def _all_names(path: str, state: FileState) -> set[str]:
    candidate = Candidate(path, state, None)
    return {*candidate.claimed, *candidate.held}


class Claims:
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
        self._waiting: list[Candidate] = []
        self._contested: dict[str, str] = {}  # names that somebody waits for
        self._reserved = ChainMap(self._served, self._contested)
        self._drafts: list[Candidate] = []

    def decide(self, candidate: Candidate) -> Iterator[Outcome]:
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

    def kept(self, candidate: Candidate) -> Outcome:
        """The file with the version that the index has, whatever it holds now."""
        self._owners.update(dict.fromkeys(candidate.held, candidate.path))
        return candidate.outcome(candidate.state.indexed)

    def _granted(self, candidate: Candidate) -> Outcome:
        for name in candidate.held:
            if self._served.get(name) == candidate.path:
                del self._served[name]
        self._owners.update(dict.fromkeys(candidate.claimed, candidate.path))
        return candidate.outcome(candidate.state.current)

    def _refused(self, candidate: Candidate, owner: str) -> Outcome:
        """The file with its last good version; a draft has none, since it is not to be served."""
        outcome = candidate.outcome(None) if candidate.is_draft else self.kept(candidate)
        return outcome._replace(problems=(*outcome.problems, _refusal(candidate, owner)))

    def _rivals(self, waiting: Sequence[Candidate]) -> Mapping[str, str]:
        """For each file that cannot get a name that it claims, the file that has it, or waits for it before."""
        first: dict[str, str] = {}
        for candidate in waiting:
            for name in candidate.claimed:
                first.setdefault(name, candidate.path)
        rivals = ((each.path, _rival(each, self._owners) or _rival(each, first)) for each in waiting)
        return {path: rival for path, rival in rivals if rival}


def _rival(candidate: Candidate, claims: Mapping[str, str]) -> str | None:
    """Another file that has one of the names that the file claims."""
    paths = (claims.get(name, candidate.path) for name in candidate.claimed)
    return next((path for path in paths if path != candidate.path), None)


def _refusal(candidate: Candidate, owner: str) -> ContentProblem:
    path = candidate.path
    if key_of(owner) == key_of(path):
        reason, remedy = f"the file has the same key as {owner}", "rename one of the two"
        return ContentProblem(path=path, reason=reason, remedy=remedy)
    line, column = candidate.state.location
    remedy = f"{(candidate.parsed or Parsed(None)).address_remedy}, or remove one of the two"
    reason = f"is that of {owner} already"
    return ContentProblem(path=path, line=line, column=column, field="webUrl", reason=reason, remedy=remedy)
