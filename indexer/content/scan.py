"""The content folder, walked: its content files, and the things in it that are no content."""

import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from indexer.content.ignore import ASSETS, DEFAULTS, IGNORE_FILE, IgnoreRules
from indexer.content.parse import is_content, key_of
from indexer.errors import ContentError, ContentMissing, ContentProblem
from indexer.regular_file import read_regular

AS_THEY_WERE = "until then its articles stay as they were"
"""The remedy where what lies below a folder cannot be judged."""


class Stamp(NamedTuple):
    """Size in bytes, times of the last writing and the last change in nanoseconds, and inode of a file.

    Tools can set the time of writing (`touch -r`, archives), but not that of the change.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Entry(NamedTuple):
    """A content file: its path below the root, and the stamp by which a change of it shows without reading it."""

    path: str
    stamp: Stamp


@dataclass(slots=True)
class Scan:
    """The result of a walk: `entries` in the order of their articles' keys, and `problems`.

    `unknown` are the paths that could not be looked at: files at or below them may still be there. `defaults` are the
    folders with a file of defaults. `passed_over` counts the files and folders that are no content by their names,
    though they have its suffix.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: list[ContentProblem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    passed_over: int = 0

    def add_unknown(self, path: str, reason: str, remedy: str, *, at: str = "") -> None:
        """Note a path that could not be looked at, because of the file `at` another path perhaps."""
        self.unknown.append(path)
        self.problems.append(_problem(at or path, reason, remedy))

    def set_aside(self, folders: Iterable[str]) -> None:
        """Take folders for unknown whose files cannot be judged."""
        self.unknown.extend(folders)
        self.entries = [entry for entry in self.entries if not self.is_unknown(entry.path)]

    def is_unknown(self, path: str) -> bool:
        """Tell whether there may still be a file at this path, because it or its folder could not be looked at."""
        return any(unknown in {"", path} or path.startswith(f"{unknown}/") for unknown in self.unknown)


class _Child(NamedTuple):
    """The entry at a path, with the methods of `os.DirEntry`."""

    name: str
    path: Path

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return self.path.is_dir() and (follow_symlinks or not self.path.is_symlink())

    def is_symlink(self) -> bool:
        return self.path.is_symlink()

    def stat(self) -> os.stat_result:
        return self.path.stat()


_Children = Sequence["os.DirEntry[str] | _Child"]
_Names = Mapping[str, set[str]]


def scan(root: Path, paths: Collection[str] | None = None) -> Scan:
    """Walk the folder. Files of other suffixes are no content, nor are those that `IgnoreRules` pass over.

    With `paths`, look at these alone, and at the files that rule over them in the folders above.

    Raises ContentError where `root` is not a folder that can be read.
    """
    names = None if paths is None else _by_folder(paths)
    if not root.is_dir():
        raise ContentMissing(f"there is no content folder at {root}; name an existing folder")
    result = Scan()
    real_root = root.resolve()
    folders = [("", IgnoreRules())]
    while folders:
        prefix, rules = folders.pop()
        children, rules = _within(root / prefix, prefix, rules, result, names)
        for child in children:
            path = prefix + child.name
            is_folder = child.is_dir(follow_symlinks=False)
            if rules.passes_over(path, is_folder=is_folder):
                result.passed_over += (is_folder or is_content(path)) and path != ASSETS
                if child.name == DEFAULTS and not is_folder:
                    result.defaults.append(prefix.rstrip("/"))
                    result.passed_over -= 1
            elif is_folder:
                folders.append((f"{path}/", rules))
            elif child.is_symlink() and (refused := _refused_link(root / path, real_root, path, result)):
                result.problems.append(refused)
            elif is_content(path):
                _look_at(child, path, result)
    result.entries.sort(key=lambda entry: (key_of(entry.path), entry.path))
    result.problems.sort(key=lambda problem: problem.path)
    return result


def _by_folder(paths: Iterable[str]) -> _Names:
    """The names to look at in each folder on the way to the paths, whose prefix is the key."""
    names: dict[str, set[str]] = {}
    for path in paths:
        prefix = ""
        for name in path.split("/"):
            names.setdefault(prefix, {DEFAULTS}).add(name)
            prefix += f"{name}/"
    return names


def _within(
    folder: Path, prefix: str, rules: IgnoreRules, result: Scan, names: _Names | None
) -> tuple[_Children, IgnoreRules]:
    """The entries of a folder and the rules for them; none where either cannot be read."""
    children: _Children
    if names is None:
        children = _children(folder, prefix, result)
    else:
        looked = [_Child(name, folder / name) for name in sorted(names.get(prefix, ()))]
        children = [child for child in looked if _is_there(child, prefix, result)]
    rules, reason = _own_rules(rules, folder, prefix)
    if reason and not result.is_unknown(prefix + IGNORE_FILE):
        result.add_unknown(prefix.rstrip("/"), reason, f"mend it; {AS_THEY_WERE}", at=prefix + IGNORE_FILE)
    return ([] if reason else children), rules


def _is_there(child: _Child, prefix: str, result: Scan) -> bool:
    """Tell whether there is something at the path. Where nobody can tell, it is unknown."""
    try:
        child.path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        reason = f"it cannot be looked at: {error.strerror}"
        result.add_unknown(prefix + child.name, reason, f"make it readable; {AS_THEY_WERE}")
        return False
    return True


def is_passed_over(root: Path, path: str) -> bool:
    """Tell whether the file at `path`, or a folder that it is in, is passed over by its name."""
    rules = IgnoreRules()
    parts = path.split("/")
    for number, name in enumerate(parts):
        prefix = "".join(f"{part}/" for part in parts[:number])
        rules, _ = _own_rules(rules, root / prefix, prefix)
        if rules.passes_over(prefix + name, is_folder=number + 1 < len(parts)):
            return True
    return False


def _own_rules(rules: IgnoreRules, folder: Path, prefix: str) -> tuple[IgnoreRules, str]:
    """The rules within a folder, which its own file may add to; and the reason why that cannot be read, if any."""
    path = folder / IGNORE_FILE
    try:
        return rules.within(prefix, read_regular(path).decode("utf-8-sig")), ""
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return rules, ""
        return rules, f"the file cannot be read: {error.strerror if isinstance(error, OSError) else error}"


def _children(folder: Path, prefix: str, result: Scan) -> list[os.DirEntry[str]]:
    """The entries of the folder whose path below the root is `prefix`, without unusable names."""
    try:
        with os.scandir(folder) as entries:
            children = list(entries)
    except OSError as error:
        if not prefix:
            raise ContentError(f"the content folder {folder} cannot be read: {error.strerror}") from error
        reason = f"the folder cannot be read: {error.strerror}"
        result.add_unknown(prefix.rstrip("/"), reason, f"make it readable; {AS_THEY_WERE}")
        return []
    usable = []
    for child in children:
        name = child.name
        if not name.isprintable() and name.encode(errors="ignore").decode() != name:  # it has stray bytes
            path = os.fsencode(prefix + name).decode("utf-8", "replace")
            result.problems.append(_problem(path, "the name is not UTF-8", "rename it"))
        else:
            usable.append(child)
    return usable


def _look_at(child: os.DirEntry[str] | _Child, path: str, result: Scan) -> None:
    """Add the file to the result: as an entry, or as a problem where it cannot be one."""
    try:
        status = child.stat()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        result.add_unknown(path, reason, "make it readable; until then its article stays as it was")
        return
    if stat.S_ISREG(status.st_mode):
        stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        result.entries.append(Entry(path, stamp))
    else:
        result.add_unknown(path, "it is no ordinary file", "remove it from the content folder")


def _refused_link(link: Path, real_root: Path, path: str, result: Scan) -> ContentProblem | None:
    """A link is content only where it leads to a file inside the root. Its target may come back, as a mount does."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        result.unknown.append(path)
        return _problem(path, "the symbolic link leads nowhere", "mend or remove the link")
    if not target.is_relative_to(real_root):
        result.unknown.append(path)
        return _problem(path, "the symbolic link leads out of the content folder", "copy the file into the folder")
    if target.is_dir():
        return _problem(path, "the symbolic link leads to a folder", "remove it; that folder is read already")
    return None


def _problem(path: str, reason: str, remedy: str) -> ContentProblem:
    return ContentProblem(path=path, reason=reason, remedy=remedy)
