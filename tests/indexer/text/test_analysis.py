"""Text to terms."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query import tree
from indexer.text.analysis import BOUNDARY, fold, parted_terms, parted_tokens, plain_words, terms, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" -- ... !? ", ""),
        ("IT is to be in the US, not us", "it is to be in the us not us"),
        ("café CAFÉ cafe\u0301 CAFE\u0301", "cafe cafe cafe cafe"),
        ("Straße STRASSE", "strasse strasse"),
        ("İstanbul \u0131stanbul ISTANBUL", "istanbul istanbul istanbul"),
        ("Ångström smørrebrød Łódź þing Œuvre Æsir", "angstrom smorrebrod lodz thing oeuvre aesir"),
        ("ΑΘΉΝΑ Αθήνα ὁδός", "αθηνα αθηνα οδοσ"),
        ("Москва́ ёж Йод", "москва еж иод"),
        ("ﬁne Ⅷ x² \uff37\uff49\uff44\uff45", "fine viii x2 wide"),
        ("foo_bar @user #tag a/b R&D", "foo bar user tag a b r d"),
        ("3.14 1,000 10:30 2020-02-06", "3 14 1000 10 30 2020 02 06"),
        ("https://daily.example/a-b", "https daily example a b"),
    ],
)
def test_words_lose_case_accents_and_signs_but_none_is_dropped(text: str, expected: str) -> None:
    assert terms(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C++ c++, (C++) C++11", "c++ c++ c++ c++ 11"),
        ("C# F#, but tag#", "c# f# but tag"),
        ("C + + and c+", "c and c"),
        (".NET and (.net), not ASP.NET", ".net and .net not asp net"),
        ("U.S. U.S A.I. e.g. U.S.A.", "us us ai eg usa"),
        ("a.bc ab.c É.U. E\u0301.U.", "a bc ab c eu eu"),
        ("5G 4K GPT-4 GPT4 GPT 4", "5g 4k gpt 4 gpt4 gpt 4"),
    ],
)
def test_names_that_live_by_their_signs_keep_them(text: str, expected: str) -> None:
    assert terms(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller's MÜLLER\u2019S dogs' it's", "muller muller dogs it"),
        ("O'Brien's l'été don't rock'n'roll", "o brien l ete don t rock n roll"),
        ("'s 'sad' x's'y", "s sad x y"),
    ],
)
def test_a_possessive_does_not_count(text: str, expected: str) -> None:
    assert terms(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東京タワー", "東 京 タ ワ ー"),
        ("日本語でGPT-4を使う", "日 本 語 で gpt 4 を 使 う"),
        ("が か\u3099", "が が"),
        ("กรุงเทพ", "ก รุ ง เ ท พ"),
        ("ខ្មែរ", "ខ្ មែ រ"),
        ("हिन्दी में", "हिन्दी में"),
        ("한국어 뉴스", "한국어 뉴스"),
        ("العَرَبِيَّة שָׁלוֹם", "العربية שלום"),
    ],
)
def test_every_script_has_terms_and_keeps_the_vowels_that_are_always_written(text: str, expected: str) -> None:
    # Scripts without spaces are one term a character; marks that are vowels are no accents.
    assert [unicodedata.normalize("NFC", term) for term in terms(text)] == [
        unicodedata.normalize("NFC", term) for term in expected.split()
    ]


@pytest.mark.parametrize(("text", "expected"), [("👍🏽 ok👍", "👍 ok 👍"), ("👩‍💻", "👩 💻"), ("❤️", "❤")])
def test_an_emoji_is_a_term_whatever_its_skin(text: str, expected: str) -> None:
    assert terms(text) == expected.split()


anything = st.text(st.characters(), max_size=60)


@given(anything)
@example("\ud800 a")
def test_any_text_has_terms_without_space_case_or_latin_accents(text: str) -> None:
    for term in terms(text):
        assert term
        assert term == term.lower()
        assert not any("\u0300" <= character <= "\u036f" for character in unicodedata.normalize("NFD", term))


@given(st.lists(st.text("abcxyzäöüßéñçøłвжωλ0189", min_size=1, max_size=8), max_size=6))
def test_terms_of_plain_words_are_their_own_terms(words: list[str]) -> None:
    # Everything that the index holds can be typed.
    found = terms(" ".join(words))
    assert terms(" ".join(found)) == found
    assert [fold(term) for term in found] == found


@given(anything, anything)
def test_terms_on_both_sides_of_a_gap_do_not_touch(left: str, right: str) -> None:
    assert terms(f"{left} | {right}") == terms(left) + terms(right)


@given(st.text("abcÄÖÜ 'é.+#5東👍", max_size=60))
def test_neither_case_nor_how_accents_are_written_matters(text: str) -> None:
    expected = terms(text)
    assert terms(text.upper()) == terms(text.lower()) == expected
    assert terms(unicodedata.normalize("NFD", text)) == expected


ascii_texts = st.text("abcS.sS'+#59-_/@ ", max_size=40) | st.text(st.characters(max_codepoint=127), max_size=40)


@settings(max_examples=300)
@given(ascii_texts)
@example("x.'s a.'s 'S U.S.'s C#'s a.b's.c .a.b C+++ a++#")
def test_plain_text_has_the_terms_it_has_among_other_text(text: str) -> None:
    # Text in ASCII goes a way of its own, which is faster; an ellipsis has no terms, and keeps text from going it.
    assert terms(text) == terms(f"{text} \u2026")


@settings(max_examples=5)
@given(st.text("aA.+#'-東ä ", min_size=1, max_size=6))
def test_a_long_text_takes_no_longer_than_its_length_explains(piece: str) -> None:
    # 200,000 characters would take minutes if the pattern went back and forth.
    count = 200_000 // len(piece)
    assert len(terms(piece * count)) <= 200_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,250 1'250 1\u2019250 1\u00a0250 1\u202f250 1\u066c250", "1250 1250 1250 1250 1250 1250"),
        ("1,250,000 12,50,000 1,250.50 $1,250m", "1250000 1250000 1250 50 1250m"),
        ("0,250 1,25 12,345,67 1,2345 1250,000 x1,250", "0 250 1 25 12 345 67 1 2345 1250 000 x1 250"),
        ("1,250'000 1'250,50 1 250 3.500 12:300", "1 250 000 1250 50 1 250 3 500 12 300"),
        ("1990's 1990s '80's GPT-4's 747's", "1990 s 1990s 80 s gpt 4 747"),
        ("٢٠٢٤ ๑๒๓ १,२५०", "2024 123 1250"),
    ],
)
def test_thousands_are_joined_and_nothing_else_of_numbers(text: str, expected: str) -> None:
    assert terms(text) == expected.split()


UNSEEN = "\u00ad\u034f\u061c\u200c\u200d\u200e\u2060\ufeff\ufe0f\u0640"


@given(st.lists(st.text("abé東한ب5", min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_what_nobody_sees_neither_breaks_nor_makes_a_word(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    hidden = "".join(character + data.draw(st.sampled_from(["", *UNSEEN])) for character in text)
    assert terms(hidden) == terms(text)
    assert terms(text.replace(" ", "\u200b")) == terms(text)
    assert terms(UNSEEN) == []


pieces = st.text(
    "\u00ad\u2060\u200b\u0640\u02bc1250,\u00a0\u0e33\uff76\uff9e"
    "abS.s'\u2019+#5é東京ß\u0301\u0489\u3099か👍🏽👩\u200d💻ᄒ\u1161한\u11abกำ️ -क्षİ ",
    max_size=12,
)


@settings(max_examples=500)
@given(anything | pieces | ascii_texts)
@example("a.b's.c C's++ dog's\u0489 .Nx\u030c a's's.b")
def test_tokens_are_the_terms_with_the_places_where_they_were_written(text: str) -> None:
    found = tokens(text)
    assert [token.term for token in found] == terms(text)
    for term, start, end in found:
        assert 0 <= start < end <= len(text)
        assert term in terms(text[start:end])
        assert unicodedata.category(text[end : end + 1] or " ")[0] != "M"
    if "\u200d" not in text:  # which joins emoji into one
        assert [terms(text[start:end]) for _, start, end in found] == [[term] for term in terms(text)]
        assert all(left.end <= right.start for left, right in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller's C++", "Müller C++"),
        ("U.S., A.I.", "U.S A.I"),
        ("cafe\u0301s E\u0301.U.", "cafe\u0301s E\u0301.U"),
        ("\u1112\u1161\u11ab국", "\u1112\u1161\u11ab국"),
        ("👍🏽 ok👍", "👍🏽 ok 👍"),
        ("a 👩\u200d💻", "a 👩\u200d💻 👩\u200d💻"),
        ("東か\u3099", "東 か\u3099"),
        ("Bundes\u00adver\u00adfassung!", "Bundes\u00adver\u00adfassung"),
        ("5\ufe0f\u20e3.", "5\ufe0f\u20e3"),
        ("1,250,000.", "1,250,000"),
        ("\uff76\uff9e\uff72\uff84\uff9e", "\uff76\uff9e \uff72 \uff84\uff9e"),
        ("น้ำ ນ້ຳ", "น้ำ ນ້ຳ"),
        ("שָׁלוֹם!", "שָׁלוֹם"),
    ],
)
def test_the_place_of_a_token_is_what_a_reader_sees_of_it(text: str, expected: str) -> None:
    assert [text[start:end] for _, start, end in tokens(text)] == expected.split()


@given(st.text("abS.s'\u2019+#5éÉøŁ“” -…", max_size=20) | ascii_texts)
@example("Zo\u00eb\u2019s “café” \u2013 £5")
def test_runs_of_plain_words_are_the_terms(text: str) -> None:
    plain = plain_words(text)
    if plain is not None:
        assert len(plain) == len(text)
        assert "".join(letter if letter.isalnum() else " " for letter in plain).split() == terms(text)


def test_western_text_is_plain_and_no_other_is() -> None:
    assert plain_words("Zoë\u2019s “Straßen”") is None
    assert plain_words("Zoë\u2019s “CAFÉ” \u2013 £5") == "zoe    cafe     5"
    assert plain_words("U.S. news") is None


@pytest.mark.parametrize("block", range(0x80, 0x2200, 0x80))
def test_whatever_the_character_tokens_are_the_terms(block: int) -> None:
    # Some characters take the place of others where that is faster.
    for code in range(block, block + 0x80):
        text = "{0} x{0}y .{0}x {0}++ {0}.{0} x{0}s {0}'s".format(chr(code))
        assert [token.term for token in tokens(text)] == terms(text), hex(code)


def test_vowel_signs_that_people_leave_out_do_not_count() -> None:
    assert terms("مصباحًا") == terms("مصباحا")
    assert terms("שָׁלוֹם") == terms("שלום")
    assert terms("हिन्दी") != terms("हनद")  # these are always written


def test_marks_beyond_thirty_on_a_letter_do_not_count():
    """Time to normalize them grows with the square of their number."""
    marks = "\u0940\u0327"  # a vowel sign and an accent
    text = f"x{50_000 * marks} y{15 * marks}"
    assert [token.term for token in tokens(text)] == terms(text)
    assert max(map(len, terms(text))) <= 31
    assert [(token.start, token.end) for token in tokens(text)] == [(0, 100_001), (100_002, 100_033)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("関東、京都", "関 東 | 京 都"),
        ("関東 京都", "関 東 京 都"),
        ("関東\u00ad京都", "関 東 京 都"),
        ("ジョン・スミス", "ジ ョ ン ス ミ ス"),
        ("東京, AI; 技術!", "東 京 ai 技 術"),
        ("facial, recognition", "facial recognition"),
        ("「東」「京」", "東 | 京"),
        ("東\u0301、京", "東 | 京"),
    ],
)
def test_punctuation_parts_text_that_has_no_spaces(text: str, expected: str):
    assert parted_terms(text) == expected.split()


@given(st.text(st.sampled_from("東京タ、。・ -ก\u0e33a1'\u00ad\u200b\u0301\U0001f1e9ｶﾞ")) | st.text())
def test_parted_tokens_are_the_parted_terms_with_their_places(text: str):
    found = parted_tokens(text)
    assert [token.term for token in found] == parted_terms(text)
    assert [token for token in found if token.term != BOUNDARY] == tokens(text)
    assert all(0 <= start <= end <= len(text) for _, start, end in found)


def test_the_boundary_of_queries_is_that_of_texts():
    assert tree.BOUNDARY_OF_TEXTS == BOUNDARY
