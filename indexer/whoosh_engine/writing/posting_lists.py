"""Postings of one field as Whoosh stores them: in blocks of a posting file, and summed up in a table of terms."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.formats import Format, Frequency, Positions
from whoosh.system import pack_int, pack_uint
from whoosh.util.numeric import byte_to_length

from indexer.query.tree import TextField
from indexer.whoosh_engine.segment.arrays import Integers
from indexer.whoosh_engine.segment.term_table import TermTable
from indexer.whoosh_engine.segment.value_table import ValueTable

BLOCK = 128
"""The most postings in one block, as many as Whoosh itself writes: a search decodes no block that it skips."""

# Whoosh reads every protocol. This one stores bytes as they are, and without frames, which outweigh small blocks.
_PROTOCOL = 3

# The fields that Whoosh's W3TermInfo keeps of a term: lengths as one byte each, offset and size in the posting file.
_INFO = np.dtype(
    [
        ("is_inlined", "u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("shortest", "u1"),
        ("longest", "u1"),
        ("heaviest", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("offset", ">i8"),
        ("size", ">i4"),
    ]
)


class _Run(NamedTuple):
    """Some postings of one term from `start` to `end`, with their extremes, which Whoosh stores."""

    start: int
    end: int
    last: int
    lightest: int
    heaviest: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingLists:
    """The postings of some terms, or all, of one field in a segment.

    `terms` are sorted, and each has a posting. Those of term `t` lie from `offsets[t]` to `offsets[t + 1]`, documents
    ascending. `lengths` has the field's length in every document that occurs, in Whoosh's one byte. `payload` makes
    Whoosh's payload of the postings from one number to another, by the field's format.
    """

    terms: Sequence[str]
    offsets: Integers
    documents: Integers
    frequencies: Integers
    lengths: Integers
    payload: Callable[[int, int], object]

    @classmethod
    def of_values(cls, table: ValueTable, form: Format) -> "PostingLists":
        """The postings of whole values: each occurs once in its documents, and lengths do not count."""
        once = pack_uint(1) if isinstance(form, Frequency) else None
        return cls(
            terms=table.values,
            offsets=table.offsets,
            documents=table.documents,
            frequencies=np.ones(len(table.documents), dtype=np.uint8),
            lengths=np.zeros(int(table.documents.max(initial=-1)) + 1, dtype=np.uint8),
            payload=lambda start, end: once and once * (end - start),
        )

    @classmethod
    def of_text(cls, table: TermTable, field: TextField, lengths: Integers) -> "PostingLists":
        """The postings of the words of one field of a table, with their positions.

        `lengths` are those of the field in every document of the segment, `rounded`.
        """
        occurrences = table.fields[field]
        has_field = occurrences.frequencies > 0
        offsets = np.concatenate([[0], np.cumsum(has_field)])[table.offsets]
        occurring = np.flatnonzero(np.diff(offsets))
        documents, frequencies = table.documents[has_field], occurrences.frequencies[has_field]
        payloads = _encoded_positions(occurrences.positions, frequencies)
        return cls(
            terms=[table.terms[term] for term in occurring.tolist()],
            offsets=np.append(offsets[occurring], offsets[-1]),
            documents=documents,
            frequencies=frequencies,
            lengths=lengths,
            payload=lambda start, end: tuple(payloads[start:end].tolist()),
        )

    def encoded(self) -> Iterator[bytes]:
        """The postings of each term, as they lie in the posting file."""
        if not self.terms:  # of a part of a table whose words other fields have
            return
        starts, is_last = _blocks(self.offsets)
        gaps = np.diff(self.documents, prepend=0)
        gaps[starts] = self.documents[starts]
        chunks = [WHOOSH3_HEADER_MAGIC]
        runs = map(_Run, *(column.tolist() for column in self._runs(starts)))
        for run, ends_term in zip(runs, is_last.tolist(), strict=True):
            head, data = self._block(run, tuple(gaps[run.start : run.end].tolist()))
            size = len(head) + len(data)
            chunks += (pack_int(-size if ends_term else size), head, data)
            if ends_term:
                yield b"".join(chunks)
                chunks = [WHOOSH3_HEADER_MAGIC]

    def _block(self, run: _Run, gaps: tuple[int, ...]) -> tuple[bytes, bytes]:
        head = (len(gaps), run.last, float(run.heaviest), 0, run.shortest, run.longest)  # the 0: not compressed
        weights: object = None  # all are 1
        if run.lightest < run.heaviest:
            weights = tuple(self.frequencies[run.start : run.end].astype(float).tolist())
        elif run.heaviest > 1:
            weights = float(run.heaviest)
        data = (gaps, weights, self.payload(run.start, run.end))
        return pickle.dumps(head, _PROTOCOL), pickle.dumps(data, _PROTOCOL)

    def infos(self, offset: int, sizes: Sequence[int]) -> Iterator[bytes]:
        """The entry of each term in the table of terms; encoded postings lie one after another from `offset` on."""
        if not self.terms:
            return iter(())
        starts, ends, last, _, heaviest, shortest, longest = self._runs(self.offsets[:-1])
        infos = np.zeros(len(self.terms), dtype=_INFO)
        infos["weight"] = np.add.reduceat(self.frequencies.astype(np.int64), starts)
        infos["documents"] = ends - starts
        infos["shortest"], infos["longest"], infos["heaviest"] = shortest, longest, heaviest
        infos["first"], infos["last"] = self.documents[starts], last
        infos["offset"] = offset + np.cumsum(sizes) - sizes
        infos["size"] = sizes
        encoded = infos.tobytes()
        return (encoded[start : start + _INFO.itemsize] for start in range(0, len(encoded), _INFO.itemsize))

    def _runs(self, starts: Integers) -> tuple[Integers, ...]:
        """The columns of the runs of postings that begin at `starts` and end where the next begins, as in `_Run`."""
        ends = np.append(starts[1:], len(self.documents))
        lengths = self.lengths[self.documents]
        return (
            starts,
            ends,
            self.documents[ends - 1],
            np.minimum.reduceat(self.frequencies, starts),
            np.maximum.reduceat(self.frequencies, starts),
            np.minimum.reduceat(lengths, starts),
            np.maximum.reduceat(lengths, starts),
        )


def lengths_in(table: TermTable, field: TextField, documents: int) -> Integers:
    """The number of terms of a field in each of so many documents."""
    counted = np.bincount(table.documents, weights=table.fields[field].frequencies, minlength=documents)
    return counted.astype(np.int64)


def rounded(lengths: Integers) -> NDArray[np.uint8]:
    """Lengths in terms as Whoosh's one byte, which is exact for short fields and rounds the longer ones up."""
    exact = np.array([byte_to_length(byte) for byte in range(256)])
    return np.minimum(np.searchsorted(exact, lengths), 255).astype(np.uint8)


def _blocks(offsets: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """The start of each block, and whether it is the last one of its term."""
    counts = -(-np.diff(offsets) // BLOCK)
    terms = np.repeat(np.arange(len(counts)), counts)
    numbers = np.arange(len(terms)) - np.repeat(np.cumsum(counts) - counts, counts)
    return offsets[terms] + BLOCK * numbers, numbers == counts[terms] - 1


def _encoded_positions(positions: Integers, frequencies: Integers) -> NDArray[np.object_]:
    """The positions of each posting in Whoosh's format; equal ones are the same object, which pickles as one."""
    encode, starts = Positions().encode, np.cumsum(frequencies) - frequencies
    alone = positions[starts]
    encoded = np.empty(int(alone.max(initial=0)) + 1, dtype=object)
    for position in np.flatnonzero(np.bincount(alone)).tolist():
        encoded[position] = encode([position])
    payloads: NDArray[np.object_] = encoded[alone]
    encodings: dict[bytes, bytes] = {}
    for posting in np.flatnonzero(frequencies > 1).tolist():
        start = int(starts[posting])
        several = positions[start : start + int(frequencies[posting])]
        name = several.tobytes()
        if name not in encodings:
            encodings[name] = encode(several.tolist())
        payloads[posting] = encodings[name]
    return payloads
