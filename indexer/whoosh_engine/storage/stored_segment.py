"""The segments of an index as they are stored: Whoosh's files, and beside them the arrays that searches use."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.columns import ColumnReader
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from indexer.article import Article
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.segment.arrays_file import Arrays
from indexer.whoosh_engine.segment.article_json import decoded
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.stems import Stems
from indexer.whoosh_engine.segment.url_index import Addresses, urls_of
from indexer.whoosh_engine.storage.derived_arrays import derived
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS
from indexer.whoosh_engine.storage.whoosh_reader import read_contents


class StoredSegment:
    """One segment in an index's folder. Whoosh's own object for it says which documents are deleted."""

    def __init__(self, storage: FileStorage, stored: W3Segment, stems: Stems) -> None:
        """Open the segment, and make its arrays anew where they are missing."""
        self.stored = stored
        self._reader = SegmentReader(storage, FIELDS, stored)
        try:
            articles = _articles(self._reader)
            arrays = _arrays(storage, stored, self._reader, stems)
            self.segment = SegmentArrays(arrays, articles, frozenset(stored.deleted_docs()))
        except BaseException:
            self._reader.close()
            raise

    @property
    def count(self) -> int:
        """The number of articles that are not deleted."""
        return int(self.stored.doc_count())

    @property
    def words(self) -> int:
        """The number of words of all articles, deleted ones among them."""
        return sum(self.stored._fieldlengths.values())  # noqa: SLF001  # as `write_segment` left them

    def delete(self, key: str) -> bool:
        """Mark the article with this key as deleted, from the next commit on; True if it was there."""
        document = self.segment.document(key)
        if document is None or self.stored.is_deleted(document):
            return False
        self.stored.delete_document(document)
        return True

    def articles(self) -> Iterator[Article]:
        """The articles that are not deleted."""
        for document in range(self.segment.size):
            if not self.stored.is_deleted(document):
                yield self.segment.article(document)

    def close(self) -> None:
        """Close the files."""
        self._reader.close()


def _arrays(storage: FileStorage, stored: W3Segment, reader: SegmentReader, stems: Stems) -> Arrays:
    path = arrays_path(storage, stored)
    arrays = arrays_file.load(path)
    if arrays is None:
        contents = read_contents(reader)
        addresses = Addresses.of_documents([urls_of(decoded(article)) for article in contents.articles])
        arrays = derived(contents, addresses, stems)
        with suppress(OSError):  # kept for the next process; a folder that cannot be written is served all the same
            arrays_file.save(path, arrays)
    return arrays


def _articles(reader: SegmentReader) -> ColumnReader:
    """The stored articles. Raises FileNotFoundError where they are gone; Whoosh would make up empty ones."""
    if not reader.has_column("article"):
        raise FileNotFoundError(f"the articles of segment {reader.segment().segment_id()} are missing")
    return reader.column_reader("article", translate=False)


def arrays_path(storage: FileStorage, stored: W3Segment) -> Path:
    """The file of arrays, with a name like Whoosh's files of the segment, so that Whoosh removes it with them."""
    return Path(storage.folder) / f"{stored.segment_id()}.arrays"
