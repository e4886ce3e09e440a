"""What a build remembers of each content file for the next one; stored with the generation that it describes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from indexer.errors import ContentProblem, IndexUnreadable, Severity

# Raise this when a file that has not changed may now be read as another article.
_FORMAT = 1


class Version(NamedTuple):
    """One version of an article: the digest of its file, and its webUrl in canonical form."""

    digest: str
    web_url: str


class FileState(NamedTuple):
    """One content file as the last build saw it.

    `mtime_ns` is 0 where the file was so new that a later change might not show in it. `current` is the version that
    the file holds, its webUrl empty where it cannot be read as an article; `place` is the line and column of the
    webUrl. `indexed` is the version in the index, if any: another one than `current` where the file has since become
    unfit. `problems` are those of the file's own text.
    """

    size: int
    mtime_ns: int
    current: Version
    place: tuple[int, int]
    indexed: Version | None
    problems: tuple[ContentProblem, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether it is known what the file holds: the last build could read it, and wrote the present format."""
        return bool(self.current.digest)

    @property
    def is_refused(self) -> bool:
        """Whether the file holds an article that is not in the index, because another one came first."""
        return bool(self.current.web_url) and self.indexed != self.current


_FORGOTTEN = FileState(size=0, mtime_ns=0, current=Version("", ""), place=(1, 1), indexed=None)


def encoded(files: Mapping[str, FileState]) -> bytes:
    """The state as bytes for `IndexWriter.commit`."""
    return orjson.dumps({"format": _FORMAT, "files": files}, default=tuple)


def decoded(data: bytes) -> dict[str, FileState]:
    """The state from `IndexWriter.state`, empty where there is none.

    Of a state in another format only the paths are known, so that each file is read anew and none that has gone stays
    in the index. Raises IndexUnreadable where the state is damaged.
    """
    if not data:
        return {}
    try:
        document = orjson.loads(data)
        if document["format"] != _FORMAT:
            return dict.fromkeys(document["files"], _FORGOTTEN)
        return {path: _file_state(values) for path, values in document["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = "what the index remembers of the content files is damaged"
        raise IndexUnreadable(f"{reason}; remove the index folder and build it anew") from error


def _file_state(values: list[Any]) -> FileState:  # Any: what encoded() wrote, read back
    size, mtime_ns, digests, (line, column), indexed, problems = values
    current = Version(*digests)
    return FileState(
        size=size,
        mtime_ns=mtime_ns,
        current=current,
        place=(line, column),
        indexed=current if indexed == digests else Version(*indexed) if indexed else None,
        problems=tuple(map(_problem, problems)),
    )


def _problem(fields: dict[str, Any]) -> ContentProblem:  # Any: as above
    return ContentProblem(**{**fields, "severity": Severity(fields["severity"])})
