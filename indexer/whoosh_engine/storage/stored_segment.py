"""The segments of an index as they are stored: Whoosh's files, and beside them the arrays that searches use."""

from collections.abc import Mapping
from contextlib import closing, suppress
from copy import copy
from pathlib import Path
from typing import Self

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from indexer.columns.article_json import decoded
from indexer.columns.stems import Stems
from indexer.columns.values import urls_of
from indexer.search.trust import Trust
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.arrays_file import Arrays
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.storage.article_column import ArticleColumn
from indexer.whoosh_engine.storage.checksums import Checksum, within
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.derived_arrays import derived
from indexer.whoosh_engine.storage.index_folder import verify
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS
from indexer.whoosh_engine.storage.whoosh_reader import read_contents


class StoredSegment:
    """One segment in an index's folder. Whoosh's own object for it says which documents are deleted."""

    def __init__(
        self,
        storage: FileStorage,
        stored: W3Segment,
        stems: Stems,
        checksums: Mapping[str, Checksum],
        *,
        arrays: Arrays | None = None,
    ) -> None:
        """Open the segment; without `arrays`, read them, or make them anew where they are missing or damaged.

        `checksums` has those of the segment's files, perhaps among others. Whoosh's files are read, and compared with
        them, only where arrays are made of them. Raises IndexDamaged, and OSError.
        """
        self.stored = stored
        self.checksums = dict(within(checksums, stored.segment_id()))
        if arrays is None:
            arrays = arrays_file.load(arrays_path(storage, stored))
        if arrays is None:
            arrays = self._derived(storage, stems)
        self._articles = ArticleColumn(Path(storage.folder) / f"{stored.segment_id()}.article.col", arrays)
        self.segment = SegmentArrays(arrays, self._articles, frozenset(stored.deleted_docs()))

    def with_deletions(self, stored: W3Segment) -> Self:
        """The same segment in a later table of contents, which shares all but the deletions. Each of both is closed."""
        later = copy(self)
        later.stored = stored
        later.segment = self.segment.with_deletions(frozenset(stored.deleted_docs()))
        self._articles.retain()
        return later

    def _derived(self, storage: FileStorage, stems: Stems) -> Arrays:
        """The arrays, made anew of Whoosh's files, and kept for the next process where the folder can be written."""
        verify(Path(storage.folder), self.checksums, Trust.NOTHING)
        with closing(SegmentReader(storage, FIELDS, self.stored)) as reader:
            contents = read_contents(reader)
        addresses = Addresses.of_documents([urls_of(decoded(article)) for article in contents.articles])
        arrays = derived(contents, addresses, stems)
        with suppress(OSError):
            arrays_file.save(arrays_path(storage, self.stored), arrays)
        return arrays

    @property
    def count(self) -> int:
        """The number of articles that are not deleted."""
        return int(self.stored.doc_count())

    def delete(self, key: str) -> bool:
        """Mark the article with this key as deleted, from the next commit on; True if it was there."""
        document = self.segment.document(key)
        if document is None or self.stored.is_deleted(document):
            return False
        self.stored.delete_document(document)
        return True

    @property
    def contents(self) -> Contents:
        """All documents, deleted ones among them. Articles are read when they are needed."""
        return Contents(
            keys=self.segment.keys,
            articles=self._articles,
            numbers=self.segment.numbers,
            tables=self.segment.tables,
            values=self.segment.values,
        )

    @property
    def live(self) -> Mask:
        """A mask of the documents that are not deleted, also since the last commit."""
        live = np.ones(self.segment.size, dtype=bool)
        live[list(self.stored.deleted_docs())] = False
        return live

    def close(self) -> None:
        """Close the file of articles."""
        self._articles.close()


def arrays_path(storage: FileStorage, stored: W3Segment) -> Path:
    """The file of arrays, with a name like Whoosh's files of the segment, so that Whoosh removes it with them."""
    return Path(storage.folder) / f"{stored.segment_id()}.arrays"
