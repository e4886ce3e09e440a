"""The synonyms in force: those of the file that is set or else, where there is one, of `synonyms.yaml`."""

from pathlib import Path

from indexer.content import synonyms_file
from indexer.errors import ContentProblem
from indexer.query.synonyms import NO_SYNONYMS, Synonyms

DEFAULT = Path("synonyms.yaml")


def in_force(setting: Path | None) -> Synonyms:
    """The synonyms, where `setting` is the file that is set. Raises `UnusableSynonyms` for an error in it."""
    path = file(setting)
    return synonyms_file.load(path) if path else NO_SYNONYMS


def written(setting: Path | None) -> bytes:
    """The bytes of the file, empty without one. Raises `OSError` where it cannot be read."""
    path = file(setting)
    return path.read_bytes() if path else b""


def problems(setting: Path | None) -> tuple[ContentProblem, ...]:
    """The problems of the file."""
    path = file(setting)
    return synonyms_file.read(path).problems if path else ()


def file(setting: Path | None) -> Path | None:
    """The file in force, if there is one."""
    return setting or (DEFAULT if DEFAULT.is_file() else None)
