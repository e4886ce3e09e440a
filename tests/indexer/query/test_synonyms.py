"""Queries widened by what means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.parser import parse
from indexer.query.synonyms import NO_SYNONYMS, SYNONYM_WEIGHT, Synonyms
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Without, Word

SYNONYMS = Synonyms.of(
    [
        ["AI", "Artificial Intelligence"],
        ["Wi-Fi", "WLAN"],
        ["東京", "Tokyo"],
        ["art", "Kunst"],
        ["York", "Eboracum"],
        ["New York City", "NYC"],
        ["New York", "Big Apple"],
    ],
    {"vw": ["Volkswagen"], "Café": ["coffee house"]},
)


def shape(query: Query) -> object:
    """A query in short: AND is a list, OR a set; a single word that counts less than one typed stands in brackets."""
    match query:
        case Word(term, weight=weight):
            return term if weight == 1 else f"({term})"
        case Phrase(terms):
            return " ".join(terms)
        case Prefix(prefix):
            return f"{prefix}*"
        case Without(part):
            return ("-", shape(part))
        case Every(queries):
            return [shape(part) for part in queries]
        case Some(queries):
            return tuple(shape(part) for part in queries)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ai", ("ai", "artificial intelligence")),
        ("A.I.", ("ai", "artificial intelligence")),
        ("vw", ("vw", "(volkswagen)")),
        ("volkswagen", "volkswagen"),
        ("CAFE", ("cafe", "coffee house")),
        ("東京", ("東 京", "(tokyo)")),
        ("tokyo laws", [("tokyo", "東 京"), "laws"]),
        ("", []),
        ("nothing known", ["nothing", "known"]),
    ],
)
def test_a_word_finds_what_means_the_same(text: str, expected: object) -> None:
    assert shape(SYNONYMS.applied(parse(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("artificial intelligence", (["artificial", "intelligence"], "(ai)")),
        ("the Artificial Intelligence laws", ["the", (["artificial", "intelligence"], "(ai)"), "laws"]),
        ("intelligence artificial", ["intelligence", "artificial"]),
        ("artificial laws intelligence", ["artificial", "laws", "intelligence"]),
        ("artificial artificial intelligence", ["artificial", (["artificial", "intelligence"], "(ai)")]),
        ("artificial", "artificial"),
        ("new york city", (["new", "york", "city"], "(nyc)")),
        ("new york town", [(["new", "york"], "big apple"), "town"]),
        ("york city", [("york", "(eboracum)"), "city"]),
        ("art artificial intelligence", [("art", "(kunst)"), (["artificial", "intelligence"], "(ai)")]),
    ],
)
def test_words_next_to_each_other_are_one_thing_the_longest_first(text: str, expected: object) -> None:
    assert shape(SYNONYMS.applied(parse(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wi-fi", ("wi fi", "wifi", "(wlan)")),
        ("wi fi", (["wi", "fi"], "(wlan)")),
        ("wlan", ("wlan", "wi fi")),
    ],
)
def test_a_name_with_a_hyphen_is_known_in_its_spellings(text: str, expected: object) -> None:
    assert shape(SYNONYMS.applied(parse(text))) == expected


def test_a_spelling_that_is_sought_anyway_is_not_sought_twice() -> None:
    spellings = Synonyms.of([["wi-fi", "wifi"], ["GPT-4", "GPT4"]])
    assert [shape(spellings.applied(parse(text))) for text in ("wi-fi", "wifi", "gpt4", "gpt 4")] == [
        ("wi fi", "wifi"),
        ("wifi", "wi fi"),
        ("gpt4", "gpt 4"),
        (["gpt", "4"], "(gpt4)"),
    ]


@pytest.mark.parametrize(
    "text", ['"artificial intelligence"', '"wi fi"', "ai*", "-ai", '-"new york"', "-vw -tokyo", "art*"]
)
def test_phrases_prefixes_and_exclusions_are_meant_as_typed(text: str) -> None:
    assert SYNONYMS.applied(parse(text)) == parse(text)


def test_each_side_of_an_or_finds_what_means_the_same() -> None:
    assert shape(SYNONYMS.applied(parse("laws vw OR robots"))) == ["laws", (("vw", "(volkswagen)"), "robots")]


def test_a_synonym_is_sought_where_the_word_is() -> None:
    topic, title = (TextField.TOPIC,), (TextField.TITLE,)
    alternatives = SYNONYMS.applied(parse("topic:ai"))
    assert alternatives == Some((Word("ai", topic), Phrase(("artificial", "intelligence"), topic, SYNONYM_WEIGHT)))
    apart = parse("title:artificial intelligence")
    assert SYNONYMS.applied(apart) == apart
    together = SYNONYMS.applied(parse("title:artificial title:intelligence"))
    assert shape(together) == (["artificial", "intelligence"], "(ai)")
    assert isinstance(together, Some)
    assert isinstance(together.queries[1], Word)
    assert together.queries[1].fields == title


def test_a_synonym_brings_no_synonyms_of_its_own() -> None:
    chain = Synonyms.of([["a", "b"], ["b", "c"]], {"c": ["d"]})
    assert [shape(chain.applied(parse(text))) for text in "abcd"] == [
        ("a", "(b)"),
        ("b", "(a)", "(c)"),
        ("c", "(b)", "(d)"),
        "d",
    ]


def test_a_word_is_no_synonym_of_itself() -> None:
    assert len(Synonyms.of([["Café", "CAFE"], ["only"], []], {"a": ["A"], "!": ["b"], "c": ["?"]})) == 0


@given(st.text(st.characters(), max_size=40))
def test_without_synonyms_a_query_stays_as_it_is(text: str) -> None:
    assert NO_SYNONYMS.applied(parse(text)) == parse(text)


letters = st.sampled_from("abcdef")
entries = st.lists(letters, min_size=1, max_size=3).map(" ".join)
some_synonyms = st.builds(
    Synonyms.of,
    st.lists(st.lists(entries, min_size=2, max_size=3), max_size=4),
    st.dictionaries(entries, st.lists(entries, max_size=2), max_size=3),
)
documents = st.lists(letters, max_size=8)


def matches(document: list[str], query: Query) -> bool:
    """True if the words of a document, in order, match."""
    match query:
        case Word(term):
            return term in document
        case Phrase(terms):
            size = len(terms)
            return any(tuple(document[start : start + size]) == terms for start in range(len(document)))
        case Prefix(prefix):
            return any(word.startswith(prefix) for word in document)
        case Every(queries):
            return all(matches(document, part) for part in queries)
        case Some(queries):
            return any(matches(document, part) for part in queries)
        case Without(part):
            return not matches(document, part)


@given(
    st.lists(letters, min_size=1, max_size=5),
    st.lists(st.lists(letters, min_size=2, max_size=4), max_size=4),
    documents,
)
def test_with_single_words_each_typed_word_or_one_of_its_groups_is_there(
    typed: list[str], groups: list[list[str]], document: list[str]
) -> None:
    wanted = [{word, *(other for group in groups if word in group for other in group)} for word in typed]
    expected = all(any(other in document for other in others) for others in wanted)
    assert matches(document, Synonyms.of(groups).applied(parse(" ".join(typed)))) == expected


@given(some_synonyms, st.lists(letters | st.sampled_from(['"a b"', "OR", "-c", "d*", "e-f"]), max_size=6), documents)
def test_synonyms_never_lose_an_article(synonyms: Synonyms, typed: list[str], document: list[str]) -> None:
    query = parse(" ".join(typed))
    assert not matches(document, query) or matches(document, synonyms.applied(query))


@given(some_synonyms, st.text('abcdef "-*OR:', max_size=200))
def test_any_text_can_be_widened(synonyms: Synonyms, text: str) -> None:
    widened = synonyms.applied(parse(text))
    assert (widened == Every()) == (parse(text) == Every())


def test_ten_thousand_typed_letters_are_widened_without_delay() -> None:
    # Each place would be tried with every length if what cannot go on were not given up at once.
    synonyms = Synonyms.of([[" ".join("a" * 7 + "b"), "x"]])
    query = parse("a-a " * 2500)
    assert synonyms.applied(query) == query
