"""The stored articles of a segment, read one by one and compared with their checksums."""

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.regular_file import open_regular
from indexer.shared import Shared
from indexer.whoosh_engine.segment.arrays_file import Arrays
from indexer.whoosh_engine.storage.index_folder import damage

_STARTS = "articles.starts"
_CHECKSUMS = "articles.checksums"


def article_arrays(articles: Iterable[bytes]) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The position of each article in a file of all, and its CRC-32, as named arrays."""
    sizes, checksums = [], []
    for article in articles:
        sizes.append(len(article))
        checksums.append(zlib.crc32(article))
    yield _STARTS, np.cumsum([0, *sizes], dtype=np.int64)
    yield _CHECKSUMS, np.array(checksums, dtype=np.uint32)


class ArticleColumn(Shared):
    """Whoosh's file of articles, open. Several threads may read at once, and so may other processes write: it shows."""

    def __init__(self, path: Path, arrays: Arrays) -> None:
        """Open the file; `arrays` has those of `article_arrays`. Raises OSError."""
        super().__init__()
        self._path = path
        self._starts = arrays[_STARTS].data
        self._checksums = arrays[_CHECKSUMS].data
        self._file = open_regular(path)

    def __call__(self, document: int) -> bytes:
        """The article as it was stored. Raises IndexDamaged where the file has changed since."""
        start, end = self._starts[document], self._starts[document + 1]
        try:
            data = os.pread(self._file.fileno(), end - start, start)
        except OSError as error:
            raise damage(self._path, f"article {document} cannot be read: {error.strerror}") from error
        if zlib.crc32(data) != self._checksums[document]:
            raise damage(self._path, f"article {document} has other bytes than were written")
        return data

    def __len__(self) -> int:
        return len(self._checksums)

    def __iter__(self) -> Iterator[bytes]:
        return map(self, range(len(self)))

    def _close(self) -> None:
        self._file.close()
