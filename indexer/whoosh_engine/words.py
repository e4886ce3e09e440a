"""The words that searches have used in one segment, kept ready, and what they add to the scores there."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.query import SEARCHED, Phrase, Prefix, TextField, Word
from indexer.whoosh_engine.bm25f import FIELD_WEIGHTS, length_norms, saturated
from indexer.whoosh_engine.cache import Cache
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.nearness import Near, Pair, having_phrase, near
from indexer.whoosh_engine.occurrences import Occurrences, occurrences, postings
from indexer.whoosh_engine.segment import Documents, Segment

Scores = NDArray[np.float32]
MeanLengths = tuple[float, ...]  # of the searched fields, in their order

_KEPT_BYTES = 64_000_000
_KEPT_COUNTS = 8192


class Words:
    """Looks words and phrases up in one segment."""

    def __init__(self, segment: Segment, stems: Stems) -> None:
        self._segment = segment
        self._stems = stems
        self._occurrences: Cache[Occurrences] = Cache(_KEPT_BYTES)
        self._impacts: Cache[Scores] = Cache(_KEPT_BYTES)
        self._near: Cache[Near] = Cache(_KEPT_BYTES)
        self._phrases: Cache[Documents] = Cache(_KEPT_BYTES)
        self.postings = lru_cache(_KEPT_COUNTS)(self._postings)
        self._norms: Cache[Scores] = Cache(_KEPT_BYTES)

    def occurrences(self, leaf: Word | Prefix) -> Occurrences:
        """Where a word or prefix occurs."""
        return self._occurrences.entry(leaf, lambda: occurrences(leaf, self._segment, self._stems))

    def _postings(self, leaf: Word | Prefix) -> int:
        """How many postings it takes to find where a word or prefix occurs."""
        return postings(leaf, self._segment, self._stems)

    def having_phrase(self, phrase: Phrase, candidates: Callable[[], Documents]) -> Documents:
        """The documents that have a phrase; `candidates` gives those that have all of its words."""
        return self._phrases.entry(phrase, lambda: having_phrase(phrase, candidates(), self._segment, self._stems))

    def near(self, pair: Pair, candidates: Callable[[], Documents]) -> Near:
        """Where a pair is near; `candidates` gives the documents that have both words."""
        return self._near.entry(pair, lambda: near(pair, candidates(), self._segment, self._stems))

    def impacts(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Scores:
        """What the word adds to the score of each of its documents, as a share of its rarity."""
        return self._impacts.entry((leaf, mean_lengths), lambda: self.impacts_at(leaf, None, mean_lengths))

    def impacts_at(self, leaf: Word | Prefix, places: NDArray[np.intp] | None, mean_lengths: MeanLengths) -> Scores:
        """The same for some of its documents only, given by their places among them; None for all."""
        found = self.occurrences(leaf)
        documents = found.documents if places is None else found.documents[places]
        total = np.zeros(len(documents), dtype=np.float32)
        for field, frequencies in found.frequencies.items():
            chosen = frequencies if places is None else frequencies[places]
            total += chosen * self._norms_of(field, documents, mean_lengths)
        return saturated(total)

    def _norms_of(self, field: TextField, documents: Documents, mean_lengths: MeanLengths) -> Scores:
        if field not in SEARCHED:
            return np.full(len(documents), FIELD_WEIGHTS[field].weight, dtype=np.float32)
        mean = mean_lengths[SEARCHED.index(field)]
        lengths = self._segment.lengths(field)
        whole = self._norms.entry((field, mean), lambda: length_norms(field, lengths, mean))
        return whole[documents]
