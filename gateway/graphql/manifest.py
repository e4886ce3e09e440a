"""The manifest of persisted documents: a JSON file that a client's build writes."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from gateway.config.errors import SettingError
from gateway.config.setting_values import variable
from gateway.config.settings import DocumentsMode

_APOLLO = "apollo-persisted-query-manifest"
_HASHED = "sha256:"


def in_force(path: Path | None, mode: DocumentsMode) -> Mapping[str, str]:
    """The texts of the documents in the file by `plain_id`; none without a file.

    The file is an object of texts by id (as Relay and GraphQL Code Generator write it) or Apollo's manifest, version 1.
    Raises `SettingError` for a file that cannot be used, and for none where only its documents are allowed.
    """
    if path is None:
        if mode is DocumentsMode.ONLY:
            raise SettingError(f"{variable('documents_mode')} is 'only', so {variable('documents')} must name a file")
        return {}
    try:
        return _by_id(orjson.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingError(f"{variable('documents')} is {str(path)!r}, which cannot be used: {error}") from error


def plain_id(document_id: str) -> str:
    """The id of a document without the prefix `sha256:`."""
    return document_id.removeprefix(_HASHED)


def _by_id(content: object) -> dict[str, str]:
    texts: dict[str, str] = {}
    for id_, text in _entries(content):
        if texts.setdefault(plain_id(id_), text) != text:
            raise ValueError(f"the id {id_!r} stands for two documents")
        if id_.startswith(_HASHED) and hashlib.sha256(text.encode()).hexdigest() != plain_id(id_):
            raise ValueError(f"the id {id_!r} is not the SHA-256 of its document")
    return texts


def _entries(content: object) -> Iterator[tuple[str, str]]:
    if not isinstance(content, dict):
        raise ValueError("it must be a JSON object of documents by id")  # noqa: TRY004 - a value of the file's
    if content.get("format") == _APOLLO:
        yield from _apollo_entries(content)
        return
    for id_, text in content.items():
        if not isinstance(text, str):
            raise ValueError(f"what {id_!r} stands for must be a text")  # noqa: TRY004 - as above
        yield id_, text


def _apollo_entries(content: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    operations = content.get("operations")
    if content.get("version") != 1 or not isinstance(operations, list):
        raise ValueError("of Apollo's format it must be version 1, with a list of operations")
    for operation in operations:
        match operation:
            case {"id": str(id_), "body": str(text)}:
                yield id_, text
            case _:
                raise ValueError("each of its operations must have an id and a body, both texts")
