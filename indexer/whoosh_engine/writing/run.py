"""Some of the articles that a build adds, put aside on disk until its commit merges all of them."""

import os
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import IO, TypeVar

import numpy as np

from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.storage.contents import Contents, StoredArticles
from indexer.whoosh_engine.writing.merge import Source

_Name = TypeVar("_Name")
_Table = TypeVar("_Table")

_PROTOCOL = 5  # copies the bytes of arrays


class Run:
    """Contents in a file. Keys, numbers and addresses stay in memory, all else is read each time that it is needed."""

    def __init__(self, file: IO[bytes], contents: Contents, addresses: Addresses) -> None:
        """Write the contents behind all that the file has; it is to stay open. Raises OSError."""
        file.seek(0, os.SEEK_END)
        self._addresses = addresses
        self._contents = replace(
            contents,
            articles=_Articles(file, contents.articles),
            tables=_Tables(file, contents.tables),
            values=_Tables(file, contents.values),
        )
        file.flush()

    def __len__(self) -> int:
        return len(self._contents)

    def source(self, live: Mask) -> Source:
        """The documents for which `live` is true, to be merged."""
        return Source(self._contents, self._addresses, live)


class _Articles:
    """Stored articles in a file, one after another."""

    def __init__(self, file: IO[bytes], articles: StoredArticles) -> None:
        self._file = file
        self._start = file.tell()
        self._sizes = np.fromiter(map(file.write, articles), dtype=np.int32, count=len(articles))

    def __len__(self) -> int:
        return len(self._sizes)

    def __iter__(self) -> Iterator[bytes]:
        sizes = self._sizes.tolist()
        for start, size in zip(accumulate(sizes, initial=self._start), sizes, strict=False):
            yield os.pread(self._file.fileno(), size, start)


class _Tables(Mapping[_Name, _Table]):
    """Tables in a file, by name."""

    def __init__(self, file: IO[bytes], tables: Mapping[_Name, _Table]) -> None:
        self._file = file
        self._starts: dict[_Name, int] = {}
        for name, table in tables.items():
            self._starts[name] = file.tell()
            pickle.dump(table, file, _PROTOCOL)

    def __getitem__(self, name: _Name) -> _Table:
        self._file.seek(self._starts[name])
        table: _Table = pickle.load(self._file)  # noqa: S301  # this process wrote it, and nobody else has the file
        return table

    def __iter__(self) -> Iterator[_Name]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)
