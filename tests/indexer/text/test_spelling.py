"""Typing errors that are forgiven."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.spelling import letters, misspellings, typos_allowed

words = st.text("abé", min_size=1, max_size=10)


def errors_between(first: str, second: str) -> int:
    """Optimal string alignment by its recurrence, as slow as it stands."""
    table = {(row, 0): row for row in range(len(first) + 1)} | {
        (0, column): column for column in range(len(second) + 1)
    }
    for row, one in enumerate(first, 1):
        for column, other in enumerate(second, 1):
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (one != other),
            )
            if row > 1 and column > 1 and one == second[column - 2] and first[row - 2] == other:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(first), len(second)]


@pytest.mark.parametrize(
    ("term", "allowed"),
    [("", 0), ("usa", 0), ("oils", 1), ("company", 1), ("reserves", 2), ("gpt4444", 0), ("c++++", 0), ("größere", 1)],
)
def test_longer_words_are_forgiven_more(term: str, allowed: int) -> None:
    assert typos_allowed(term) == allowed


@given(words, st.lists(words, max_size=20))
def test_misspellings_are_the_terms_within_the_errors_allowed(typed: str, terms: list[str]) -> None:
    expected = {
        (place, errors)
        for place, term in enumerate(terms)
        if 0 < (errors := errors_between(typed, term)) <= typos_allowed(typed)
        and (len(typed) >= 8 or term[0] == typed[0])
    }
    assert set(misspellings(typed, terms)) == expected


def test_a_swap_of_neighbours_is_one_error() -> None:
    assert [*misspellings("govermnent", ["government"])] == [(0, 1)]
    assert [*misspellings("goverment", ["government"])] == [(0, 1)]
    assert [*misspellings("prcie", ["price"])] == [(0, 1)]


def test_the_first_letter_of_a_short_word_is_what_it_is() -> None:
    assert not [*misspellings("price", ["drice"])]
    assert [*misspellings("conomist", ["economist"])] == [(0, 1)]


@given(st.text("abé\U0001f600\ud800", min_size=1, max_size=6), st.text("abé\U0001f600z", min_size=1, max_size=6))
def test_an_error_changes_two_letters_of_a_set_at_the_most(typed: str, meant: str) -> None:
    ours, theirs = letters([typed, meant]).tolist()
    assert (ours ^ theirs).bit_count() <= 2 * errors_between(typed, meant)


def test_comparing_words_leaves_no_garbage() -> None:
    """An iterator of rapidfuzz is a cycle that holds all terms until the collector comes."""
    terms = [f"word{chr(97 + number % 26)}" for number in range(100)]
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            assert [*misspellings("wordzz", terms)]
        assert gc.collect() < 10
    finally:
        gc.enable()
