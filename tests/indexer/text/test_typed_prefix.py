"""Typed words: whole ones and a beginning, and their places in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.analysis import terms, tokens
from indexer.text.typed_prefix import TypedPrefix, read_typed, typed_ranges
from tests.strategies import WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rob", TypedPrefix((), "rob")),
        ("Café rob", TypedPrefix(("cafe",), "rob")),
        ("new york ", TypedPrefix(("new", "york"), "")),
        ("new york\t", TypedPrefix(("new", "york"), "")),
        ("  U.S. st", TypedPrefix(("us",), "st")),
        ("東京", TypedPrefix(("東",), "京")),
        ("c++", TypedPrefix((), "c++")),
        ("", None),
        (" \n", None),
        ("?!", None),
    ],
)
def test_the_last_word_is_a_beginning_unless_a_space_follows(text: str, expected: TypedPrefix | None):
    assert read_typed(text) == expected


@pytest.mark.parametrize(
    ("key", "is_begun"),
    [("new york", True), ("new yorker", True), ("new", False), ("a new york", False), ("newyork", False)],
)
def test_a_text_begins_with_whole_words_and_a_beginning(key: str, *, is_begun: bool):
    assert TypedPrefix(("new",), "yo").begins(key) is is_begun


def test_after_a_space_the_text_may_end_or_go_on_with_another_word():
    assert [TypedPrefix(("new",), "").begins(key) for key in ("new", "new york", "newer")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("New York opens", "new yo", ["New", "Yo"]),
        ("York and New York", "york n", ["York", "N"]),
        ("Newer news", "new", ["New"]),
        ("Net net", "net n", ["Net", "n"]),
        ("Müller's Café", "mull", ["Müll"]),
        ("Cafe\u0301 opens", "cafe", ["Cafe\u0301"]),
        ("Cafe\u0301s open", "cafe", ["Cafe\u0301"]),
        ("Élan", "e", ["É"]),
        ("Æsop", "ae", ["Æ"]),
        ("Æsop", "a", ["Æ"]),
        ("The U.S.A. today", "us", ["U.S"]),
        ("C++ for all", "c++", ["C++"]),
        ("東京の夏", "東京", ["東京"]),
        ("Nothing of it", "robots", []),
        ("👩‍🚀 lands", "👩", ["👩‍🚀"]),
    ],
)
def test_what_was_typed_is_marked_where_the_text_has_it_first(text: str, typed: str, marked: list[str]):
    read = read_typed(typed)
    assert read is not None
    assert [text[start:end] for start, end in typed_ranges(text, tokens(text), read)] == marked


@given(text=st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join), typed=st.text() | st.sampled_from(WORDS))
def test_ranges_ascend_apart_from_each_other_within_the_text(text: str, typed: str):
    read = read_typed(typed)
    if read is not None:
        bounds = [bound for each in typed_ranges(text, tokens(text), read) for bound in each]
        assert bounds == sorted(set(bounds))
        assert all(0 <= bound <= len(text) for bound in bounds)


@given(text=st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join), end=st.integers(0, 40))
def test_a_text_that_fits_has_something_marked(text: str, end: int):
    read = read_typed(text[:end])
    if read is not None and read.is_among(terms(text)):
        assert typed_ranges(text, tokens(text), read)


def test_no_mark_parts_a_letter_from_the_vowel_on_it() -> None:
    text = "กำแพง"
    assert typed_ranges(text, tokens(text), TypedPrefix((), "ก")) == ((0, 2),)
