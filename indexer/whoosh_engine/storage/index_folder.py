"""The folder of an index: Whoosh's files, and beside them two files of ours for each generation.

A generation is Whoosh's table of contents `_MAIN_<number>.toc`. Beside it lie `newsstand_<number>.format`, which has
the checksums of all files, and `newsstand_<number>.state`. Both are written first, so that the table of contents, which
appears by a rename, completes the generation. `newsstand.problems` are those of the last build, which may have found
nothing to commit.
"""

import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, clean_files

from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, SearchIndexError, lacks_descriptors
from indexer.regular_file import read_regular
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.trust import Trust
from indexer.whoosh_engine.storage.checksums import CHANGED, MISSING, Checksum, sealed, unsealed
from indexer.whoosh_engine.storage.index_format import VERSION, Format
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS

_NAME = "MAIN"  # Whoosh's name for the only index of a folder
_OURS = re.compile(r"(?:newsstand|_MAIN)_(\d+)\.(?:format|state|toc)(\.tmp)?")
_TABLE = re.compile(r"_MAIN_(\d+)\.toc")
_PROBLEMS = "newsstand.problems"


def storage(folder: Path) -> FileStorage:
    """Whoosh's view of the folder."""
    return FileStorage(str(folder))


def table_of_contents(folder: Path, number: int, built: Format) -> TOC:
    """The table of contents of a generation of this version. Raises IndexUnreadable.

    It is compared with its checksum first: reading it unpickles.
    """
    name = _table_name(number)
    memory = RamStorage()
    try:
        memory.files[name] = read_regular(folder / name)
    except OSError as error:
        raise damaged(folder, error) from error
    if Checksum.of_bytes(memory.files[name]) != built.checksums.get(name):
        raise damage(folder / name, CHANGED)
    try:
        return TOC.read(memory, _NAME, gen=number)
    except Exception as error:  # unpickling can raise anything
        raise damaged(folder, error) from error


def publish(folder: Path, number: int, segments: list[W3Segment], *, built: Format, state: bytes) -> Format:
    """Make these segments the index's generation `number`, by one rename. Returns its format.

    `built` has the checksums of the segments' files.
    """
    memory = RamStorage()
    TOC(FIELDS, segments, number).write(memory, _NAME)
    name = _table_name(number)
    table = memory.files[name]
    complete = replace(built, checksums={**built.checksums, name: Checksum.of_bytes(table)})
    write_format(folder, number, complete)
    write_state(folder, number, state)
    _write(folder / name, table)
    return complete


def tidy(folder: Path) -> None:
    """Remove the files of earlier generations, and of segments that belong to none. The caller holds the lock.

    An index that cannot be read is left alone until a commit replaces it.
    """
    number = newest(folder)
    segments = []
    if number is not None:
        try:
            segments = readable(folder)[0].segments
        except SearchIndexError:
            return
    clean_files(storage(folder), _NAME, number, segments)
    for path in folder.iterdir():
        match = _OURS.match(path.name)
        is_draft = path.name == f"{_PROBLEMS}.tmp" or (match and match[2])
        if is_draft or (match and int(match[1]) != number):
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
        status = (folder / _table_name(number or 0)).stat()
    except OSError:
        return ()
    return number or 0, status.st_ino, status.st_mtime_ns, status.st_size


def readable(folder: Path) -> tuple[TOC, Format]:
    """The newest generation's table of contents, and how it was built. Raises IndexMissing and IndexUnreadable.

    Reading it unpickles: an index is as trusted as code.
    """
    number, built = newest_format(folder)
    return table_of_contents(folder, number, built), built


def newest_format(folder: Path) -> tuple[int, Format]:
    """The number of the newest generation, and how it was built. Raises IndexMissing and IndexUnreadable."""
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
    return number, built


def read_format(folder: Path, number: int) -> Format | None:
    """The format of a generation, None where its file is missing or damaged. Raises IndexUnreadable."""
    try:
        return Format.decoded(read_regular(folder / file_name(number, "format")))
    except ValueError:
        return None
    except OSError as error:
        trouble = damaged(folder, error)
        if isinstance(trouble, IndexDamaged):
            return None
        raise trouble from error


def read_state(folder: Path, number: int) -> bytes:
    """The state stored with a generation. Raises IndexUnreadable."""
    path = folder / file_name(number, "state")
    try:
        return unsealed(read_regular(path))
    except FileNotFoundError as error:
        raise damage(path, MISSING) from error
    except ValueError as error:
        raise damage(path, CHANGED) from error
    except OSError as error:
        raise damaged(folder, error) from error


def write_problems(folder: Path, problems: BuildProblems) -> None:
    """Store the problems of a build. Where they are those of the last one, nothing is written."""
    if problems != read_problems(folder):
        _write(folder / _PROBLEMS, sealed(problems.encoded()))


def read_problems(folder: Path) -> BuildProblems:
    """The problems of the last build; none where their file cannot be read, until the next build writes it anew."""
    try:
        return BuildProblems.decoded(unsealed(read_regular(folder / _PROBLEMS)))
    except (OSError, ValueError):
        return NO_PROBLEMS


def write_format(folder: Path, number: int, built: Format) -> None:
    """Store the format of a generation, by a rename."""
    _write(folder / file_name(number, "format"), built.encoded())


def write_state(folder: Path, number: int, state: bytes) -> None:
    """Store the state of a generation, by a rename."""
    _write(folder / file_name(number, "state"), sealed(state))


def verify(folder: Path, checksums: Mapping[str, Checksum], trust: Trust) -> None:
    """Compare files of the index with their checksums. Raises IndexDamaged for the first that is another."""
    for name, checksum in checksums.items():
        path = folder / name
        if trust is Trust.UNTOUCHED and checksum.is_untouched(path):
            continue
        if reason := checksum.damage(path):
            raise damage(path, reason)


def damage(path: Path, reason: str) -> IndexDamaged:
    """The error to raise for a file that is not as it was written."""
    return IndexDamaged(path.parent, f"{path.name}: {reason}")


def damaged(folder: Path, error: Exception) -> IndexUnreadable:
    """The error to raise for one that only damage explains, unless the system would not open a file."""
    if lacks_descriptors(error):
        return IndexUnreadable(
            f"the index in {folder} cannot be opened: no file descriptors are left; raise `ulimit -n`"
        )
    if isinstance(error, PermissionError):
        return IndexUnreadable(f"the index in {folder} cannot be read: {error.strerror}; let this user read {folder}")
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return IndexUnreadable(f"the index in {folder} cannot be opened: no memory is left; give the process more")
    return IndexDamaged(folder, str(error) or type(error).__name__)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Tell of a disk that takes no more, or a folder that may not be written. Raises IndexUnreadable."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        remedy = "Make room on its disk, or allow larger files" if is_full else "Let this user write to the folder"
        reason = f"the index in {folder} cannot be written: {error.strerror}"
        raise IndexUnreadable(f"{reason}; it stays as it was. {remedy}") from error


def _write(path: Path, data: bytes) -> None:
    """Write a file by a rename: a reader sees the old one or the new one."""
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(data)
    draft.replace(path)


def _table_name(number: int) -> str:
    return f"_{_NAME}_{number}.toc"


def file_name(number: int, kind: str) -> str:
    """The name of a generation's file of this kind, `format` or `state`."""
    return f"newsstand_{number}.{kind}"
