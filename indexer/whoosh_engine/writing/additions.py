"""The articles that a build adds, until its commit merges them with what the index has."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from indexer.article import Article
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.writing.merge import Source
from indexer.whoosh_engine.writing.run import Run
from indexer.whoosh_engine.writing.segment_builder import SegmentBuilder

# Articles and words after which a run is written, so that memory stays flat.
_MOST = 25_000
MOST_WORDS = 4_000_000


class Additions:
    """Articles of different keys, the last ones in memory, those before in runs on the disk of the index.

    The runs lie in one file without a name, which is gone with this process, however that ends.
    """

    def __init__(self, folder: Path, language: str, *, most_words: int = MOST_WORDS) -> None:
        self._folder = folder
        self._language = language
        self._most_words = most_words
        self._file: IO[bytes] | None = None
        self._runs: list[Run] = []
        self._builder = SegmentBuilder(language)
        self._numbers: dict[str, int] = {}  # in the order of adding, over all runs and the builder
        self._gone: list[int] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, article: Article) -> None:
        """Take an article, whose key none has. Raises IndexUnreadable where the disk does not take a run."""
        self._numbers[article.key] = len(self._numbers) + len(self._gone)
        self._builder.add(article)
        if len(self._builder) >= _MOST or self._builder.words >= self._most_words:
            with index_folder.writing(self._folder):
                self._put_aside()

    def delete(self, key: str) -> bool:
        """Give up the article with this key; True if it was there."""
        number = self._numbers.pop(key, None)
        if number is None:
            return False
        self._gone.append(number)
        return True

    def sources(self) -> Iterator[Source]:
        """All articles as segments to merge, before the additions are closed."""
        live = np.ones(len(self._numbers) + len(self._gone), dtype=bool)
        live[self._gone] = False
        start = 0
        for run in self._runs:
            yield run.source(live[start : start + len(run)])
            start += len(run)
        if len(self._builder):
            yield Source(self._builder.contents(), self._builder.addresses(), live[start:])

    def close(self) -> None:
        """Give the disk its space back."""
        if self._file:
            self._file.close()

    def _put_aside(self) -> None:
        self._file = self._file or TemporaryFile(dir=self._folder)  # noqa: SIM115  # `close` closes it
        self._runs.append(Run(self._file, self._builder.contents(), self._builder.addresses()))
        self._builder = SegmentBuilder(self._language)
