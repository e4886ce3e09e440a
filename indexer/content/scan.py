"""The content folder, walked: which files there are, and which things in it are no content."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.content.parse import SUFFIXES, key_of
from indexer.errors import ContentError, ContentProblem


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
    found = Scan([], [])
    real_root = root.resolve()
    prefixes = [""]
    while prefixes:
        prefix = prefixes.pop()
        for child in _children(root / prefix, prefix, found.problems):
            path = prefix + child.name
            if child.is_dir(follow_symlinks=False):
                prefixes.append(f"{path}/")
            elif child.is_symlink() and (refused := _refused_link(root / path, real_root, path)):
                found.problems.append(refused)
            elif path.endswith(SUFFIXES):
                _look_at(child, path, found)
    found.entries.sort(key=lambda entry: (key_of(entry.path), entry.path))
    found.problems.sort(key=lambda problem: problem.path)
    return found


def _children(folder: Path, prefix: str, problems: list[ContentProblem]) -> Iterator[os.DirEntry[str]]:
    """What is in the folder whose path below the root is `prefix`, but for hidden things and unusable names."""
    try:
        with os.scandir(folder) as found:
            children = list(found)
    except OSError as error:
        if not prefix:
            raise ContentError(f"the content folder {folder} cannot be read: {error.strerror}") from error
        reason = f"the folder cannot be read: {error.strerror}"
        problems.append(_problem(prefix.rstrip("/"), reason, "give read permission"))
        return
    for child in children:
        name = child.name
        if name.startswith("."):
            continue
        if not name.isprintable() and _has_undecodable(name):
            path = os.fsencode(prefix + name).decode("utf-8", "replace")
            problems.append(_problem(path, "the name is not UTF-8", "rename it"))
        else:
            yield child


def _look_at(child: os.DirEntry[str], path: str, found: Scan) -> None:
    """Add the file to what was found: as an entry, or as a problem where it cannot be one."""
    try:
        status = child.stat()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        found.problems.append(_problem(path, reason, "give read permission, or remove it"))
        return
    if stat.S_ISREG(status.st_mode):
        found.entries.append(Entry(path, status.st_size, status.st_mtime_ns))
    else:
        found.problems.append(_problem(path, "it is no ordinary file", "remove it from the content folder"))


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
