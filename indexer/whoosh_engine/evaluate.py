"""A query tree, evaluated on one segment: which documents match, and how well."""

from collections.abc import Mapping

import numpy as np

from indexer.query import Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.whoosh_engine.bm25f import Statistics, normalised, saturated
from indexer.whoosh_engine.found import Found, intersection, union
from indexer.whoosh_engine.occurrences import Occurrences
from indexer.whoosh_engine.postings import Positions, in_sequence
from indexer.whoosh_engine.segment import Segment
from indexer.whoosh_engine.vocabulary import Vocabulary


def name_of(leaf: Word | Prefix) -> str:
    """The name by which a word or prefix is known during a search, and in `Statistics`."""
    text = leaf.term if isinstance(leaf, Word) else f"{leaf.prefix}*"
    return f"{'+'.join(leaf.fields)}:{text}"


class Evaluation:
    """Evaluates one query on one segment."""

    def __init__(
        self,
        segment: Segment,
        vocabulary: Vocabulary,
        statistics: Statistics,
        looked_up: Mapping[str, Occurrences],
    ) -> None:
        """Take what was looked up in `segment` for the query's leaves, and the statistics over all segments."""
        self._segment = segment
        self._vocabulary = vocabulary
        self._statistics = statistics
        self._looked_up = looked_up

    def found(self, query: Query) -> Found:
        """The documents that match; those that only `Without` allows have the score 0."""
        match query:
            case Word() | Prefix():
                return self._leaf(query)
            case Phrase():
                return self._phrase(query)
            case Some(queries):
                return union([self.found(part) for part in queries])
            case Every(queries):
                return intersection([self.found(part) for part in queries]) if queries else self._everything()
            case Without(part):
                return self._without(part)

    def _everything(self) -> Found:
        return Found(np.arange(self._segment.size, dtype=np.int32), np.zeros(self._segment.size))

    def _without(self, query: Query) -> Found:
        mask = np.ones(self._segment.size, dtype=bool)
        mask[self.found(query).documents] = False
        documents = np.flatnonzero(mask).astype(np.int32)
        return Found(documents, np.zeros(len(documents)))

    def _leaf(self, leaf: Word | Prefix) -> Found:
        documents, frequencies = self._looked_up[name_of(leaf)]
        total = np.zeros(len(documents))
        for field, counts in frequencies.items():
            lengths = self._segment.lengths(field)
            mean = self._statistics.mean_lengths.get(field, 0.0)
            total += normalised(field, counts, None if lengths is None else lengths[documents], mean)
        return Found(documents, saturated(total, self._statistics.rarity(name_of(leaf))))

    def _phrase(self, phrase: Phrase) -> Found:
        words = phrase.words()
        candidates = intersection([self._leaf(word) for word in words])
        is_match = np.zeros(len(candidates.documents), dtype=bool)
        for field in phrase.fields:
            positions = [self._positions(word, field) for word in words]
            for place, document in enumerate(candidates.documents):
                is_match[place] |= in_sequence(positions, int(document))
        return Found(candidates.documents[is_match], candidates.scores[is_match])

    def _positions(self, word: Word, field: TextField) -> Positions:
        return Positions(self._segment.reader, field, self._vocabulary.forms(field, word.term))
