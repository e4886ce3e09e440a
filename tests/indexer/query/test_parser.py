"""What was typed, as a query."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query.parser import parse
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, leaves
from indexer.text.analysis import terms
from tests.strategies import texts

TITLE, TOPIC, PROVIDER = ((field,) for field in (TextField.TITLE, TextField.TOPIC, TextField.PROVIDER))
NOTHING = Every()


def word(term: str, fields: tuple[TextField, ...] = SEARCHED) -> Word:
    return Word(term, fields)


def phrase(text: str, fields: tuple[TextField, ...] = SEARCHED) -> Phrase:
    return Phrase(tuple(text.split()), fields)


def every(*queries: Query) -> Every:
    return Every(queries)


def some(*queries: Query) -> Some:
    return Some(queries)


A, B, C = map(word, "abc")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", NOTHING),
        (" \t\n", NOTHING),
        ("a", A),
        (" A  b ", every(A, B)),
        ("the IT", every(word("the"), word("it"))),
        ("and AND not", every(word("and"), word("and"), word("not"))),
        ("C++ .NET U.S. 5", every(word("c++"), word(".net"), word("us"), word("5"))),
        ("東京", phrase("東 京")),
        ("👍", word("👍")),
    ],
)
def test_all_words_are_required(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a OR b", some(A, B)),
        ("a OR b OR c", some(A, B, C)),
        ("a b OR c", every(A, some(B, C))),
        ("a OR b c", every(some(A, B), C)),
        ("(a OR b)", some(A, B)),
        ('"a b" OR c', some(phrase("a b"), C)),
        ("a OR -b", some(A, Without(B))),
        ("a OR title:b*", some(A, Prefix("b", TITLE))),
        ("OR", word("or")),
        ("OR a", every(word("or"), A)),
        ("a OR", every(A, word("or"))),
        ("a OR OR", some(A, word("or"))),
        ("a OR OR b", every(some(A, word("or")), B)),
        ("a OR ! b", every(A, word("or"), B)),
        ("a or b", every(A, word("or"), B)),
        ('a "OR" b', every(A, word("or"), B)),
        ("title:OR a", every(word("or", TITLE), A)),
        ("a -OR b", every(A, Without(word("or")), B)),
    ],
)
def test_or_between_two_words_needs_one_of_them_and_is_a_word_elsewhere(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("-a", Without(A)),
        ("a -b", every(A, Without(B))),
        ('-"a b"', Without(phrase("a b"))),
        ("-a*", Without(Prefix("a"))),
        ("-title:a", Without(word("a", TITLE))),
        ("--a", Without(A)),
        ("- a", A),
        ("a -", A),
        ("-", NOTHING),
        ("-!", NOTHING),
        ("-GPT-4", Without(some(phrase("gpt 4"), word("gpt4")))),
    ],
)
def test_a_minus_excludes_what_follows_at_once(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('"a b"', phrase("a b")),
        ('"Müller\'s  Café"', phrase("muller cafe")),
        ('"a"', A),
        ('""', NOTHING),
        ('"', NOTHING),
        ('"""', NOTHING),
        ('"a b', phrase("a b")),
        ('a b"', every(A, B)),
        ('"a b" c"', every(phrase("a b"), C)),
        ('a"b c"', every(A, phrase("b c"))),
        ('"-a OR title:b*"', phrase("a or title b")),
        ('"GPT-4"', phrase("gpt 4")),
    ],
)
def test_quotes_make_a_phrase_also_where_one_is_missing(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("run*", Prefix("run")),
        ("Café*", Prefix("cafe")),
        ("c++*", Prefix("c++")),
        ("GPT-4*", every(word("gpt"), Prefix("4"))),
        ("topic:mach*", Prefix("mach", TOPIC)),
        ("*", NOTHING),
        ("* a", A),
        ("*a", A),
        ("a*b", some(phrase("a b"), word("ab"))),
        ('"run*"', word("run")),
    ],
)
def test_an_asterisk_at_the_end_leaves_the_end_open(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("title:a", word("a", TITLE)),
        ("Title:A", word("a", TITLE)),
        ('topic:"a b" c', every(phrase("a b", TOPIC), C)),
        ("provider:daily.example", some(phrase("daily example", PROVIDER), word("dailyexample", PROVIDER))),
        ("title: a", every(word("title"), A)),
        ("title:", word("title")),
        ("title:!", NOTHING),
        ("title:-a", word("a", TITLE)),
        ("subtitle:a", some(phrase("subtitle a"), word("subtitlea"))),
        ("10:30", some(phrase("10 30"), word("1030"))),
    ],
)
def test_a_fields_name_limits_what_follows_at_once(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize("text", ["GPT-4", "gpt-4", "GPT/4", "GPT_4"])
def test_names_with_a_hyphen_are_also_sought_as_one_word(text: str) -> None:
    assert parse(text) == some(phrase("gpt 4"), word("gpt4"))


def test_names_with_a_number_are_also_sought_as_two_words() -> None:
    assert parse("GPT4") == some(word("gpt4"), phrase("gpt 4"))
    assert parse("mp3player") == some(word("mp3player"), phrase("mp 3 player"))


@pytest.mark.parametrize("text", ["東京-タワー", "C++-C", "é-東"])
def test_only_plain_letters_are_joined(text: str) -> None:
    assert parse(text) == Phrase(tuple(terms(text)))


OPERATORS = ('"', "-", "OR", "*", ":", "title:", "(", ")", " ", "a", "東", "\ud800", "\x00", "'s", ".")
typed = st.text(st.characters(), max_size=30) | st.lists(st.sampled_from(OPERATORS), max_size=20).map("".join) | texts


@given(typed)
@example('"' * 9)
@example("OR " * 9)
@example("-title:-topic:*")
def test_no_text_is_an_error_and_nothing_is_made_of_no_words(text: str) -> None:
    sought = [leaf.term if isinstance(leaf, Word) else leaf.prefix for leaf in leaves(parse(text))]
    assert all(sought)
    assert bool(terms(text)) or not sought
    assert len(sought) <= 2 * len(text)


@given(st.lists(st.sampled_from(("ai", "robots", "the", "café", "c++", "us")), min_size=2, max_size=6))
def test_plain_words_are_each_required_in_their_order(words: list[str]) -> None:
    assert parse(" ".join(words)) == every(*(word(term) for text in words for term in terms(text)))


@settings(max_examples=15)
@given(st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=5).map("".join))
def test_ten_thousand_characters_are_read_as_readily(piece: str) -> None:
    parse((piece * 10_000)[:10_000])
