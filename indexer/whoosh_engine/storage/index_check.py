"""Every file of an index compared with what was written."""

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ContentProblem, SearchIndexError
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.storage import index_folder, secret_file
from indexer.whoosh_engine.storage.index_format import Format

_REBUILD = "build the index anew with `newsstand index --full`"
_UNFIT = "the file is missing, or has other bytes than were written"


def index_problems(folder: Path) -> list[ContentProblem]:
    """The damage of the newest generation, one problem for each file.

    Raises IndexMissing and IndexUnreadable where there is no index that this version can read.
    """
    identity = index_folder.identity(folder)
    number, built = index_folder.newest_format(folder)
    problems = [
        ContentProblem(path=str(folder / name), reason=reason, remedy=remedy)
        for name, reason, remedy in _damage(folder, number, built)
    ]
    if problems and index_folder.identity(folder) != identity:  # a build has replaced it, and removed its files
        return index_problems(folder)
    return problems


def _damage(folder: Path, number: int, built: Format) -> Iterator[tuple[str, str, str]]:
    """Each file that is not as it was written, the difference, and the remedy."""
    for name, checksum in sorted(built.checksums.items()):
        try:
            reason = checksum.damage(folder / name)
        except OSError as error:
            reason = f"the file cannot be read: {error.strerror}"
        if reason:
            yield name, reason, _REBUILD
    for name in sorted(name for name in built.checksums if name.endswith(".trm")):
        arrays = Path(name).with_suffix(".arrays")
        if arrays_file.load(folder / arrays) is None:
            yield str(arrays), _UNFIT, "start `newsstand serve` or `newsstand index`, which make it anew"
    try:
        index_folder.read_state(folder, number)
    except SearchIndexError:
        yield index_folder.file_name(number, "state"), _UNFIT, _REBUILD
    if (folder / secret_file.NAME).exists():
        try:
            secret_file.secret(folder)
        except SearchIndexError:
            yield secret_file.NAME, _UNFIT, "remove the file; cursors that clients have are refused then"
