"""The synonyms in force: those of the file that is set or else, where there is one, of `synonyms.yaml`."""

from pathlib import Path

from indexer.content import synonyms_file
from indexer.errors import ContentProblem
from indexer.query.synonyms import NO_SYNONYMS, Synonyms

DEFAULT = Path("synonyms.yaml")


def in_force(given: Path | None) -> Synonyms:
    """The synonyms, where `given` is the file that is set. Raises `UnusableSynonyms` for an error in it."""
    path = _file(given)
    return synonyms_file.load(path) if path else NO_SYNONYMS


def written(given: Path | None) -> bytes:
    """The file as it is, empty without one. Raises `OSError` where it cannot be read."""
    path = _file(given)
    return path.read_bytes() if path else b""


def problems(given: Path | None) -> tuple[ContentProblem, ...]:
    """What is wrong with the file."""
    path = _file(given)
    return synonyms_file.read(path).problems if path else ()


def _file(given: Path | None) -> Path | None:
    return given or (DEFAULT if DEFAULT.is_file() else None)
