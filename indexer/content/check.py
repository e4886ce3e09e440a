"""Problems of content files, told without an index."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.content.changes import Corpus
from indexer.content.defaults import with_defaults
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.content.ignore import DEFAULTS
from indexer.content.parse import is_content
from indexer.content.read_files import FileToRead, read_files
from indexer.content.scan import is_passed_over
from indexer.errors import ContentProblem


def check(
    content: Path, *, rules: FieldRules = STRICT, processes: int | None = None, ignored: Counter[str] | None = None
) -> Iterator[ContentProblem]:
    """Every problem of the folder. Raises ContentError.

    `ignored` counts, by name, the fields that lenient rules read nothing from.
    """
    corpus = Corpus(content, {}, rules=rules, processes=processes)
    yield from corpus.problems
    for outcome in corpus.outcomes():
        yield from outcome.problems
        if ignored is not None:
            ignored.update(outcome.ignored)


def check_files(
    content: Path, paths: Sequence[str], *, rules: FieldRules = STRICT, ignored: Counter[str] | None = None
) -> Iterator[ContentProblem]:
    """The problems of some files of the folder, by their paths below it, without a look at any other.

    Files that are no content by their names have none. Two articles with one address are found only by `check`.
    """
    folders = sorted({folder for path in paths for folder in _folders(path)})
    there = [folder for folder in folders if os.path.lexists(content / folder / DEFAULTS)]
    rules, problems, _ = with_defaults(rules, content, there)
    asked = frozenset(paths)
    yield from (problem for problem in problems if problem.path in asked)
    files = [FileToRead(path, "") for path in paths if is_content(path) and not is_passed_over(content, path)]
    for reading in read_files(content, files, rules=rules, processes=1):
        if reading.parsed:
            yield from reading.parsed.problems
            if ignored is not None:
                ignored.update(reading.parsed.ignored)


def _folders(path: str) -> list[str]:
    """The folders above a file, the outermost first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:number]) for number in range(len(parts) + 1)]
