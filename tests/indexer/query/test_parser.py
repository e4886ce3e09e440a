"""Typed texts as queries."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query.parser import parse
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, leaves
from indexer.text.analysis import terms, visible
from tests.replacing import replace
from tests.strategies import texts

TITLE, TOPIC, PROVIDER = ((field,) for field in (TextField.TITLE, TextField.TOPIC, TextField.PROVIDER))
NOTHING = Every()


def word(term: str, fields: tuple[TextField, ...] = SEARCHED) -> Word:
    return Word(term, fields)


def phrase(text: str, fields: tuple[TextField, ...] = SEARCHED) -> Phrase:
    return Phrase(tuple(text.split()), fields)


def unfinished(text: str, fields: tuple[TextField, ...] = SEARCHED) -> Phrase:
    return replace(phrase(text, fields), is_open=True)


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
        ("- -a", Without(A)),
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
        ('"" a', A),
        ("\u201ca b\u201d", phrase("a b")),
        ("\u201ea b\u201c c", every(phrase("a b"), C)),
        ("\u00aba b\u00bb \u00bbb c\u00ab", every(phrase("a b"), phrase("b c"))),
        ("\u300ca b\u300d\u300eb c\u300f", every(phrase("a b"), phrase("b c"))),
        ("-\u2033a b\u2033", Without(phrase("a b"))),
        ("title:\u201ca b\u201d", phrase("a b", TITLE)),
        ("\u2018a b\u2019", every(A, B)),
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
        ("GPT-4*", some(unfinished("gpt 4"), Prefix("gpt4"))),
        ("wi-fi*", some(unfinished("wi fi"), Prefix("wifi"))),
        ("topic:wi-fi*", some(unfinished("wi fi", TOPIC), Prefix("wifi", TOPIC))),
        ("-wi-fi*", Without(some(unfinished("wi fi"), Prefix("wifi")))),
        ("東京*", unfinished("東 京")),
        ("3.5*", unfinished("3 5")),
        ("1,250*", Prefix("1250")),
        ("topic:mach*", Prefix("mach", TOPIC)),
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
        ("title:! a", A),
        ("title:-a", word("a", TITLE)),
        ("subtitle:a", some(phrase("subtitle a"), word("subtitlea"))),
        ("10:30", phrase("10 30")),
    ],
)
def test_a_fields_name_limits_what_follows_at_once(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize("text", ["GPT-4", "gpt-4", "GPT/4", "GPT_4"])
def test_names_with_a_hyphen_are_also_sought_as_one_word(text: str) -> None:
    assert parse(text) == some(phrase("gpt 4"), word("gpt4"))


def test_names_with_a_number_are_also_sought_as_two_words() -> None:
    assert parse("GPT4") == some(word("gpt4"), phrase("gpt 4"))
    assert parse("GPT4o") == some(word("gpt4o"), phrase("gpt4 o"), phrase("gpt 4o"), phrase("gpt 4 o"))
    assert parse("a1b2c3") == some(word("a1b2c3"), phrase("a 1 b 2 c 3"))
    assert parse("wi-fi-6") == some(phrase("wi fi 6"), word("wifi6"), phrase("wi fi6"))


@pytest.mark.parametrize("text", ["3.5", "9/11", "2-1", "12:30", "2020-02-06", "1/2", "16:9", "0,250", "1,25", "1.250"])
def test_digits_are_never_joined_to_digits(text: str) -> None:
    assert parse(text) == Phrase(tuple(terms(text)))
    assert parse(f"-{text}") == Without(Phrase(tuple(terms(text))))


def test_of_a_name_with_a_number_of_several_parts_letters_are_joined() -> None:
    assert parse("$1.5bn") == some(phrase("1 5bn"), phrase("1 5 bn"))
    assert parse("GPT-3.5") == some(phrase("gpt 3 5"), phrase("gpt3 5"))


@pytest.mark.parametrize(
    "text", ["1,250", "1'250", "1\u2019250", "1\u00a0250", "1\u202f250", "1250", "\u0661\u0662\u0665\u0660"]
)
def test_thousands_are_joined(text: str) -> None:
    assert parse(text) == word("1250")


@pytest.mark.parametrize(
    "text", ["#", "&&", "...", "?", '""', '"', "-", "-!", "*", "title:!", " # ", "\u201c\u201d", "-\u2033\u2033"]
)
def test_a_text_of_signs_alone_is_a_word_that_no_article_has(text: str) -> None:
    assert parse(text) == word(text.strip())
    assert text.strip() not in terms(text)


@pytest.mark.parametrize("text", ["", " ", "\u00a0\n", "\u200b", "\u00ad \ufeff"])
def test_a_text_in_which_nothing_is_seen_asks_for_nothing(text: str) -> None:
    assert parse(text) == NOTHING


def test_a_flag_is_a_word() -> None:
    assert parse("\U0001f1e9\U0001f1ea") == word("\U0001f1e9\U0001f1ea")


@pytest.mark.parametrize("text", ["東京-タワー", "C++-C", "é-東"])
def test_only_plain_letters_are_joined(text: str) -> None:
    assert parse(text) == Phrase(tuple(terms(text)))


OPERATORS = ('"', "-", "OR", "*", ":", "title:", "(", ")", " ", "a", "東", "\ud800", "\x00", "'s", ".")
typed = st.text(st.characters(), max_size=30) | st.lists(st.sampled_from(OPERATORS), max_size=20).map("".join) | texts


@given(typed)
@example('"' * 9)
@example("OR " * 9)
@example("-title:-topic:*")
@example(":\u00ad")
def test_no_text_is_an_error_and_nothing_is_made_of_no_words(text: str) -> None:
    sought = [leaf.term if isinstance(leaf, Word) else leaf.prefix for leaf in leaves(parse(text))]
    assert all(sought)
    assert bool(terms(text)) or sought in ([], [visible(text).strip()])
    assert len(sought) <= 4 * len(text)


@given(st.lists(st.sampled_from(("ai", "robots", "the", "café", "c++", "us")), min_size=2, max_size=6))
def test_plain_words_are_each_required_in_their_order(words: list[str]) -> None:
    assert parse(" ".join(words)) == every(*(word(term) for text in words for term in terms(text)))


@settings(max_examples=15)
@given(st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=5).map("".join))
def test_ten_thousand_characters_are_read_as_readily(piece: str) -> None:
    parse((piece * 10_000)[:10_000])
