"""The folder of an index: Whoosh's files, and beside them two files of ours for each generation.

A generation is Whoosh's table of contents `_MAIN_<number>.toc`. Beside it lie `newsstand_<number>.format` and
`newsstand_<number>.state`, written first, so that the table of contents, which appears by a rename, completes it.
`newsstand.problems` are those of the last build, which may have found nothing to commit.
"""

import re
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from indexer.errors import IndexMissing, IndexUnreadable, lacks_descriptors
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.whoosh_engine.storage.index_format import VERSION, Format
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS

_NAME = "MAIN"  # Whoosh's name for the only index of a folder
_OURS = re.compile(r"newsstand_(\d+)\.(?:format|state)")
_TABLE = re.compile(r"_MAIN_(\d+)\.toc")
_PROBLEMS = "newsstand.problems"
_REBUILD = "remove the folder and build the index anew"


def storage(folder: Path) -> FileStorage:
    """Whoosh's view of the folder."""
    return FileStorage(str(folder))


def table_of_contents(folder: Path, number: int) -> TOC:
    """The table of contents of a generation of this version: reading it unpickles. Raises IndexUnreadable."""
    try:
        return TOC.read(storage(folder), _NAME, gen=number)
    except Exception as error:  # unpickling damaged bytes can raise anything
        raise damaged(folder, error) from error


def publish(folder: Path, number: int, segments: list[W3Segment]) -> None:
    """Make these segments the index's generation `number`, by one rename."""
    TOC(FIELDS, segments, number).write(storage(folder), _NAME)


def tidy(folder: Path) -> None:
    """Remove the files of earlier generations, and of segments that belong to none. The caller holds the lock.

    An index that this version cannot read is left alone until a commit replaces it.
    """
    number = newest(folder)
    segments = []
    if number is not None:
        built = read_format(folder, number)
        if built is None or built.version != VERSION:
            return
        segments = table_of_contents(folder, number).segments
    clean_files(storage(folder), _NAME, number, segments)
    for path in folder.iterdir():
        match = _OURS.match(path.name)
        if match and int(match[1]) != number:
            path.unlink(missing_ok=True)


def newest(folder: Path) -> int | None:
    """The number of the newest generation, None where there is no index. Raises IndexUnreadable."""
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise damaged(folder, error) from error
    numbers = [int(match[1]) for match in map(_TABLE.fullmatch, names) if match]
    return max(numbers, default=None)


def identity(folder: Path) -> tuple[int, ...]:
    """The number of the newest generation, and inode, time and size of its table of contents; empty without an index.

    Raises IndexUnreadable.
    An index that was removed and rebuilt, or copied over, may have the same number.
    """
    number = newest(folder)
    try:
        status = (folder / f"_{_NAME}_{number}.toc").stat()
    except OSError:
        return ()
    return number or 0, status.st_ino, status.st_mtime_ns, status.st_size


def readable(folder: Path) -> tuple[TOC, Format]:
    """The newest generation's table of contents, and how it was built. Raises IndexMissing and IndexUnreadable.

    Reading it unpickles: an index is as trusted as code.
    """
    number = newest(folder)
    if number is None:
        raise IndexMissing(f"there is no index in {folder}; build it with `newsstand index`")
    built = read_format(folder, number)
    if built is None:
        raise IndexMissing(f"the index in {folder} has no finished build; build it with `newsstand index`")
    if built.version != VERSION:  # told before anything is unpickled, which may need the modules of that version
        raise IndexUnreadable(
            f"the index in {folder} was built by another version of Newsstand (its format is {built.version}, "
            f"this version reads {VERSION}); build it anew with `newsstand index`"
        )
    return table_of_contents(folder, number), built


def read_format(folder: Path, number: int) -> Format | None:
    """The format of a generation, None where its file is missing or damaged. Raises IndexUnreadable."""
    try:
        return Format.decoded(_path(folder, number, "format").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    except OSError as error:
        raise damaged(folder, error) from error


def read_state(folder: Path, number: int) -> bytes:
    """The state stored with a generation, empty where there is none."""
    try:
        return _path(folder, number, "state").read_bytes()
    except OSError:
        return b""


def write(folder: Path, number: int, built: Format, state: bytes) -> None:
    """Store the format and the state of a generation, each file by a rename."""
    for kind, data in (("format", built.encoded()), ("state", state)):
        _replace(_path(folder, number, kind), data)


def write_problems(folder: Path, problems: BuildProblems) -> None:
    """Store the problems of a build. Where they are those of the last one, nothing is written."""
    if problems != read_problems(folder):
        _replace(folder / _PROBLEMS, problems.encoded())


def read_problems(folder: Path) -> BuildProblems:
    """The problems of the last build; none where their file cannot be read, until the next build writes it anew."""
    try:
        return BuildProblems.decoded((folder / _PROBLEMS).read_bytes())
    except (OSError, ValueError):
        return NO_PROBLEMS


def damaged(folder: Path, error: Exception) -> IndexUnreadable:
    """The error to raise for one that only damage explains, unless the system would not open a file."""
    if lacks_descriptors(error):
        return IndexUnreadable(
            f"the index in {folder} cannot be opened: no file descriptors are left; raise `ulimit -n`"
        )
    if isinstance(error, PermissionError):
        return IndexUnreadable(f"the index in {folder} cannot be read: {error.strerror}; let this user read {folder}")
    return IndexUnreadable(f"the index in {folder} is damaged ({error}); {_REBUILD}")


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(data)
    draft.replace(path)


def _path(folder: Path, number: int, kind: str) -> Path:
    return folder / f"newsstand_{number}.{kind}"
