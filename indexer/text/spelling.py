"""Typing errors: how many are forgiven in a word, and how many lie between two words."""

from collections.abc import Iterator, Sequence
from unicodedata import category

from rapidfuzz import process
from rapidfuzz.distance import OSA

_FORGIVING = 4  # letters a word has at least for one error to be forgiven
_MORE_FORGIVING = 8  # and for two, and for an error in the first letter
_OTHER_LETTERS = 25


def typos_allowed(term: str) -> int:
    """How many errors are forgiven in a term: none in short ones and in what is more than letters, such as gpt4."""
    if len(term) < _FORGIVING or not is_word(term):
        return 0
    return 1 if len(term) < _MORE_FORGIVING else 2


def is_word(term: str) -> bool:
    """Whether a term is nothing but letters and their marks."""
    return term.isalpha() or all(category(character)[0] in "LM" for character in term)


def may_begin_with_another_letter(term: str) -> bool:
    """Whether an error in the first letter is forgiven: it is the letter that is rarely mistyped."""
    return len(term) >= _MORE_FORGIVING


def likelihood(typed: str, meant: str) -> int:
    """How likely one error makes `typed` of `meant`, compared with a letter added or replaced.

    A letter can be left out, or swapped with its neighbour, in one way; another can take its place in 25.
    """
    is_swap_or_gap = len(meant) == len(typed) + 1 or sorted(meant) == sorted(typed)
    return _OTHER_LETTERS if is_swap_or_gap else 1


def misspellings(typed: str, terms: Sequence[str], *, loosely: bool = False) -> Iterator[tuple[int, int]]:
    """The places of the terms that may have been meant, and how many errors that takes: at least one.

    `loosely` tells what may be guessed where nothing may be forgiven: one error, in the first letter or a short word.

    Letters left out, added, replaced and two neighbours swapped are one error each: optimal string alignment, of
    which L. Boytsov, Indexing Methods for Approximate Dictionary Searching, 2011, gives an account.
    """
    allowed = 1 if loosely else typos_allowed(typed)
    for _, distance, place in process.extract_iter(typed, terms, scorer=OSA.distance, score_cutoff=allowed):
        is_likely = loosely or may_begin_with_another_letter(typed) or terms[place][:1] == typed[:1]
        if distance and is_likely and is_word(terms[place]):
            yield place, int(distance)
