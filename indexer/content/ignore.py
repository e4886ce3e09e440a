"""Names that are passed over: those that tools give to files of their own, and those in files `.newsstandignore`."""

from dataclasses import dataclass

from pathspec import GitIgnoreSpec

IGNORE_FILE = ".newsstandignore"
DEFAULTS = "_defaults.yaml"
ASSETS = "assets"
"""The folder of pictures, at the top of the content."""

_POSTS = "_posts"  # where Jekyll has them
_NO_POSTS = frozenset({"node_modules", "bower_components"})


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of a folder: `specs` are those of its files and of the folders above, each with its folder's path.

    Hidden files, README, names that begin with `_`, folders of packages and that of assets are passed over, unless a
    file brings them back (`!_drafts/`).
    """

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def within(self, prefix: str, text: str) -> "IgnoreRules":
        """The rules with those of a further file, for the folder `prefix`. Raises ValueError for no pattern."""
        return IgnoreRules(((prefix, GitIgnoreSpec.from_lines(text.splitlines())), *self.specs))

    def passes_over(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether a file or folder is passed over. The last line that matches decides, of the nearest file."""
        for prefix, spec in self.specs:
            verdict = spec.check_file(path.removeprefix(prefix) + ("/" if is_folder else "")).include
            if verdict is not None:
                return verdict
        if path == ASSETS and is_folder:
            return True
        return _is_of_tools(path.rpartition("/")[2], is_folder=is_folder)


def _is_of_tools(name: str, *, is_folder: bool) -> bool:
    if name.startswith("."):
        return True
    if is_folder:
        return (name.startswith("_") and name != _POSTS) or name in _NO_POSTS
    return name.startswith("_") or name.partition(".")[0].lower() == "readme"
