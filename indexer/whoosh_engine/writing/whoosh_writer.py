"""Writes one Whoosh segment straight from arrays: whole columns, and whole blocks of postings."""

import pickle
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.system import pack_ushort

from indexer.query.tree import TextField
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.term_table import TABLES
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS, NUMBERS, value_field
from indexer.whoosh_engine.writing.posting_lists import PostingLists, lengths_in, rounded

_LARGEST_STORED = 2**16 - 1  # bytes in one uncompressed block of deflate

_PART = 2**18  # postings that are encoded at once: many fill the memory, few are slow

_BATCH = 1024  # strings written at once: a call to the system for each would cost more than all else


def write_segment(contents: Contents, *, storage: FileStorage, name: str = "MAIN") -> W3Segment:
    """Write the documents as the files of a new segment of the index `name`; the segment is yet to be committed.

    Plain Whoosh reads it like one of its own. Until a table of contents names it, it does not count, and Whoosh's
    `clean_files` removes it.
    """
    codec = W3Codec(compression=0)
    segment = codec.new_segment(storage, name)
    segment.set_doc_count(len(contents))
    texts = [(contents.tables[name], field) for name, fields in TABLES.items() for field in fields]
    counts = {field: lengths_in(table, field, len(contents)) for table, field in texts}
    # Whoosh pickles these: names as plain text, so that reading them needs none of our modules.
    sums = {str(field): int(lengths.sum()) for field, lengths in counts.items()}
    segment._fieldlengths = sums  # noqa: SLF001  # no other way
    lengths = {field: rounded(each) for field, each in counts.items()}
    with closing(_FieldWriter(codec, storage, segment)) as writer:
        for field, postings in _indexed(contents, lengths):
            writer.write(field, postings)
    for column, chunks in _columns(contents, lengths):
        with closing(storage.create_file(codec.column_filename(segment, column))) as file:
            for chunk in chunks:
                file.write(chunk)
    return segment


class _FieldWriter(W3FieldWriter):
    """Whoosh's writer of terms and postings, taking a whole field at once."""

    def write(self, field: str, parts: Iterable[PostingLists]) -> None:
        """Write a field; fields come in order of their names, and parts in order of their terms."""
        self.start_field(field, FIELDS[field])
        prefix = pack_ushort(self._fieldid)
        for postings in parts:
            offset, encoded = self._postfile.tell(), [*postings.encoded()]
            self._postfile.write(b"".join(encoded))
            infos = postings.infos(offset, [*map(len, encoded)])
            for term, info in zip(postings.terms, infos, strict=True):
                self._tindex.add(prefix + term.encode(), info)
        self.finish_field()


def _indexed(contents: Contents, lengths: Mapping[TextField, Integers]) -> Iterator[tuple[str, Iterable[PostingLists]]]:
    """The fields that have postings, in order of their names."""
    values = {value_field(field): table for field, table in contents.values.items()}
    values["key"] = ValueTable.of_documents([(key,) for key in contents.keys])
    texts = {field: table for name, table in contents.tables.items() for field in TABLES[name]}
    for name in sorted([*values, *map(str, texts)]):
        if name in values:
            table, form = values[name], FIELDS[name].format
            if table.values:
                yield name, (PostingLists.of_values(part, form) for part in table.parts(_PART))
        elif (field := TextField(name)) and lengths[field].any():
            yield name, (PostingLists.of_text(part, field, lengths[field]) for part in texts[field].parts(_PART))


def _columns(contents: Contents, lengths: Mapping[TextField, Integers]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each column of values by document, as the parts of its file."""
    yield "_stored", _strings(_deflated(pickle.dumps({"key": key}, 2)) for key in contents.keys)
    yield "key", _strings(key.encode() for key in contents.keys)
    yield "article", _strings(contents.articles)
    for field, rounded_lengths in lengths.items():
        yield f"_{field}_len", [rounded_lengths.tobytes()]
    for name, column in NUMBERS.items():
        kind = np.dtype(column._typecode).newbyteorder(">")  # noqa: SLF001  # its type, and nowhere else
        yield name, [contents.numbers[name].astype(kind).tobytes()]


def _strings(values: Iterable[bytes]) -> Iterator[bytes]:
    """The file of a column of byte strings: the strings, their lengths, where they begin, and the types of these."""
    sizes: list[int] = []
    left = iter(values)
    while batch := [*islice(left, _BATCH)]:
        sizes += map(len, batch)
        yield b"".join(batch)
    lengths = np.array(sizes, dtype=">i4")
    yield lengths.tobytes()
    yield (np.cumsum(lengths, dtype=np.int64) - lengths).astype(">i8").tobytes()
    yield b"iqX"


def _deflated(data: bytes) -> bytes:
    """The data as zlib reads it, but no smaller: zlib takes longer to set up than all else of an article."""
    size = len(data)
    if size > _LARGEST_STORED:
        return zlib.compress(data)
    return b"".join(
        (b"\x78\x01\x01", struct.pack("<HH", size, size ^ _LARGEST_STORED), data, zlib.adler32(data).to_bytes(4, "big"))
    )
