"""Readings of typed words that may have a typing error in them."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np

from indexer.memory import OVERHEAD, Memory, plain_bytes
from indexer.text.analysis import BOUNDARY
from indexer.text.typed_prefix import TypedPrefix
from indexer.whoosh_engine.matching.vocabulary import Typed, Vocabulary
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.term_table import TABLES, TermTable

_MOST_WORDS = 8  # longer texts are taken as they are
_LONGEST = 40  # and longer words
_WRONG_WORDS = 2  # so many words are corrected at a time
_CORRECTIONS = 4  # of each word that are tried
_TRIED = 12  # readings of a text, those with one wrong word and those with two


class TypoReadings:
    """Corrects words to those that visible documents have."""

    def __init__(self, vocabularies: Sequence[tuple[Vocabulary, Mask]], memory: Memory) -> None:
        """Take the vocabulary of each segment, with its documents that are visible."""
        self._vocabularies = vocabularies
        self._tables = [(vocabulary.tables[name], mask) for vocabulary, mask in vocabularies for name in TABLES]
        self._corrections = memory.kept("corrections", _size, self._corrections_of)
        """Terms that may have been meant, with the number of errors: the fewest first, and then the most frequent."""

    def of(self, typed: TypedPrefix) -> Iterator[list[TypedPrefix]]:
        """Readings with one corrected word, and then with two; each time those with the fewest errors first."""
        words = [(word, False) for word in typed.words]
        if typed.prefix:
            words.append((typed.prefix, True))
        if len(words) > _MOST_WORDS:
            return
        unknown = {index for index, word in enumerate(words) if word[0] != BOUNDARY and not self._is_known(*word)}
        for count in range(max(len(unknown), 1), min(len(words), _WRONG_WORDS) + 1):
            readings: list[tuple[int, TypedPrefix]] = []
            for wrong in combinations(range(len(words)), count):
                if unknown <= set(wrong):
                    readings += self._readings(typed, words, wrong)
            readings.sort(key=lambda reading: reading[0])
            yield [reading for _, reading in readings[:_TRIED]]

    def _readings(
        self, typed: TypedPrefix, words: Sequence[tuple[str, bool]], wrong: Sequence[int]
    ) -> Iterator[tuple[int, TypedPrefix]]:
        """The number of errors and the reading, for each way to correct the words at the indexes `wrong`."""
        for corrections in product(*(self._corrections(words[index]) for index in wrong)):
            corrected = [word for word, _ in words]
            for index, (_, term) in zip(wrong, corrections, strict=True):
                corrected[index] = term
            split = len(typed.words)
            reading = TypedPrefix(tuple(corrected[:split]), "".join(corrected[split:]))
            yield sum(errors for errors, _ in corrections), reading

    def _is_known(self, word: str, is_prefix: bool) -> bool:  # noqa: FBT001  # half of what a word is
        return self._postings(word, is_prefix=is_prefix) > 0

    def _corrections_of(self, typed: tuple[str, bool]) -> Sequence[tuple[int, str]]:
        word, is_prefix = typed
        if len(word) > _LONGEST:
            return []
        errors_in: dict[str, int] = {}
        for vocabulary, _ in self._vocabularies:
            for name, fields in TABLES.items():
                if is_prefix:
                    errors_in |= vocabulary.beginnings(word, name)
                else:
                    errors_in |= {
                        term: errors for term, (errors, _) in vocabulary.corrections(Typed(word, fields)).items()
                    }
        counted = [(errors, self._postings(form, is_prefix=is_prefix), form) for form, errors in errors_in.items()]
        ranked = sorted((errors, -count, form) for errors, count, form in counted if count)
        return [(errors, form) for errors, _, form in ranked[:_CORRECTIONS]]

    def _postings(self, word: str, *, is_prefix: bool) -> int:
        """The number of postings of visible documents of a word, or of all words that begin with it."""
        return sum(
            _visible(table, visible, _numbers(word, table, is_prefix=is_prefix)) for table, visible in self._tables
        )


def _size(typed: tuple[str, bool], corrections: Sequence[tuple[int, str]]) -> int:
    return OVERHEAD + plain_bytes(typed) + plain_bytes(corrections)


def _numbers(word: str, table: TermTable, *, is_prefix: bool) -> range:
    """The numbers of a word, or of all that begin with it."""
    if is_prefix:
        return table.beginning_with(word)
    number = table.number(word)
    return range(0) if number is None else range(number, number + 1)


def _visible(table: TermTable, visible: Mask, numbers: range) -> int:
    """The number of postings of visible documents of these terms, which lie side by side."""
    documents = table.documents[table.offsets[numbers.start] : table.offsets[numbers.stop]]
    return int(np.count_nonzero(visible[documents]))
