"""The forms of words."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.query import TextField
from indexer.whoosh_engine.vocabulary import Vocabulary

TITLE, EXCERPT = TextField.TITLE, TextField.EXCERPT


def vocabulary(*words: str, language: str = "english") -> Vocabulary:
    return Vocabulary({TITLE: words, EXCERPT: ["runner"]}, language=language)


def test_the_forms_of_a_word_have_its_stem_and_are_of_its_field() -> None:
    known = vocabulary("run", "running", "runs", "ran", "runner", "rune")
    assert known.forms(TITLE, "runs") == ["run", "running", "runs"]
    assert known.forms(TITLE, "run's") == []
    assert known.forms(EXCERPT, "run") == []


def test_a_word_that_is_not_there_still_has_its_other_forms() -> None:
    assert vocabulary("recognise", "recognised").forms(TITLE, "recognising") == ["recognise", "recognised"]


def test_what_is_no_plain_word_has_itself_only() -> None:
    known = vocabulary("c", "c++", "c#", ".net", "net", "5g", "gpt4", "4", "us", "u")
    for word in ("c++", "c#", ".net", "5g", "gpt4", "4"):
        assert known.forms(TITLE, word) == [word]


def test_other_languages_have_other_forms() -> None:
    assert vocabulary("gasse", "gassen", language="german").forms(TITLE, "gasse") == ["gasse", "gassen"]
    assert vocabulary("москва", "москвы", language="russian").forms(TITLE, "москве") == ["москва", "москвы"]


words = st.text("ab", max_size=4) | st.text(max_size=3)


@given(st.sets(words), words)
def test_what_begins_with_a_prefix_is_all_that_does_in_order(known: set[str], prefix: str) -> None:
    expected = sorted(word for word in known if word.startswith(prefix))
    assert vocabulary(*known).beginning_with(TITLE, prefix) == expected


@given(st.sets(words))
def test_every_word_is_a_form_of_itself(known: set[str]) -> None:
    forms = vocabulary(*known)
    assert all(word in forms.forms(TITLE, word) for word in known)
