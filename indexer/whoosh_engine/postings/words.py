"""The words that searches have used in one segment, kept ready, and their shares in the scores there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.columns.stems import Stems
from indexer.memory import OVERHEAD, Memory, Sized, array_bytes
from indexer.query.tree import WITH_BODY, Phrase, Prefix, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS, length_norms, saturated
from indexer.scoring.pairs import Pair
from indexer.whoosh_engine.postings.nearness import Near, near
from indexer.whoosh_engine.postings.occurrences import Occurrences, forms, occurrences
from indexer.whoosh_engine.postings.positions import documents_with_phrase, positions_of
from indexer.whoosh_engine.segment.arrays import (
    Documents,
    Indices,
    Mask,
    Positions,
    Scores,
    as_mask,
    distinct,
    located,
)
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name

# Finding one number in a sorted array costs as much as so many steps through a dense one.
_SEARCH_COST = 16

# What has an entry for each document is kept of words that this share of the segment has, and made anew of rarer ones:
# in a large segment it would take the memory that their occurrences need.
_KEPT_SHARE = 1 / 8

# Where a pair is near is found out anew for fewer documents than this share of the segment, and kept for all of them
# where there are more.
_NEAR_SHARE = 1 / 100


MeanLengths = tuple[float, ...]  # of the searched fields, in their order
Rarities = Sequence[tuple[Word | Prefix, np.float32]]  # of several words

_NUMBER_BYTES = 40  # of a number in a list
# All impacts of a word are computed at once and kept, though only some are needed, where it has so few postings, and so
# many times as many as are needed at the most.
_FEW = 8192
_MORE = 8


class _Forms(NamedTuple):
    """The numbers of terms, and of their postings."""

    numbers: Sequence[int]
    postings: int


def _forms_size(leaf: Word | Prefix, forms: _Forms) -> int:
    return OVERHEAD + _written(leaf) + (0 if isinstance(forms.numbers, range) else _NUMBER_BYTES * len(forms.numbers))


def _written(leaf: Word | Prefix) -> int:
    """The bytes of a leaf's text, which a client may make long, at the most."""
    return 4 * len(leaf.term if isinstance(leaf, Word) else leaf.prefix)


def leaf_bytes(key: Word | Prefix | tuple[Word | Prefix, object], value: Sized) -> int:
    """The bytes of a value with the leaf that it is kept for."""
    return OVERHEAD + value.nbytes + _written(key[0] if isinstance(key, tuple) else key)


def phrase_bytes(key: Phrase | Pair, value: Sized) -> int:
    """The bytes of a value with the phrase or pair that it is kept for."""
    words = [key.first, key.second] if isinstance(key, Pair) else key.words()
    return OVERHEAD + value.nbytes + sum(OVERHEAD + _written(word) for word in words)


class Words:
    """Looks words and phrases up in one segment. Results are kept in memory, so nobody may change them."""

    def __init__(self, segment: SegmentArrays, stems: Stems, memory: Memory) -> None:
        self._segment = segment
        self._stems = stems
        self._forms = memory.kept("words", _forms_size, self._forms_of)
        self.occurrences = memory.kept("words", leaf_bytes, self._occurrences_of)
        """The occurrences of a word or prefix."""
        self._masks = memory.kept("words", leaf_bytes, self._mask_of)
        self.documents_with_phrase = memory.kept("phrases", phrase_bytes, self._documents_with_phrase)
        """The documents that have a phrase."""
        self.near_anywhere = memory.kept("phrases", phrase_bytes, self._near)
        """The documents in which a pair is near."""
        self._positions = memory.kept("positions", leaf_bytes, self._positions_in)
        self._impacts = memory.kept("scores", leaf_bytes, self._impacts_of)
        self._spread_impacts = memory.kept("scores", leaf_bytes, self._spread_impacts_of)
        self._norms = memory.kept("scores", array_bytes, self._norms_by_document)

    def _occurrences_of(self, leaf: Word | Prefix) -> Occurrences:
        return occurrences(leaf, self._forms(leaf).numbers, self._segment)

    def documents(self, leaf: Word | Prefix) -> Documents:
        """The documents that have a word or prefix, ascending."""
        return self.occurrences(leaf).documents

    def have(self, leaf: Word | Prefix, documents: Documents) -> Mask:
        """A mask over some documents, ascending, that is true for those that have a word or prefix."""
        holders = self.documents(leaf)
        return located(documents, holders)[1] if self.is_sparse(documents, holders) else self._mask(leaf)[documents]

    def union(self, lists: Sequence[Documents]) -> Documents:
        """The documents of all ascending lists, each once, ascending; of one list the list itself."""
        if not lists:
            return np.empty(0, dtype=np.int32)
        return lists[0] if len(lists) == 1 else self._united(lists)

    def _united(self, lists: Sequence[Documents]) -> Documents:
        if sum(map(len, lists)) * _SEARCH_COST < self._segment.size:
            return distinct(np.concatenate(lists))[0]
        return np.flatnonzero(as_mask(self._segment.size, *lists)).astype(np.int32)

    def contained(self, documents: Documents, holders: Documents) -> Mask:
        """A mask over some documents that is true for those among `holders`; both ascend."""
        if self.is_sparse(documents, holders):
            return located(documents, holders)[1]
        return as_mask(self._segment.size, holders)[documents]

    def is_sparse(self, documents: Documents, holders: Documents) -> bool:
        """True where finding `documents` in `holders` one by one is faster than going through all of the segment."""
        return len(documents) * _SEARCH_COST < len(holders) + self._segment.size // 16

    def _mask(self, leaf: Word | Prefix) -> Mask:
        return self._masks(leaf) if self._is_frequent(leaf) else self._mask_of(leaf)

    def _is_frequent(self, leaf: Word | Prefix) -> bool:
        return len(self.occurrences(leaf).documents) >= self._segment.size * _KEPT_SHARE

    def _mask_of(self, leaf: Word | Prefix) -> Mask:
        return as_mask(self._segment.size, self.occurrences(leaf).documents)

    def postings(self, leaf: Word | Prefix) -> int:
        """The number of postings of a word in all its forms, or of all words with a prefix."""
        return self._forms(leaf).postings

    def stem(self, term: str) -> str:
        """The stem that all forms of a term share."""
        return self._stems.of(term)

    def forms(self, leaf: Word | Prefix) -> Sequence[int]:
        """The numbers of the terms that are forms of the word, or begin so."""
        return self._forms(leaf).numbers

    def _forms_of(self, leaf: Word | Prefix) -> "_Forms":
        numbers = forms(leaf, self._segment, self._stems)
        return _Forms(numbers, self._segment.tables[table_name(leaf.fields)].postings(numbers))

    def form_terms(self, word: Word) -> list[str]:
        """The terms that are forms of the word."""
        terms = self._segment.tables[table_name(word.fields)].terms
        return [terms[number] for number in self.forms(word)]

    def _documents_with_phrase(self, phrase: Phrase) -> Documents:
        documents = documents_with_phrase(phrase, self._positions_of)
        return documents[self._segment.live[documents]] if self._segment.deleted else documents

    def add_nearness(self, totals: Scores, documents: Documents, pair: Pair, worth: np.float32) -> None:
        """Add to the totals of those documents, all live ones, in which a pair is near: `worth` at the most."""
        self._add_near(totals, documents, self._near_among(pair, documents), worth)

    @staticmethod
    def _add_near(totals: Scores, documents: Documents, near: Near, worth: np.float32) -> None:
        if len(near.documents):
            indices, hits = located(near.documents, documents)
            totals[indices[hits]] += worth * near.impacts[hits]

    def _near_among(self, pair: Pair, documents: Documents) -> Near:
        """The documents in which a pair is near: those among some documents, and maybe others, deleted ones too."""
        if len(documents) < self._segment.size * _NEAR_SHARE:
            return near(pair, self._positions_of, documents)
        return self.near_anywhere(pair)

    def _near(self, pair: Pair) -> Near:
        return near(pair, self._positions_of)

    def _positions_of(self, word: Word | Prefix, fields: tuple[TextField, ...]) -> Positions:
        return self._positions((word, fields))

    def _positions_in(self, key: tuple[Word | Prefix, tuple[TextField, ...]]) -> Positions:
        word, fields = key
        return positions_of(self.forms(word), fields, self._segment.tables[table_name(word.fields)])

    def add_impacts(
        self, totals: Scores, documents: Documents, leaf: Word | Prefix, rarity: np.float32, mean_lengths: MeanLengths
    ) -> None:
        """Add what a word is worth to the totals of those documents that have it: its impact times its rarity."""
        holders = self.documents(leaf)
        if holders is documents:
            totals += rarity * self.impacts(leaf, mean_lengths)
        elif self.is_sparse(documents, holders):
            indices, is_there = located(documents, holders)
            hits = np.flatnonzero(is_there)
            totals[hits] += rarity * self._impacts_at(leaf, indices[hits], mean_lengths)
        elif self.is_sparse(holders, documents):
            indices, is_there = located(holders, documents)
            totals[indices[is_there]] += rarity * self.impacts(leaf, mean_lengths)[is_there]
        else:
            totals += rarity * self._impacts_everywhere(leaf, mean_lengths)[documents]

    def add_all_impacts(
        self, totals: Scores, documents: Documents, rarities: Rarities, mean_lengths: MeanLengths
    ) -> None:
        """Add what several words are worth, one after another."""
        for leaf, rarity in rarities:
            self.add_impacts(totals, documents, leaf, rarity, mean_lengths)

    def impacts(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """The impact of a word: its share of its rarity that each of its documents gets as a score."""
        return self._impacts((leaf, mean_lengths))

    def _impacts_everywhere(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """The same for all documents, 0 for those without the word."""
        key = leaf, mean_lengths
        return self._spread_impacts(key) if self._is_frequent(leaf) else self._spread_impacts_of(key)

    def _impacts_of(self, key: tuple[Word | Prefix, MeanLengths]) -> Scores:
        leaf, mean_lengths = key
        return self._impacts_at(leaf, None, mean_lengths)

    def _spread_impacts_of(self, key: tuple[Word | Prefix, MeanLengths]) -> Scores:
        everywhere = np.zeros(self._segment.size, dtype=np.float32)
        everywhere[self.occurrences(key[0]).documents] = self._impacts(key)
        return everywhere

    def _impacts_at(self, leaf: Word | Prefix, indices: Indices | None, mean_lengths: MeanLengths) -> Scores:
        """The same for some of its documents only, by their indices among them; None for all."""
        occurrences = self.occurrences(leaf)
        if indices is not None and len(occurrences.documents) <= min(_FEW, _MORE * len(indices)):
            return self.impacts(leaf, mean_lengths)[indices]
        documents = occurrences.documents if indices is None else occurrences.documents[indices]
        total = np.zeros(len(documents), dtype=np.float32)
        for field in occurrences.counts:
            total += occurrences.frequencies(field, indices) * self._norms_of(field, documents, mean_lengths)
        return saturated(total)

    def impacts_on(self, document: int, words: Sequence[Word], mean_lengths: MeanLengths) -> Scores:
        """The same for one document and each of some words that look in the same fields, and that it has."""
        occurrences = [self.occurrences(word) for word in words]
        indices = [int(word.documents.searchsorted(document)) for word in occurrences]
        total = np.zeros(len(words), dtype=np.float32)
        for field in occurrences[0].counts if occurrences else ():
            frequencies = [
                np.float32(word.counts[field][index]) * np.float32(word.weight)
                for word, index in zip(occurrences, indices, strict=True)
            ]
            norm = self._norms_of(field, np.array([document], dtype=np.int32), mean_lengths)
            total += np.array(frequencies, dtype=np.float32) * norm
        return saturated(total)

    def shares(
        self, leaf: Word | Prefix, documents: Documents, mean_lengths: MeanLengths
    ) -> Mapping[TextField, Scores]:
        """Each field's share in the impact of the word on the documents; 0 where a document lacks the word."""
        occurrences = self.occurrences(leaf)
        indices, is_there = located(documents, occurrences.documents)
        norms = {field: np.zeros(len(documents), dtype=np.float32) for field in occurrences.counts}
        for field, norm in norms.items():
            holders = documents[is_there]
            frequencies = occurrences.frequencies(field, indices[is_there])
            norm[is_there] = frequencies * self._norms_of(field, holders, mean_lengths)
        total = np.sum([*norms.values()], axis=0)
        return {field: (share / np.where(total > 0, total, 1)).astype(np.float32) for field, share in norms.items()}

    def _norms_of(self, field: TextField, documents: Documents, mean_lengths: MeanLengths) -> Scores:
        if field not in WITH_BODY:
            return np.full(len(documents), FIELD_WEIGHTS[field].weight, dtype=np.float32)
        return self._norms((field, mean_lengths[WITH_BODY.index(field)]))[documents]

    def _norms_by_document(self, key: tuple[TextField, float]) -> Scores:
        field, mean = key
        return length_norms(field, self._segment.lengths(field), mean)
