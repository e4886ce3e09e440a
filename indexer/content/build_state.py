"""The memory of a build, for the next one: a state of each content file, stored with the generation it describes."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from indexer.content.scan import Stamp
from indexer.errors import ContentProblem, IndexUnreadable
from indexer.search.build_problems import problem_of

# Raise this when a file that has not changed may now be read as another article, or the state as another one.
_FORMAT = 5


class Version(NamedTuple):
    """One version of an article: the digest of its file, its webUrl in canonical form, and whether it is published."""

    digest: str
    web_url: str
    published: bool = True


class FileState(NamedTuple):
    """One content file as the last build saw it.

    `stamp` is None where the file was so new that a later change might not show in it. `current` is the version in
    the file, its webUrl empty where it cannot be read as an article; `location` is the line and column of the webUrl.
    `indexed` is the version in the index, if any: another one than `current` where the file has since become unfit.
    `problems` are those of the file's own text. `context` changes when other rules would read the file differently.
    """

    stamp: Stamp | None
    current: Version
    location: tuple[int, int]
    indexed: Version | None
    problems: tuple[ContentProblem, ...] = ()
    context: str = ""

    @property
    def is_read(self) -> bool:
        """True if the version in the file is known: the last build could read it, and wrote the present format."""
        return bool(self.current.digest)

    @property
    def is_served(self) -> bool:
        """True if the index has an article of the file; it has none of drafts."""
        return self.indexed is not None and self.indexed.published

    @property
    def is_refused(self) -> bool:
        """True if the version in the file is not in the index, because the article of another file came first."""
        return bool(self.current.web_url) and self.indexed != self.current


_FORGOTTEN = FileState(stamp=None, current=Version("", ""), location=(1, 1), indexed=None)


def encoded(files: Mapping[str, FileState], *, without: Iterable[str] = ()) -> bytes:
    """The state as bytes for `IndexWriter.commit`.

    Behind an earlier state and a line break, it is what has changed since then: files, and those that are gone.

    Columns are lists, which are read several times faster than an object for each file; `indexed` and `problems` are
    stored only of the files where they say something.
    """
    states = files.values()
    contexts = {context: number for number, context in enumerate(dict.fromkeys(state.context for state in states))}
    document = {
        "format": _FORMAT,
        "files": {path: state.current.digest for path, state in files.items()},
        "web_urls": [state.current.web_url for state in states],
        "stamps": [state.stamp for state in states],
        "drafts": [path for path, state in files.items() if not state.current.published],
        "lines": [state.location[0] for state in states],
        "columns": [state.location[1] for state in states],
        "contexts": list(contexts),
        "context_numbers": [contexts[state.context] for state in states],
        "indexed": {path: state.indexed for path, state in files.items() if state.indexed != state.current},
        "problems": {path: state.problems for path, state in files.items() if state.problems},
        "without": list(without),
    }
    return orjson.dumps(document, default=tuple)


def decoded(data: bytes) -> dict[str, FileState]:
    """The state from `IndexWriter.state`, empty where there is none.

    Of a state in another format only the paths are known, so that each file is read anew and none that has gone stays
    in the index. Raises IndexUnreadable where the state is damaged.
    """
    if not data:
        return {}
    files: dict[str, FileState] = {}
    try:
        for line in data.split(b"\n"):
            document = orjson.loads(line)
            if document["format"] != _FORMAT:
                files.update(dict.fromkeys(document["files"], _FORGOTTEN))
            else:
                files.update(_file_states(document))
            for path in document.get("without", ()):
                files.pop(path, None)
        return files  # noqa: TRY300 - an else would be far from what it belongs to
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = "what the index remembers of the content files is damaged"
        raise IndexUnreadable(f"{reason}; remove the index folder and build it anew") from error


def _file_states(document: dict[str, Any]) -> dict[str, FileState]:  # Any: JSON
    names = ("web_urls", "stamps", "lines", "columns", "context_numbers")
    drafts, contexts = frozenset(document["drafts"]), document["contexts"]
    rows = zip(document["files"].items(), *(document[name] for name in names), strict=True)
    files = {}
    for (path, digest), web_url, stamp, line, column, context in rows:
        current = Version(digest, web_url, path not in drafts)
        files[path] = FileState(stamp and Stamp(*stamp), current, (line, column), current, (), contexts[context])
    for path, version in document["indexed"].items():
        files[path] = files[path]._replace(indexed=Version(*version) if version else None)
    for path, problems in document["problems"].items():
        files[path] = files[path]._replace(problems=tuple(map(problem_of, problems)))
    return files
