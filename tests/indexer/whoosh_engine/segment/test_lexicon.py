"""The forms of words."""

from collections import defaultdict

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from indexer.columns.stems import Stems
from indexer.text.language import Language
from indexer.whoosh_engine.segment.lexicon import Lexicon
from tests.indexer.whoosh_engine.gathered import assert_equal_arrays


def forms(typed: str, *known: str, language: str = "english") -> list[str]:
    """The words among those known that are forms of what was typed."""
    stems, known = Stems(language), tuple(sorted(known))
    return [known[number] for number in Lexicon.of_terms(known, stems).forms(stems.of(typed)).tolist()]


RUN = ("run", "running", "runs", "ran", "runner", "rune")


def test_the_forms_of_a_word_have_its_stem() -> None:
    assert forms("runs", *RUN) == ["run", "running", "runs"]
    assert forms("run's", *RUN) == []
    assert forms("walk", *RUN) == []


def test_a_word_that_is_not_there_still_has_its_other_forms() -> None:
    assert forms("recognising", "recognise", "recognised") == ["recognise", "recognised"]


@pytest.mark.parametrize("word", ["c++", "c#", ".net", "5g", "gpt4", "4"])
def test_what_is_no_plain_word_has_itself_only(word: str) -> None:
    assert forms(word, "c", "c++", "c#", ".net", "net", "5g", "gpt4", "4", "us", "u") == [word]


def test_other_languages_have_other_forms() -> None:
    assert forms("gasse", "gasse", "gassen", language=Language.GERMAN) == ["gasse", "gassen"]
    assert forms("москве", "москва", "москвы", language="russian") == ["москва", "москвы"]


known_words = st.sets(st.text("abings", max_size=6) | st.text(st.characters(exclude_categories=["Cs"]), max_size=3))


@given(known_words)
def test_words_are_grouped_by_what_the_stemmer_says(known: set[str]) -> None:
    stem, expected = Stemmer.Stemmer("english").stemWord, defaultdict[str, list[str]](list)
    for word in sorted(known):
        expected[stem(word) if word.isalpha() else word].append(word)
    for word in known:
        found = forms(word, *known)
        assert found == expected[stem(word) if word.isalpha() else word]
        assert word in found


@given(known_words)
def test_a_lexicon_comes_back_from_its_arrays(known: set[str]) -> None:
    lexicon = Lexicon.of_terms(sorted(known), Stems("english"))
    arrays = dict(lexicon.arrays("text"))
    again = Lexicon.of_arrays("text", arrays)
    assert again.stems == lexicon.stems
    assert_equal_arrays(dict(again.arrays("text")), arrays)
