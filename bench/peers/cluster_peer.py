"""Our engine on a cluster, asked as the embedded one is."""

from collections.abc import Iterable
from pathlib import Path

from corpora.documents import Document

from peers.newsstand_peer import NewsstandPeer


class ClusterPeer(NewsstandPeer):
    """An engine on the index at a URL. The folders of peers do not matter to it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """Index the documents as articles."""
        del folder
        self.write(documents, self._url)

    async def open(self, folder: Path) -> None:
        """Open the index."""
        del folder
        await self.read(self._url)
