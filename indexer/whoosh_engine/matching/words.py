"""The words that searches have used in one segment, kept ready, and what they add to the scores there."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.memory import Memory, Shelf, array_bytes, remembered
from indexer.query.tree import SEARCHED, Phrase, Prefix, TextField, Word
from indexer.whoosh_engine.matching.bm25f import FIELD_WEIGHTS, OTHER_FORM, length_norms, saturated
from indexer.whoosh_engine.matching.positions import POSITION_BITS, Near, Pair, Places, having_phrase, near
from indexer.whoosh_engine.segment.arrays import Documents, Frequencies, Mask, Scores, as_mask, distinct, located
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.stems import Stems
from indexer.whoosh_engine.segment.term_table import TermTable, table_name

# With fewer postings than this share of the segment, sorting them is faster than counting over all documents.
_SPARSE_SHARE = 1 / 64


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The documents that have a word, ascending, and how often each has it in each field; other forms count less."""

    documents: Documents
    frequencies: Mapping[TextField, Frequencies]

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.documents.nbytes + sum(values.nbytes for values in self.frequencies.values())


def occurrences(leaf: Word | Prefix, segment: SegmentArrays, stems: Stems) -> Occurrences:
    """Look a word or prefix up. Deleted documents are left out."""
    table = segment.tables[table_name(leaf.fields)]
    if isinstance(leaf, Prefix):
        numbers = table.beginning_with(leaf.prefix)
        parts = [_run(table, numbers.start, numbers.stop, leaf.fields, 1.0)]
    else:
        typed = table.number(leaf.term)
        forms = segment.lexicons[table_name(leaf.fields)].forms(stems.of(leaf.term)).tolist()
        parts = [_run(table, form, form + 1, leaf.fields, 1.0 if form == typed else OTHER_FORM) for form in forms]
    is_single = len(parts) == 1 and isinstance(leaf, Word)
    found = parts[0] if is_single else _union(parts, leaf.fields, segment.size)
    is_there = np.logical_or.reduce([values > 0 for values in found.frequencies.values()])
    if segment.deleted:
        is_there &= segment.live[found.documents]
    return found if is_there.all() else _chosen(found, is_there)


def postings(leaf: Word | Prefix, segment: SegmentArrays, stems: Stems) -> int:
    """How many postings a word has in all its forms, or all words with a prefix."""
    table = segment.tables[table_name(leaf.fields)]
    if isinstance(leaf, Prefix):
        numbers = table.beginning_with(leaf.prefix)
        return int(table.offsets[numbers.stop] - table.offsets[numbers.start])
    forms = segment.lexicons[table_name(leaf.fields)].forms(stems.of(leaf.term))
    return int((table.offsets[forms + 1] - table.offsets[forms]).sum())


def _run(table: TermTable, first: int, end: int, fields: Sequence[TextField], weight: float) -> Occurrences:
    """The postings of terms that lie side by side. Of several terms, a document may come several times."""
    start, stop = int(table.offsets[first]), int(table.offsets[end])
    return Occurrences(
        table.documents[start:stop],
        {field: np.multiply(table.fields[field].frequencies[start:stop], weight, dtype=np.float32) for field in fields},
    )


def _chosen(found: Occurrences, chosen: NDArray[np.bool_]) -> Occurrences:
    return Occurrences(found.documents[chosen], {field: values[chosen] for field, values in found.frequencies.items()})


def _union(parts: Sequence[Occurrences], fields: Sequence[TextField], size: int) -> Occurrences:
    """All documents of the parts, each once, their frequencies added."""
    if not parts:
        return Occurrences(np.empty(0, dtype=np.int32), {field: np.empty(0, dtype=np.float32) for field in fields})
    documents = np.concatenate([part.documents for part in parts])
    columns = {field: np.concatenate([part.frequencies[field] for part in parts]) for field in fields}
    if len(documents) < size * _SPARSE_SHARE:
        having, places = distinct(documents)
        count = len(having)
    else:
        having, places, count = None, documents, size
    added = {
        field: np.bincount(places, weights=values, minlength=count).astype(np.float32)
        for field, values in columns.items()
    }
    if having is None:
        having = np.flatnonzero(np.logical_or.reduce([values > 0 for values in added.values()])).astype(np.int32)
        added = {field: values[having] for field, values in added.items()}
    return Occurrences(having, added)


def places(word: Word, field: TextField, segment: SegmentArrays, stems: Stems) -> Places:
    """Where the word stands, in any form, in the field; ascending. Deleted documents are among them."""
    name = table_name(word.fields)
    table = segment.tables[name]
    found = [
        _places_of_term(number, field, table) for number in segment.lexicons[name].forms(stems.of(word.term)).tolist()
    ]
    if len(found) == 1:
        return found[0]
    merged = np.concatenate([np.empty(0, dtype=np.int64), *found])
    merged.sort()
    return merged


def _places_of_term(number: int, field: TextField, table: TermTable) -> Places:
    postings = slice(int(table.offsets[number]), int(table.offsets[number + 1]))
    occurrences = table.fields[field]
    positions = occurrences.positions[int(occurrences.starts[number]) : int(occurrences.starts[number + 1])]
    documents = table.documents[postings].astype(np.int64) << POSITION_BITS
    return documents.repeat(occurrences.frequencies[postings]) + positions


MeanLengths = tuple[float, ...]  # of the searched fields, in their order

# Bytes to keep for each document of the segment, and at the least. A log of 500 mixed queries fills half of it. Places
# are large, and of use only until the pairs and phrases they are for have been found.
_KEPT_PER_DOCUMENT = 1024
_PLACES_PER_DOCUMENT = 128
_KEPT = 1_000_000
_FEW = 8192  # postings whose impacts are computed at once and kept, though only some may be needed
_KEPT_COUNTS = 8192


class Words:
    """Looks words and phrases up in one segment."""

    def __init__(self, segment: SegmentArrays, stems: Stems) -> None:
        self._segment = segment
        self._stems = stems
        memory = Memory(max(_KEPT, _KEPT_PER_DOCUMENT * segment.size))
        self._occurrences: Shelf[Hashable, Occurrences] = memory.shelf(array_bytes)
        self._masks: Shelf[Hashable, Mask] = memory.shelf(array_bytes)
        self._phrases: Shelf[Hashable, Documents] = memory.shelf(array_bytes)
        self._pairs: Shelf[Hashable, Near] = memory.shelf(array_bytes)
        self._scores: Shelf[Hashable, Scores] = memory.shelf(array_bytes)  # of words, and norms
        self._kept_places: Shelf[Hashable, Places] = Memory(max(_KEPT, _PLACES_PER_DOCUMENT * segment.size)).shelf(
            array_bytes
        )

    def occurrences(self, leaf: Word | Prefix) -> Occurrences:
        """Where a word or prefix occurs."""
        return self._occurrences.entry(leaf, lambda: occurrences(leaf, self._segment, self._stems))

    def mask(self, leaf: Word | Prefix) -> Mask:
        """Which of all documents have a word or prefix."""
        return self._masks.entry(leaf, lambda: as_mask(self._segment.size, self.occurrences(leaf).documents))

    @remembered(_KEPT_COUNTS)
    def postings(self, leaf: Word | Prefix) -> int:
        """How many postings it takes to find where a word or prefix occurs."""
        return postings(leaf, self._segment, self._stems)

    def stem(self, term: str) -> str:
        """What all forms of a term have in common."""
        return self._stems.of(term)

    def forms(self, word: Word) -> list[int]:
        """The numbers of the terms that are forms of the word."""
        forms: list[int] = self._segment.lexicons[table_name(word.fields)].forms(self._stems.of(word.term)).tolist()
        return forms

    def form_terms(self, word: Word) -> list[str]:
        """The terms that are forms of the word."""
        terms = self._segment.tables[table_name(word.fields)].terms
        return [terms[number] for number in self.forms(word)]

    def having_phrase(self, phrase: Phrase) -> Documents:
        """The documents that have a phrase."""
        return self._phrases.entry(phrase, lambda: self._live(having_phrase(phrase, self._places)))

    def near(self, pair: Pair) -> Near:
        """Where a pair is near; deleted documents may be among them."""
        return self._pairs.entry(pair, lambda: near(pair, self._places))

    def _places(self, word: Word, field: TextField) -> Places:
        return self._kept_places.entry((word, field), lambda: places(word, field, self._segment, self._stems))

    def _live(self, documents: Documents) -> Documents:
        return documents[self._segment.live[documents]] if self._segment.deleted else documents

    def impacts(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """What the word adds to the score of each of its documents, as a share of its rarity."""
        return self._scores.entry((leaf, mean_lengths), lambda: self.impacts_at(leaf, None, mean_lengths))

    def impacts_everywhere(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """The same for all documents, 0 for those without the word."""

        def spread() -> Scores:
            everywhere = np.zeros(self._segment.size, dtype=np.float32)
            everywhere[self.occurrences(leaf).documents] = self.impacts(leaf, mean_lengths)
            return everywhere

        return self._scores.entry((leaf, mean_lengths, self._segment.size), spread)

    def impacts_at(self, leaf: Word | Prefix, places: NDArray[np.intp] | None, mean_lengths: MeanLengths) -> Scores:
        """The same for some of its documents only, given by their places among them; None for all."""
        found = self.occurrences(leaf)
        if places is not None and len(found.documents) <= _FEW:
            return self.impacts(leaf, mean_lengths)[places]
        documents = found.documents if places is None else found.documents[places]
        total = np.zeros(len(documents), dtype=np.float32)
        for field, frequencies in found.frequencies.items():
            chosen = frequencies if places is None else frequencies[places]
            total += chosen * self._norms_of(field, documents, mean_lengths)
        return saturated(total)

    def impacts_on(self, document: int, words: Sequence[Word], mean_lengths: MeanLengths) -> Scores:
        """The same for one document and each of some words that look in the same fields, and that it has."""
        found = [self.occurrences(word) for word in words]
        places = [int(one.documents.searchsorted(document)) for one in found]
        total = np.zeros(len(words), dtype=np.float32)
        for field in found[0].frequencies if found else ():
            frequencies = [one.frequencies[field][place] for one, place in zip(found, places, strict=True)]
            norm = self._norms_of(field, np.array([document], dtype=np.int32), mean_lengths)
            total += np.array(frequencies, dtype=np.float32) * norm
        return saturated(total)

    def shares(
        self, leaf: Word | Prefix, documents: Documents, mean_lengths: MeanLengths
    ) -> Mapping[TextField, Scores]:
        """Which share each field has in what the word adds to the documents' scores; none where a document lacks it."""
        found = self.occurrences(leaf)
        places, is_there = located(documents, found.documents)
        parts = {field: np.zeros(len(documents), dtype=np.float32) for field in found.frequencies}
        for field, frequencies in found.frequencies.items():
            having = documents[is_there]
            parts[field][is_there] = frequencies[places[is_there]] * self._norms_of(field, having, mean_lengths)
        total = np.sum([*parts.values()], axis=0)
        return {field: (part / np.where(total > 0, total, 1)).astype(np.float32) for field, part in parts.items()}

    def _norms_of(self, field: TextField, documents: Documents, mean_lengths: MeanLengths) -> Scores:
        if field not in SEARCHED:
            return np.full(len(documents), FIELD_WEIGHTS[field].weight, dtype=np.float32)
        mean = mean_lengths[SEARCHED.index(field)]
        lengths = self._segment.lengths(field)
        whole = self._scores.entry((field, mean), lambda: length_norms(field, lengths, mean))
        return whole[documents]
