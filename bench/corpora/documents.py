"""The part of an article that every engine gets, in a file of JSON lines, so that all start from the same."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson


class Document(NamedTuple):
    """The searched parts of an article. `topics` are canonical, `published` is in seconds since 1970."""

    key: str
    title: str
    excerpt: str
    topics: list[str]
    published: int


def write_documents(documents: Iterable[Document], path: Path) -> None:
    """Write a line for each document."""
    with path.open("wb") as file:
        for document in documents:
            file.write(orjson.dumps(tuple(document)) + b"\n")


def read_documents(path: Path) -> Iterator[Document]:
    """The documents that `write_documents` wrote, one after another."""
    with path.open("rb") as file:
        for line in file:
            yield Document(*orjson.loads(line))
