"""Readings of typed words that may have a typing error in them."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Protocol

from indexer.text.analysis import BOUNDARY
from indexer.text.typed_prefix import TypedPrefix

CORRECTIONS = 4
"""Of each word that are tried."""

LONGEST_CORRECTED = 40
"""Letters of a word."""

_MOST_WORDS = 8  # longer texts are taken as they are
_WRONG_WORDS = 2  # so many words are corrected at a time
_TRIED = 12  # readings of a text, those with one wrong word and those with two

Typed = tuple[str, bool]
"""A word as it was typed, and whether it is the beginning of one."""


class TypedWords(Protocol):
    """Facts about typed words in visible articles."""

    def is_known(self, word: Typed) -> bool:
        """Tell whether an article has a word, or one that begins with it."""

    def corrections(self, word: Typed) -> Sequence[tuple[int, str]]:
        """The best `CORRECTIONS` terms or beginnings that may have been meant, with the errors: the fewest first."""


def best_corrections(forms: Sequence[tuple[int, int, str]]) -> list[tuple[int, str]]:
    """The best of some terms, given as errors, postings and term: those with few errors, and then the most frequent."""
    ranked = sorted((errors, -postings, form) for errors, postings, form in forms if postings)
    return [(errors, form) for errors, _, form in ranked[:CORRECTIONS]]


def typo_readings(typed: TypedPrefix, known: TypedWords) -> Iterator[list[TypedPrefix]]:
    """Readings with one corrected word, and then with two; each time those with the fewest errors first."""
    words = [(word, False) for word in typed.words]
    if typed.prefix:
        words.append((typed.prefix, True))
    if len(words) > _MOST_WORDS:
        return
    unknown = {index for index, word in enumerate(words) if word[0] != BOUNDARY and not known.is_known(word)}
    for count in range(max(len(unknown), 1), min(len(words), _WRONG_WORDS) + 1):
        readings: list[tuple[int, TypedPrefix]] = []
        for wrong in combinations(range(len(words)), count):
            if unknown <= set(wrong):
                readings += _readings(typed, words, wrong, known)
        readings.sort(key=lambda reading: reading[0])
        yield [reading for _, reading in readings[:_TRIED]]


def _readings(
    typed: TypedPrefix, words: Sequence[Typed], wrong: Sequence[int], known: TypedWords
) -> Iterator[tuple[int, TypedPrefix]]:
    """The number of errors and the reading, for each way to correct the words at the indexes `wrong`."""
    for corrections in product(*(known.corrections(words[index]) for index in wrong)):
        corrected = [word for word, _ in words]
        for index, (_, term) in zip(wrong, corrections, strict=True):
            corrected[index] = term
        split = len(typed.words)
        reading = TypedPrefix(tuple(corrected[:split]), "".join(corrected[split:]))
        yield sum(errors for errors, _ in corrections), reading
