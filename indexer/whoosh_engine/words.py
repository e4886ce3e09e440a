"""The words that searches have used in one segment, kept ready, and what they add to the scores there."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.query import SEARCHED, Phrase, Prefix, TextField, Word
from indexer.remembering import remembering
from indexer.whoosh_engine.bm25f import FIELD_WEIGHTS, length_norms, saturated
from indexer.whoosh_engine.cache import Cache
from indexer.whoosh_engine.documents import as_mask, located
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.nearness import Near, Pair, having_phrase, near
from indexer.whoosh_engine.occurrences import Occurrences, occurrences, postings
from indexer.whoosh_engine.places import Places, places
from indexer.whoosh_engine.segment import Documents, Mask, Segment
from indexer.whoosh_engine.term_table import table_name

Scores = NDArray[np.float32]
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

    def __init__(self, segment: Segment, stems: Stems) -> None:
        self._segment = segment
        self._stems = stems
        self._cache = Cache(max(_KEPT, _KEPT_PER_DOCUMENT * segment.size))
        self._places_cache = Cache(max(_KEPT, _PLACES_PER_DOCUMENT * segment.size))
        self.postings = remembering(_KEPT_COUNTS, self._postings)

    def occurrences(self, leaf: Word | Prefix) -> Occurrences:
        """Where a word or prefix occurs."""
        return self._cache.entry(leaf, lambda: occurrences(leaf, self._segment, self._stems))

    def mask(self, leaf: Word | Prefix) -> Mask:
        """Which of all documents have a word or prefix."""
        return self._cache.entry((leaf, Mask), lambda: as_mask(self._segment.size, self.occurrences(leaf).documents))

    def _postings(self, leaf: Word | Prefix) -> int:
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
        return self._cache.entry(phrase, lambda: self._live(having_phrase(phrase, self._places)))

    def near(self, pair: Pair) -> Near:
        """Where a pair is near; deleted documents may be among them."""
        return self._cache.entry(pair, lambda: near(pair, self._places))

    def _places(self, word: Word, field: TextField) -> Places:
        return self._places_cache.entry((word, field), lambda: places(word, field, self._segment, self._stems))

    def _live(self, documents: Documents) -> Documents:
        return documents[self._segment.live[documents]] if self._segment.deleted else documents

    def impacts(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """What the word adds to the score of each of its documents, as a share of its rarity."""
        return self._cache.entry((leaf, mean_lengths), lambda: self.impacts_at(leaf, None, mean_lengths))

    def impacts_everywhere(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """The same for all documents, 0 for those without the word."""

        def spread() -> Scores:
            everywhere = np.zeros(self._segment.size, dtype=np.float32)
            everywhere[self.occurrences(leaf).documents] = self.impacts(leaf, mean_lengths)
            return everywhere

        return self._cache.entry((leaf, mean_lengths, self._segment.size), spread)

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
        whole = self._cache.entry((field, mean), lambda: length_norms(field, lengths, mean))
        return whole[documents]
