"""The words of one segment, looked up by compiled loops where there are any."""

from collections.abc import Sequence

import numpy as np

from indexer.columns.stems import Stems
from indexer.memory import OVERHEAD, Memory
from indexer.query.tree import SEARCHED, WITH_BODY, Phrase, Prefix, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS, OTHER_FORM, SATURATION
from indexer.scoring.pairs import Pair
from indexer.whoosh_engine.postings.nearness import Near
from indexer.whoosh_engine.postings.programs import CompiledQuery, Norms, Run, Steps
from indexer.whoosh_engine.postings.words import MeanLengths, Rarities, Words, leaf_bytes, phrase_bytes
from indexer.whoosh_engine.segment.arrays import Documents, Integers, Mask, Scores
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name

try:
    from indexer.whoosh_engine.postings.loops import BLOCK, SEEK_COST, Table, add_known, union
except ImportError:
    IS_COMPILED = False
else:
    IS_COMPILED = True
"""True where there was a C compiler when Newsstand was installed."""

Field = tuple[Integers | None, Integers | None]
"""The frequencies and the positions of a table in one field, None where no document has a term in it."""

Known = tuple[Documents, Scores, float]
"""The documents that have a word, its impact on each, and its rarity."""

_RUN_BYTES = 300
_FULL = 255  # steps from no impact to the full one
_MATCH = np.dtype([("document", np.int32), ("score", np.float32)])
_SEARCHED_WEIGHTS = tuple(FIELD_WEIGHTS[field].weight for field in SEARCHED)


class _Runs(tuple[Run, ...]):
    """The postings of a word, form by form."""

    __slots__ = ()

    @property
    def nbytes(self) -> int:
        return _RUN_BYTES * len(self)


class CompiledWords(Words):
    """`Words`, which read frequencies and positions from the segment where they are needed.

    Of a word, its documents and impacts are kept, and of frequent pairs where they are near. Beginnings of words stand
    for many terms, so NumPy looks them up.
    """

    def __init__(self, segment: SegmentArrays, stems: Stems, memory: Memory) -> None:
        super().__init__(segment, stems, memory)
        self._tables: dict[tuple[TextField, ...], Table] = {}
        self._runs = memory.kept("words", leaf_bytes, self._runs_of)
        self._field_norms = memory.kept("scores", _norms_bytes, self._field_norms_of)
        self._holders = memory.kept("words", _holders_bytes, self._holders_of)
        self._greatest = memory.kept("scores", leaf_bytes, self._greatest_of)
        self.greatest_nearness = memory.kept("phrases", phrase_bytes, self._greatest_nearness_of)
        """The greatest impact of a pair in each block of documents, not less; 0 where it is near in none."""

    def documents(self, leaf: Word | Prefix) -> Documents:
        """See `Words`."""
        return self._holders(leaf) if isinstance(leaf, Word) else super().documents(leaf)

    def have(self, leaf: Word | Prefix, documents: Documents) -> Mask:
        """See `Words`."""
        return self._marked(leaf, documents) if isinstance(leaf, Word) else super().have(leaf, documents)

    def _united(self, lists: Sequence[Documents]) -> Documents:
        documents = np.empty(min(self._segment.size, sum(map(len, lists))), dtype=np.int32)
        # Nobody else has the array yet, so it can shrink where it is.
        documents.resize(union(tuple(lists), self._segment.size, documents), refcheck=False)
        return documents

    def add_impacts(
        self, totals: Scores, documents: Documents, leaf: Word | Prefix, rarity: np.float32, mean_lengths: MeanLengths
    ) -> None:
        """See `Words`."""
        if isinstance(leaf, Prefix):
            super().add_impacts(totals, documents, leaf, rarity, mean_lengths)
            return
        if self.are_few(len(documents), leaf):
            self._add_impacts(totals, documents, leaf, float(rarity), mean_lengths)
        elif self.documents(leaf) is documents:
            totals += rarity * self.impacts(leaf, mean_lengths)
        else:
            self._add_known(totals, documents, [(leaf, rarity)], mean_lengths)

    def add_all_impacts(
        self, totals: Scores, documents: Documents, rarities: Rarities, mean_lengths: MeanLengths
    ) -> None:
        """See `Words`."""
        is_known = (isinstance(leaf, Word) and not self.are_few(len(documents), leaf) for leaf, _ in rarities)
        if len(rarities) > 1 and all(is_known):
            self._add_known(totals, documents, rarities, mean_lengths)
        else:
            super().add_all_impacts(totals, documents, rarities, mean_lengths)

    def _add_known(self, totals: Scores, documents: Documents, rarities: Rarities, mean_lengths: MeanLengths) -> None:
        """Add what words are worth by their impacts on all documents that have them, which are kept."""
        known = [(self.documents(leaf), self.impacts(leaf, mean_lengths), float(rarity)) for leaf, rarity in rarities]
        add_known(tuple(known), documents, totals, self._segment.size)

    def are_few(self, documents: int, leaf: Word | Prefix) -> bool:
        """True where looking for each of so many documents takes less time than going through all that have a word."""
        return self.postings(leaf) > SEEK_COST * documents

    def _impacts_of(self, key: tuple[Word | Prefix, MeanLengths]) -> Scores:
        leaf, mean_lengths = key
        if isinstance(leaf, Prefix):
            return super()._impacts_of(key)
        documents = self.documents(leaf)
        impacts = np.zeros(len(documents), dtype=np.float32)
        self._add_impacts(impacts, documents, leaf, 1.0, mean_lengths)
        return impacts

    def _add_impacts(
        self, totals: Scores, documents: Documents, word: Word, rarity: float, mean_lengths: MeanLengths
    ) -> None:
        norms = self._field_norms((word.fields, mean_lengths))
        self._table(word.fields).add_impacts(self._runs(word), documents, totals, norms, SATURATION, rarity)

    def runs(self, word: Word) -> tuple[Run, ...]:
        """The postings of a word, form by form."""
        return self._runs(word)

    def field_norms(self, fields: tuple[TextField, ...], mean_lengths: MeanLengths) -> Norms:
        """The worth of one occurrence of a word in each field."""
        return self._field_norms((fields, mean_lengths))

    def greatest_impacts(self, leaf: Word | Prefix, mean_lengths: MeanLengths) -> Steps:
        """The greatest impact of a word in each block of documents, not less; 0 where none has it."""
        return self._greatest((leaf, mean_lengths))

    def _greatest_of(self, key: tuple[Word | Prefix, MeanLengths]) -> Steps:
        leaf, mean_lengths = key
        if isinstance(leaf, Prefix):
            return self._by_block(self.documents(leaf), self.impacts(leaf, mean_lengths))
        by_block = self._no_blocks()
        norms = self._field_norms((leaf.fields, mean_lengths))
        self._table(leaf.fields).greatest(self._runs(leaf), norms, SATURATION, by_block)
        return _in_steps(by_block)

    def where(self, phrase: Phrase, greatest: Steps) -> Steps:
        """The greatest impacts of blocks in which a phrase stands, and 0 elsewhere."""
        stands = np.zeros(len(greatest), dtype=bool)
        stands[self.documents_with_phrase(phrase) // BLOCK] = True
        return greatest * stands

    def _greatest_nearness_of(self, pair: Pair) -> Steps:
        near = self.near_anywhere(pair)
        return self._by_block(near.documents, near.impacts)

    def _by_block(self, documents: Documents, impacts: Scores) -> Steps:
        by_block = self._no_blocks()
        np.maximum.at(by_block, documents // BLOCK, impacts)
        return _in_steps(by_block)

    def _no_blocks(self) -> Scores:
        return np.zeros(-(-self._segment.size // BLOCK), dtype=np.float32)

    def best_matches(self, query: CompiledQuery, allowed: Mask, count: int) -> tuple[Documents, Scores]:
        """The `count` allowed documents with the best scores among those that match, and their scores.

        Those as good as the last of them are there as well. They ascend.
        """
        lists, scored = tuple(query.lists), tuple(query.scored)
        found = self._table(query.fields).best_matches(lists, scored, query.program, allowed, SATURATION, count)
        matches = np.frombuffer(found, dtype=_MATCH)
        matches = matches[matches["document"].argsort()]
        return matches["document"].copy(), matches["score"].copy()

    def add_nearness(self, totals: Scores, documents: Documents, pair: Pair, worth: np.float32) -> None:
        """See `Words`."""
        if self.are_few(len(documents), pair.first) and self.are_few(len(documents), pair.second):
            self._add_nearness(totals, documents, pair, float(worth))
        else:
            self._add_near(totals, documents, self.near_anywhere(pair), worth)

    def _near(self, pair: Pair) -> Near:
        documents = self._with_all([pair.first, pair.second])
        impacts = np.zeros(len(documents), dtype=np.float32)
        self._add_nearness(impacts, documents, pair, 1.0)
        is_near = impacts > 0
        return Near(documents[is_near], impacts[is_near])

    def _add_nearness(self, totals: Scores, documents: Documents, pair: Pair, worth: float) -> None:
        first, second = self._searched_runs(pair.first), self._searched_runs(pair.second)
        self._table(SEARCHED).add_nearness(
            first, second, documents, totals, pair.gap, _SEARCHED_WEIGHTS, SATURATION, worth
        )

    def _documents_with_phrase(self, phrase: Phrase) -> Documents:
        if phrase.is_open:
            return super()._documents_with_phrase(phrase)
        words = [Word(term, phrase.fields) for term in phrase.terms]
        documents = self._with_all(words)
        mask = np.empty(len(documents), dtype=bool)
        self._table(phrase.fields).phrases(tuple(map(self._runs, words)), documents, mask)
        return documents[mask]

    def _with_all(self, words: Sequence[Word]) -> Documents:
        """The documents that have all of some words."""
        rarest, *others = sorted(words, key=self.postings)
        documents = self.documents(rarest)
        for word in others:
            documents = documents[self.have(word, documents)]
        return documents

    def _marked(self, word: Word, documents: Documents) -> Mask:
        mask = np.empty(len(documents), dtype=bool)
        self._table(word.fields).holders(self._runs(word), documents, mask)
        return mask

    def _holders_of(self, word: Word) -> Documents:
        table = self._segment.tables[table_name(word.fields)]
        documents = self.union([table.documents_of(form) for form in self.forms(word)])
        if table.has_only(word.fields) and not self._segment.deleted:
            return documents
        mask = self._marked(word, documents)
        return documents if mask.all() else documents[mask]

    def _runs_of(self, word: Word) -> _Runs:
        return self._runs_in(word, word.fields)

    def _searched_runs(self, word: Word) -> _Runs:
        return self._runs(word) if word.fields == SEARCHED else self._runs_in(word, SEARCHED)

    def _runs_in(self, word: Word, fields: tuple[TextField, ...]) -> _Runs:
        """The postings of a word with its positions in some fields."""
        table = self._segment.tables[table_name(word.fields)]
        columns = [table.fields[field] for field in fields]
        return _Runs(
            (
                int(table.offsets[form]),
                int(table.offsets[form + 1]),
                1.0 if table.terms[form] == word.term else OTHER_FORM,
                tuple([int(column.starts[form]) for column in columns]),
            )
            for form in self.forms(word)
        )

    def _field_norms_of(self, key: tuple[tuple[TextField, ...], MeanLengths]) -> Norms:
        fields, mean_lengths = key
        return tuple(
            self._norms_by_document((field, mean_lengths[WITH_BODY.index(field)]))
            if field in WITH_BODY
            else FIELD_WEIGHTS[field].weight
            for field in fields
        )

    def _table(self, fields: tuple[TextField, ...]) -> "Table":
        """The table with some fields of those that share one."""
        table = self._tables.get(fields)
        if table is None:
            source = self._segment.tables[table_name(fields)]
            columns = [source.fields[field] for field in fields]
            arrays = tuple(
                (column.frequencies, column.positions) if len(column.positions) else (None, None) for column in columns
            )
            live = self._segment.live if self._segment.deleted else None
            table = Table(self._segment.size, source.documents, arrays, live, source.has_only(fields))
            self._tables[fields] = table
        return table


def _holders_bytes(word: Word, holders: Documents) -> int:
    """The bytes of the documents of a word; those of a word in one form are part of the segment."""
    return leaf_bytes(word, holders) - (0 if holders.base is None else holders.nbytes)


def _norms_bytes(_key: object, norms: Norms) -> int:
    return OVERHEAD + sum(norm.nbytes for norm in norms if not isinstance(norm, float))


def _in_steps(impacts: Scores) -> Steps:
    return np.ceil(impacts * _FULL).astype(np.uint8)


def fastest_words(segment: SegmentArrays, stems: Stems, memory: Memory) -> Words:
    """The words of a segment, looked up by compiled loops if there are any, and else by NumPy."""
    return (CompiledWords if IS_COMPILED else Words)(segment, stems, memory)
