"""The content folder, walked: which files there are, and which things in it are no content."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.errors import ContentError, ContentProblem
from indexer.parse import SUFFIXES, key_of


class Entry(NamedTuple):
    """A content file: its path below the root, its size in bytes and when it was last written."""

    path: str
    size: int
    mtime_ns: int


class Scan(NamedTuple):
    """What a walk found: `entries` in the order of their articles' keys, and `problems`."""

    entries: list[Entry]
    problems: list[ContentProblem]


def scan(root: Path) -> Scan:
    """Walk the folder. Names that begin with a dot and files of other suffixes are passed over.

    Raises ContentError where `root` is not a folder that can be read.
    """
    if not root.is_dir():
        raise ContentError(f"there is no content folder at {root}; name an existing folder")
    entries: list[Entry] = []
    problems: list[ContentProblem] = []
    real_root = root.resolve()
    prefixes = [""]
    while prefixes:
        for found in _walk(root, real_root, prefixes.pop()):
            if isinstance(found, Entry):
                entries.append(found)
            elif isinstance(found, ContentProblem):
                problems.append(found)
            else:
                prefixes.append(found)
    entries.sort(key=lambda entry: (key_of(entry.path), entry.path))
    problems.sort(key=lambda problem: problem.path)
    return Scan(entries, problems)


def _walk(root: Path, real_root: Path, prefix: str) -> Iterator[Entry | ContentProblem | str]:
    """What is in the folder whose path below the root is `prefix`; of a folder in it, that folder's prefix."""
    folder = root / prefix
    try:
        with os.scandir(folder) as found:
            children = list(found)
    except OSError as error:
        if not prefix:
            raise ContentError(f"the content folder {folder} cannot be read: {error.strerror}") from error
        yield _problem(prefix.rstrip("/"), f"the folder cannot be read: {error.strerror}", "give read permission")
        return
    for child in children:
        path = prefix + child.name
        if child.name.startswith("."):
            continue
        if not child.name.isprintable() and _has_undecodable(child.name):
            yield _problem(os.fsencode(path).decode("utf-8", "replace"), "the name is not UTF-8", "rename it")
        elif child.is_dir(follow_symlinks=False):
            yield f"{path}/"
        elif child.is_symlink() and (refused := _refused_link(folder / child.name, real_root, path)):
            yield refused
        elif child.name.endswith(SUFFIXES):
            yield _entry(child, path)


def _entry(child: os.DirEntry[str], path: str) -> Entry | ContentProblem:
    try:
        status = child.stat()
    except OSError as error:
        return _problem(path, f"the file cannot be read: {error.strerror}", "give read permission, or remove it")
    if not stat.S_ISREG(status.st_mode):
        return _problem(path, "it is no ordinary file", "remove it from the content folder")
    return Entry(path, status.st_size, status.st_mtime_ns)


def _refused_link(link: Path, real_root: Path, path: str) -> ContentProblem | None:
    """A link is content only where it leads to a file inside the root."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        return _problem(path, "the symbolic link leads nowhere", "mend or remove the link")
    if not target.is_relative_to(real_root):
        return _problem(path, "the symbolic link leads out of the content folder", "copy the file into the folder")
    if target.is_dir():
        return _problem(path, "the symbolic link leads to a folder", "remove it; that folder is read already")
    return None


def _has_undecodable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return True
    return False


def _problem(path: str, reason: str, remedy: str) -> ContentProblem:
    return ContentProblem(path=path, line=1, column=1, field="", reason=reason, remedy=remedy)
