"""Marked text as HTML, whole and in fragments."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.marked_text import Fragment, MarkedRange, MarkedText


def marked(text: str, *, words: str = "xyz") -> MarkedText:
    """The text with every word marked that consists of one of these letters."""
    found = [
        MarkedRange(match.start(), match.end(), (match[0][0],)) for match in re.finditer(rf"\b([{words}])\1*\b", text)
    ]
    result = MarkedText.of(text, found)
    assert result
    return result


def test_everything_but_the_marks_is_escaped():
    text = marked("""x & <x> "x" 'x'""")
    assert text.html("em") == ("<em>x</em> &amp; &lt;<em>x</em>&gt; &quot;<em>x</em>&quot; &#x27;<em>x</em>&#x27;")


def test_overlapping_matches_become_one_and_touching_ones_stay_two():
    found = [MarkedRange(4, 6, ("c",)), MarkedRange(0, 3, ("a", "b")), MarkedRange(2, 4, ("b",))]
    expected = (MarkedRange(0, 4, ("a", "b")), MarkedRange(4, 6, ("c",)))
    assert MarkedText.of("abcdef", found) == MarkedText("abcdef", expected)


def test_a_text_without_matches_is_none():
    assert MarkedText.of("abc", []) is None


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("one x two", 9, "one <b>x</b> two"),
        ("one x two", 2000, "one <b>x</b> two"),
        ("one x two", 8, "…<b>x</b> two"),
        ("one x two", 1, "…<b>x</b>…"),
        ("one xxxxxx two", 3, "…<b>xxxxxx</b>…"),
        ("  x  ", 1, "<b>x</b>"),
        ("a b c d x e f g h", 9, "…c d <b>x</b> e f…"),
        ("x a b c d e f", 7, "<b>x</b> a b c…"),
        ("a b c d e f x", 7, "…d e f <b>x</b>"),
        ("(a-b) 'x', c/d", 9, "…&#x27;<b>x</b>&#x27;, c/d"),
        ("日本語で x 東京タワー", 7, "…語で <b>x</b> 東京…"),
        ("https://a.example/x/b", 5, "…<b>x</b>/b"),
        ("https://a.example/x/article", 5, "…<b>x</b>…"),
    ],
)
def test_a_fragment_is_cut_between_words_and_says_where(text: str, length: int, expected: str):
    assert marked(text).fragment(length).html("b") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x a a a a a a x y a a a a x x", "x y"),
        ("x a a a a a a x x a a a a x", "x x"),
        ("x a a a a a a x a a a a a a", "x a"),
    ],
)
def test_it_shows_most_different_words_then_most_words_then_the_first(text: str, expected: str):
    fragment = marked(text).fragment(3)
    assert text[fragment.start : fragment.end] == expected


def test_of_a_phrase_that_goes_on_beyond_the_rest_is_marked():
    text = MarkedText("a b c x d e f", (MarkedRange(0, 5, ("a", "b", "c")), MarkedRange(6, 7, ("x",))))
    fragment = text.fragment(3)
    assert fragment == Fragment(text.text, (MarkedRange(0, 5, ("a", "b", "c")),), 0, 5)
    narrow = MarkedText("aaaa b x y", (MarkedRange(0, 6, ("a",)), MarkedRange(7, 10, ("x", "y"))))
    assert narrow.fragment(5).html("b") == "…<b>b</b> <b>x y</b>"


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(("x", "yy", "zzz", "a", "bcd", "<e>", "&")), min_size=1, max_size=25), st.integers(1, 40)
)
def test_a_fragment_is_whole_words_of_at_most_the_length_with_their_marks(words: list[str], length: int):
    text = " ".join([*words, "x"])
    whole = marked(text)
    fragment = whole.fragment(length)
    inside = text[fragment.start : fragment.end]
    assert inside == inside.strip()
    assert f" {inside} " in f" {text} "
    assert len(inside) <= max(length, 3)
    assert fragment.matches == tuple(m for m in whole.matches if fragment.start <= m.start and m.end <= fragment.end)
    assert len({m.words for m in fragment.matches}) >= 1
    plain = re.sub("</?em>", "", fragment.html("em"))
    before, after = "…" * (fragment.start > 0), "…" * (fragment.end < len(text))
    assert html.unescape(plain) == before + inside + after


def test_a_long_text_full_of_matches_takes_no_longer_than_its_length_explains():
    fragment = marked("x y " * 50_000).fragment(2000)
    assert len(fragment.matches) == 1000
