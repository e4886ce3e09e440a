"""A look at all files of a folder in small steps, for changes that nothing told of."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from indexer.content.build_state import FileState
from indexer.content.ignore import DEFAULTS, IGNORE_FILE
from indexer.content.markup.frontmatter import MAX_BYTES
from indexer.content.parse import is_content
from indexer.content.read_files import digest_of
from indexer.content.scan import Stamp


class Sweep:
    """Finds paths that differ from the files of the last build, as far as one can tell without building.

    A file that was so new that a later change might not show differs, too, until a build has settled that. A path that
    is no file of the build, such as one that is passed over, differs once for each change of it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._others: dict[str, Stamp] = {}
        self._is_first = True

    def steps(self, files: Mapping[str, FileState], *, size: int, reading: bool) -> Iterator[set[str]]:
        """Look at everything; after each `size` entries, the paths that differ by stamp or, `reading`, by content."""
        unseen = {*files, *self._others}
        suspects: set[str] = set()
        for count, (path, child) in enumerate(self._walk(), 1):
            unseen.discard(path)
            if self._differs(path, child, files.get(path), reading=reading):
                suspects.add(path)
            if count % size == 0:
                yield suspects
                suspects = set()
        for path in unseen:
            self._others.pop(path, None)
        self._is_first = False
        yield suspects | unseen

    def _walk(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """The files that may be content, or that rule over others."""
        folders = [""]
        while folders:
            prefix = folders.pop()
            for child in _children(self._root / prefix):
                path = prefix + child.name
                if child.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                elif is_content(path) or child.name == IGNORE_FILE:
                    yield path, child

    def _differs(self, path: str, child: os.DirEntry[str], state: FileState | None, *, reading: bool) -> bool:
        try:
            status = child.stat()
            stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            if state is None:
                rules = child.name in (DEFAULTS, IGNORE_FILE)
                before, self._others[path] = self._others.get(path), stamp
                return before != stamp and not (rules and self._is_first)
            if stamp != state.stamp:
                return True
            return reading and state.is_read and _digest(child, state.context) != state.current.digest
        except OSError:
            return state is not None


def _children(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:  # a build will tell
        return []


def _digest(child: os.DirEntry[str], context: str) -> str:
    with Path(child.path).open("rb") as file:
        return digest_of(file.read(MAX_BYTES + 1), context)
