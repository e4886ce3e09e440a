"""Matches of a search, marked on the words as written."""

import html
import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query.highlight import Highlighter
from indexer.query.marked_text import MarkedText
from indexer.query.parser import parse
from indexer.query.tree import Every, Phrase, Prefix, Some, TextField, Word, leaves
from indexer.query.understanding import Match, Understanding, UnderstoodWord
from indexer.text.analysis import terms

FORMS = {"recognise": ("recognise", "recognised", "recognition"), "robt": ("robot", "robots"), "cat": ("cat", "cats")}
"""The terms that a typed word stands for, where it is not just itself."""


def understood(text: str) -> Understanding:
    query = parse(text)
    return Understanding(query=query, words=tuple(understood_word(leaf) for leaf in leaves(query)))


def understood_word(leaf: Word | Prefix) -> UnderstoodWord:
    found = FORMS.get(leaf.term, (leaf.term,)) if isinstance(leaf, Word) else ()
    return UnderstoodWord(leaf, Match.EXACT, found)


def marked(search: str, text: str, where: TextField = TextField.TITLE) -> str:
    """The text with brackets around its matches."""
    return brackets(Highlighter(understood(search)).mark(text, where))


def brackets(found: MarkedText | None) -> str:
    if found is None:
        return "nothing"
    text, place, pieces = found.text, 0, []
    for start, end, _ in found.matches:
        pieces += [text[place:start], "[", text[start:end], "]"]
        place = end
    return "".join((*pieces, text[place:]))


@pytest.mark.parametrize(
    ("search", "text", "expected"),
    [
        ("cat", "A cat's CATS, concatenated", "A [cat]'s [CATS], concatenated"),
        ("recognise", "Face recognition", "Face [recognition]"),
        ("robt", "A robot. Robt?", "A [robot]. Robt?"),
        ("cafe", "Café CAFE\u0301 cafés", "[Café] [CAFE\u0301] cafés"),
        ("müller", "Müller\u2019s Muller", "[Müller]\u2019s [Muller]"),
        ("s", "It's S class", "It's [S] class"),
        ("US C++ .net", "U.S. in C++, not C; .NET", "[U.S]. in [C++], not C; [.NET]"),
        ("gpt-4", "GPT-4, GPT4, GPT 5", "[GPT-4], [GPT4], GPT 5"),
        ("שלום", "אמר שלום לך", "אמר [שלום] לך"),
        ("👍 ok", "👍🏽 ok👍", "[👍🏽] [ok][👍]"),
        ("👩", "a 👩\u200d💻!", "a [👩\u200d💻]!"),
        ("東京", "東京で東 京", "[東京]で[東 京]"),
        ("हिन्दी", "में हिन्दी", "में [हिन्दी]"),
        ("한국어", unicodedata.normalize("NFD", "한국어 뉴스"), unicodedata.normalize("NFD", "[한국어] 뉴스")),
        ("dog", "A cat", "nothing"),
        ("dog", "", "nothing"),
        ("", "A cat", "nothing"),
    ],
)
def test_every_form_of_a_word_is_marked_as_it_is_written(search: str, text: str, expected: str):
    assert marked(search, text) == expected


@pytest.mark.parametrize(
    ("search", "text", "expected"),
    [
        ('"face recognise"', "Face recognition; face of recognition", "[Face recognition]; face of recognition"),
        ('"face recognise"', "Face\u2019s  recognised: É.U.", "[Face\u2019s  recognised]: É.U."),
        ('"cat cat"', "cat cat cats, cat", "[cat cat cats, cat]"),
        ('"a b" b', "a b, b a", "[a b], [b] a"),
        ('"a b"', "b a", "nothing"),
        ('"a b"', "a", "nothing"),
        ('"a b c"', "Ab a b a, b. C", "Ab a b [a, b. C]"),
    ],
)
def test_a_phrase_is_marked_only_in_its_sequence_and_as_one_range(search: str, text: str, expected: str):
    assert marked(search, text) == expected


@pytest.mark.parametrize(
    ("search", "text", "expected"),
    [
        ("micro*", "Microsoft's micro-chips: antimicro", "[Microsoft]'s [micro]-chips: antimicro"),
        ("caf*", "Cafe\u0301s 東", "[Cafe\u0301s] 東"),
        ("wi-f*", "Wi-Fi, wi fo, fi wi; wifi", "[Wi-Fi], [wi fo], fi wi; [wifi]"),
        ("東京*", "東京 京東", "[東京] 京東"),
        ("bundesver*", "Bundes\u00adver\u00adfassung.", "[Bundes\u00adver\u00adfassung]."),
        ("ก*", "กำ", "[กำ]"),
        ("u*", "U.S. and USA", "[U.S]. and [USA]"),
        ("c* cats", "Cats", "[Cats]"),
    ],
)
def test_a_prefix_marks_whole_words_that_begin_with_it(search: str, text: str, expected: str):
    assert marked(search, text) == expected


def test_a_misspelt_prefix_marks_the_terms_that_it_stands_for():
    leaf = Prefix("mirco")
    found = Understanding(query=leaf, words=(UnderstoodWord(leaf, Match.FUZZY, ("microsoft",)),))
    assert brackets(Highlighter(found).mark("Microsoft and microscopes", TextField.TITLE)) == (
        "[Microsoft] and microscopes"
    )


def test_a_word_of_one_field_is_not_marked_in_another():
    assert marked("title:cat dog", "cat dog", TextField.TITLE) == "[cat] [dog]"
    assert marked("title:cat dog", "cat dog", TextField.EXCERPT) == "cat [dog]"
    assert marked("topic:cat", "cat", TextField.TITLE) == "nothing"


def test_excluded_words_are_not_marked():
    assert marked('cat -dog -"cat dog"', "cat dog") == "[cat] dog"
    assert marked("-dog", "dog") == "nothing"


def test_either_side_of_or_is_marked():
    assert marked("cat OR dog", "cat dog") == "[cat] [dog]"


def test_words_that_were_given_up_are_marked_where_they_occur():
    words = tuple(understood_word(Word(term)) for term in ("cat", "dog"))
    relaxed = Understanding(query=Word("cat"), words=words, left_out=("dog",))
    assert brackets(Highlighter(relaxed).mark("Cats and dog", TextField.EXCERPT)) == "[Cats] and [dog]"


def test_synonyms_are_marked():
    car, motor = Word("car"), Phrase(("motor", "vehicle"))
    words = (
        UnderstoodWord(car, Match.EXACT, ("car",)),
        UnderstoodWord(car, Match.SYNONYM, ("automobile",)),
        *(UnderstoodWord(word, Match.SYNONYM, (word.term,)) for word in motor.words()),
    )
    found = Understanding(query=Every((Some((car, motor)),)), words=words)
    text = "Car, automobile, motor vehicle, motor"
    assert brackets(Highlighter(found).mark(text, TextField.TITLE)) == "[Car], [automobile], [motor vehicle], motor"


def test_many_terms_are_looked_for_as_few_are():
    leaf = Word("x", (TextField.TITLE,))
    found = Understanding(query=leaf, words=(UnderstoodWord(leaf, Match.FUZZY, tuple(f"x{n}" for n in range(500))),))
    assert brackets(Highlighter(found).mark("x7, x70, x700", TextField.TITLE)) == "[x7], [x70], x700"


searches = st.sampled_from(
    ("cat", "cat dog", '"cat dog"', "ca* -dog", "US OR c++", "東京 👩 ß", '"b i" script', "amp lt 39", "é* s", '"s s"')
)
hostile = st.lists(
    st.sampled_from(
        (
            *(
                "<script>",
                "</mark>",
                "<mark>",
                "&amp;",
                "&lt;b",
                "&",
                "<",
                ">",
                '"',
                "'",
                "<!--",
                "]]>",
                "&#39;",
                "\x00",
            ),
            *(
                "cat",
                "CATS",
                " ",
                "dog",
                "'s",
                "U.S.",
                "C++",
                "東京",
                "👩\u200d💻",
                "👍🏽",
                "e\u0301",
                "\u0301",
                "b i",
                "…",
            ),
        )
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    max_size=12,
).map("".join)


@settings(max_examples=300)
@given(searches, hostile)
@example("cat", "<b>cat</b> & <script>cat")
@example("lt", "&lt; lt")
def test_html_holds_the_text_and_no_tags_but_the_marks(search: str, text: str):
    found = Highlighter(understood(search)).mark(text, TextField.TITLE)
    if found:
        parts = re.split(r"<em>(.*?)</em>", found.html("em"), flags=re.DOTALL)
        assert not any(sign in part for part in parts for sign in "<>\"'")
        assert all(re.match(r"&(amp|lt|gt|quot|#x27);", part[place:]) for part in parts for place in ampersands(part))
        assert html.unescape("".join(parts)) == text
        assert [html.unescape(part) for part in parts[1::2]] == [text[m.start : m.end] for m in found.matches]


def ampersands(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter == "&"]


@settings(max_examples=300)
@given(searches, hostile)
def test_ranges_lie_apart_in_order_and_hold_words_of_the_search_with_their_accents(search: str, text: str):
    found = Highlighter(understood(search)).mark(text, TextField.TITLE)
    place = 0
    for start, end, words in found.matches if found else ():
        assert place <= start < end <= len(text)
        place = end
        assert unicodedata.category(text[end : end + 1] or " ")[0] != "M"
        inside = terms(text[start:end])
        assert inside if "\u200d" in text else all(wanted(term, words) for term in inside)
        assert any(wanted(term, words) for term in inside)


def wanted(term: str, words: tuple[str, ...]) -> bool:
    """True if the term is one of the words, in any of its forms, or begins as one that may be a prefix."""
    return any(term in FORMS.get(word, (word,)) or (word in {"ca", "e"} and term.startswith(word)) for word in words)


@settings(max_examples=300)
@given(searches, st.text("catdogbisUC+.#' -é", max_size=30) | st.text("cat dogs'", max_size=30))
def test_plain_text_is_marked_as_it_is_among_other_text(search: str, text: str):
    highlighter = Highlighter(understood(search))
    alone = highlighter.mark(text, TextField.TITLE)
    among = highlighter.mark(f"{text} | \u05d0", TextField.TITLE)
    assert (alone.matches if alone else ()) == (among.matches if among else ())
