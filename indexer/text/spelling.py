"""Typing errors: how many are forgiven in a word, and how many lie between two words."""

from collections.abc import Iterator, Sequence
from unicodedata import category, name

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

# The letters that a word has at least for errors to be forgiven in it:
_ONE_ERROR = 4
_TWO_ERRORS = 8
_FIRST_LETTER = 8  # an error in its first letter
_GUESS = 3  # for any guess; what is guessed has as many
_OTHER_LETTERS = 25


def typos_allowed(term: str) -> int:
    """The number of errors forgiven in a term: none in short ones and in those with more than letters, such as gpt4."""
    if len(term) < _ONE_ERROR or not is_word(term):
        return 0
    return 1 if len(term) < _TWO_ERRORS else 2


def is_word(term: str) -> bool:
    """True if a term is nothing but letters and their marks."""
    return term.isalpha() or all(category(character)[0] in "LM" for character in term)


def may_be_guessed(term: str) -> bool:
    """True if another word may be offered for a term by looser rules: it is a word, and not too short."""
    return len(term) >= _GUESS and is_word(term)


def may_begin_with_another_letter(term: str) -> bool:
    """True if an error in the first letter is forgiven: it is the letter that is rarely mistyped."""
    return len(term) >= _FIRST_LETTER


def likelihood(typed: str, meant: str) -> int:
    """The likelihood that one error makes `typed` of `meant`, compared with a letter added or replaced.

    A letter can be left out, or swapped with its neighbour, in one way; another can take its place in 25.
    """
    is_swap_or_gap = len(meant) == len(typed) + 1 or sorted(meant) == sorted(typed)
    return _OTHER_LETTERS if is_swap_or_gap else 1


def is_slip(typed: str, meant: str) -> bool:
    """True if a letter was left out, added or swapped with its neighbour, and words do not differ by an ending alone.

    >>> is_slip("leavs", "leaves"), is_slip("price", "prices")
    (True, False)
    """
    is_ending = typed.startswith(meant) or meant.startswith(typed)
    return not is_ending and (len(typed) != len(meant) or sorted(typed) == sorted(meant))


def misspellings(typed: str, terms: Sequence[str], *, loosely: bool = False) -> Iterator[tuple[int, int]]:
    """The places of the terms that may have been meant, and how many errors that takes: at least one.

    `loosely` tells what may be guessed where nothing may be forgiven: one error, in the first letter or a short word.

    Letters left out, added, replaced and two neighbours swapped are one error each: optimal string alignment, of
    which L. Boytsov, Indexing Methods for Approximate Dictionary Searching, 2011, gives an account.
    """
    allowed = 1 if loosely else typos_allowed(typed)
    distances = process.cdist([typed], terms, scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8)[0]
    for place in np.flatnonzero((distances > 0) & (distances <= allowed)).tolist():
        is_likely = loosely or may_begin_with_another_letter(typed) or terms[place][:1] == typed[:1]
        if is_likely and may_be_guessed(terms[place]) and _scripts(terms[place]) <= _scripts(typed):
            yield place, int(distances[place])


def _scripts(term: str) -> set[str]:
    """The scripts of a word, by the names of its letters: LATIN SMALL LETTER A."""
    return {name(character, "").partition(" ")[0] for character in term if category(character)[0] == "L"}


def letters(terms: Sequence[str]) -> NDArray[np.uint64]:
    """The letters of each term, which is not empty, as a set of 64 bits.

    One error changes two bits at the most, so that few terms are left to compare letter by letter.
    """
    if not terms:
        return np.empty(0, dtype=np.uint64)
    starts = np.cumsum([0, *map(len, terms)])[:-1]
    codes = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.bitwise_or.reduceat(np.left_shift(np.uint64(1), codes.astype(np.uint64) & np.uint64(63)), starts)
