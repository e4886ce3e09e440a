"""The questions of the comparisons to an engine."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from corpora.documents import Document
from corpora.queries import Query


class Peer(Protocol):
    """An engine with its index in a folder."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Index the documents in a new folder."""

    async def open(self, folder: Path) -> None:
        """Open the index in the folder."""

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches, in order."""

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
