"""`newsstand check`: the problems of folders and files."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gateway.config import field_rules
from gateway.config.settings import Settings
from indexer.content.check import check, check_files
from indexer.content.fields.rules import FieldRules
from indexer.errors import ContentMissing, ContentProblem, Severity


def problems(
    settings: Settings, paths: Sequence[Path], *, within_one_folder: bool, ignored: Counter[str]
) -> Iterator[ContentProblem]:
    """The problems of the mapping in force and, where it is sound, of all files at and below `paths`.

    Paths in them begin with those that were asked for, unless a single folder was. Raises ContentError.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ContentMissing(f"there is no file or folder {missing[0]}; name existing ones")
    of_mapping = field_rules.problems(settings)
    yield from of_mapping
    if any(problem.severity is Severity.ERROR for problem in of_mapping):
        return
    rules = field_rules.in_force(settings)
    for path in paths:
        if path.is_dir():
            for problem in check(path, rules=rules, ignored=ignored):
                yield problem if within_one_folder else _below(path, problem)
    yield from _of_files([path for path in paths if not path.is_dir()], settings.content, rules, ignored)


def _of_files(
    paths: Sequence[Path], content: Path, rules: FieldRules, ignored: Counter[str]
) -> Iterator[ContentProblem]:
    """The problems of single files: those of the content folder, and others as in a folder of their own."""
    root = content.resolve()
    for path in paths:
        folder, name = path.parent, path.name
        if path.resolve().is_relative_to(root):
            folder, name = content, path.resolve().relative_to(root).as_posix()
        for problem in check_files(folder, [name], rules=rules, ignored=ignored):
            yield replace(problem, path=str(path)) if problem.path == name else _below(folder, problem)


def _below(folder: Path, problem: ContentProblem) -> ContentProblem:
    return replace(problem, path=(folder / problem.path).as_posix())
