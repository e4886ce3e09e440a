"""The folder of an index: Whoosh's files, and beside them what Newsstand keeps of each generation.

A generation is Whoosh's table of contents `_MAIN_<number>.toc`. Beside it lie `newsstand_<number>.format` and
`newsstand_<number>.state`, written first, so that the table of contents, which appears by a rename, completes it.
"""

import re
from pathlib import Path

from whoosh.index import FileIndex, create_in, open_dir
from whoosh.reading import IndexReader

from indexer.errors import IndexMissing, IndexUnreadable
from indexer.whoosh_engine.fields import FIELDS
from indexer.whoosh_engine.format import VERSION, Format

_OURS = re.compile(r"newsstand_(\d+)\.(?:format|state)")
_TABLE = re.compile(r"_MAIN_(\d+)\.toc")
_REBUILD = "remove the folder and build the index anew"


def created(folder: Path) -> FileIndex:
    """The Whoosh index in the folder, made empty where there is none. Raises IndexUnreadable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if newest(folder) is None:
            return create_in(folder, FIELDS)
    except OSError as error:
        raise IndexUnreadable(f"the index folder {folder} cannot be written: {error.strerror}") from error
    sought = newest(folder)
    try:
        index = open_dir(folder)
        index.reader().close()  # so that damage shows before anything is written
    except Exception as error:  # unpickling damaged bytes can raise anything
        if newest(folder) != sought:  # another build has replaced it meanwhile
            return created(folder)
        raise _damaged(folder, error) from error
    return index


def newest(folder: Path) -> int | None:
    """The number of the newest generation, None where there is no index."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return None
    numbers = [int(match[1]) for match in map(_TABLE.fullmatch, names) if match]
    return max(numbers, default=None)


def open_reader(folder: Path) -> tuple[IndexReader, int, Format]:
    """A Whoosh reader of the newest generation, the generation's number, and how it was built.

    Raises IndexMissing and IndexUnreadable. Opening unpickles: an index is as trusted as code.
    """
    sought = newest(folder)
    if sought is None:
        raise IndexMissing(f"there is no index in {folder}; build it with `newsstand index`")
    try:
        reader = open_dir(folder).reader()
    except Exception as error:  # unpickling damaged bytes can raise anything
        if newest(folder) != sought:  # a build has replaced it meanwhile
            return open_reader(folder)
        raise _damaged(folder, error) from error
    number = reader.generation() or sought
    built = read_format(folder, number)
    if built is None:
        reader.close()
        if newest(folder) != number:  # likewise
            return open_reader(folder)
        raise IndexMissing(f"the index in {folder} has no finished build; build it with `newsstand index`")
    if built.version != VERSION:
        reader.close()
        raise IndexUnreadable(f"the index in {folder} has format {built.version}, not {VERSION}; {_REBUILD}")
    return reader, number, built


def read_format(folder: Path, number: int) -> Format | None:
    """How a generation was built, None where that is not known."""
    try:
        return Format.decoded(_path(folder, number, "format").read_bytes())
    except (OSError, ValueError):
        return None


def read_state(folder: Path, number: int) -> bytes:
    """The state stored with a generation, empty where there is none."""
    try:
        return _path(folder, number, "state").read_bytes()
    except OSError:
        return b""


def write(folder: Path, number: int, built: Format, state: bytes) -> None:
    """Store what belongs to a generation, each file at once."""
    for kind, data in (("format", built.encoded()), ("state", state)):
        path = _path(folder, number, kind)
        draft = path.with_suffix(f".{kind}.tmp")
        draft.write_bytes(data)
        draft.replace(path)


def forget_all_but(folder: Path, number: int) -> None:
    """Remove what belongs to other generations."""
    for path in folder.iterdir():
        match = _OURS.match(path.name)
        if match and int(match[1]) != number:
            path.unlink(missing_ok=True)


def _damaged(folder: Path, error: Exception) -> IndexUnreadable:
    return IndexUnreadable(f"the index in {folder} is damaged ({error}); {_REBUILD}")


def _path(folder: Path, number: int, kind: str) -> Path:
    return folder / f"newsstand_{number}.{kind}"
