"""All errors, as one tree. Drivers' exceptions are translated into these where the driver is called.

NewsstandError
├── ContentError       the content folder as a whole cannot be read
│   ├── ContentMissing     there is no folder at that place
│   └── ManyDeletions      most articles have gone from it
├── SearchIndexError   the index cannot be used
│   ├── IndexMissing       there is no index at that place
│   ├── IndexUnreadable    there is one, but this version cannot read it
│   │   └── IndexDamaged       its files are not as they were written
│   ├── IndexBusy          another build is writing it
│   └── IndexUnreachable   no node of its cluster answers
├── RequestError       a search asks for something that makes no sense
└── WorkStopped        the work for a request was given up
    ├── DeadlineExceeded   it took longer than a request may
    ├── Overloaded         too much other work waits before it
    └── ClientGone         nobody waits for it any more

A file that cannot be read as an article is no exception but a value, `ContentProblem`: the others go on.
"""

import errno
from dataclasses import dataclass
from enum import StrEnum


class NewsstandError(Exception):
    """The root of every error that Newsstand raises on purpose. Its message is written for the person who reads it."""


class ContentError(NewsstandError):
    """The content folder as a whole cannot be read."""


class ContentMissing(ContentError):
    """There is no content folder at that place."""


class ManyDeletions(ContentError):
    """Most articles have gone from the folder, which may be a mistake."""


class SearchIndexError(NewsstandError):
    """The index cannot be used."""


class IndexMissing(SearchIndexError):
    """There is no index at that place."""


class IndexUnreadable(SearchIndexError):
    """The index cannot be read: it was built by another version, or this user may not, or it is damaged."""


class IndexDamaged(IndexUnreadable):
    """The files of the index are not as they were written. A build makes it anew."""

    def __init__(self, index: object, reason: str) -> None:
        """Take the index as people know it, and what is wrong with it."""
        super().__init__(f"the index in {index} is damaged ({reason}); build it anew with `newsstand index --full`")
        self.reason = reason


class IndexBusy(SearchIndexError):
    """Another process is writing this index."""


class IndexUnreachable(SearchIndexError):
    """No node of the index's cluster answers, or none that has what is asked for. It may answer again at any time."""


class RequestError(NewsstandError):
    """A search asks for something that makes no sense, such as a position of another ranking."""


class WorkStopped(NewsstandError):
    """The work for a request was given up."""


class DeadlineExceeded(WorkStopped):
    """The work for a request took longer than it may."""


class Overloaded(WorkStopped):
    """Too much work waits before this one, so that it is not begun."""


class ClientGone(WorkStopped):
    """Nobody waits for the work any more: the client has closed its connection."""


def lacks_descriptors(error: BaseException) -> bool:
    """True where a file could not be opened because the process, or the machine, has too many open."""
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)


class Severity(StrEnum):
    """The gravity of a content problem: an error keeps the file's new version out of the index, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentProblem:
    """Something about one content file that its editor should mend, or about one file of an index.

    `path` is relative to the content root, or leads to the index's file; `line` and `column` count from 1; `field` is
    the dotted name of the field (`related[0].webUrl`), empty where the problem is the whole file; `remedy` tells the
    editor how to mend it.
    """

    path: str
    line: int = 1
    column: int = 1
    field: str = ""
    reason: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        location = f"{self.path}:{self.line}:{self.column}"
        name = f"{self.field}: " if self.field else ""
        return f"{location}: {self.severity}: {name}{self.reason}; {self.remedy}"
