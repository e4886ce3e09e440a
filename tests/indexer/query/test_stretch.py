"""Where long texts are marked."""

import pytest

from indexer.query.highlight import Highlighter
from indexer.query.parser import parse
from indexer.query.stretch import STRETCH, stretches
from indexer.query.tree import WITH_BODY, TextField, Word, leaves, within
from indexer.query.understanding import Match, Understanding, UnderstoodWord

FILLER = "Nothing of that sort here. " * 1_000


def highlighter(search: str) -> Highlighter:
    query = within(parse(search), WITH_BODY)
    words = [
        UnderstoodWord(leaf, Match.EXACT, (leaf.term if isinstance(leaf, Word) else leaf.prefix,))
        for leaf in leaves(query)
    ]
    return Highlighter(Understanding(query=query, words=tuple(words)))


def fragment(search: str, text: str, length: int = 30) -> str | None:
    marked = highlighter(search).mark_stretch(text, TextField.BODY)
    if marked is None:
        return None
    part = marked.fragment(length)
    assert all(text[match.start : match.end] for match in part.matches)
    return part.html("b")


@pytest.mark.parametrize("before", ["", FILLER, f"Bowls, cafés and “{FILLER}”\n"])
@pytest.mark.parametrize("after", ["", FILLER])
def test_a_match_is_found_wherever_it_stands(before: str, after: str):
    found = fragment("owl", f"{before}An owl hoots. {after}")
    assert found is not None
    assert "<b>owl</b> hoots." in found
    assert (found.startswith("…"), found.endswith("…")) == (bool(before), bool(after))


def test_of_several_stretches_the_one_with_most_words_is_marked():
    text = f"{FILLER}An owl. {FILLER}A mill. {FILLER}The owl in the old mill. {FILLER}"
    assert fragment("owl mill old", text) == "…The <b>owl</b> in the <b>old</b> <b>mill</b>.…"
    assert fragment("owl mill", text) == "…here. An <b>owl</b>. Nothing of that…"


def test_phrases_prefixes_and_scripts_without_spaces_are_found():
    text = f"{FILLER}Die Straße nach 東京。 C++ und .NET, {FILLER}"
    for search, marked in {
        '"nach 東京"': "nach 東京",
        "東京": "東京",
        "c++": "C++",
        "un*": "und",
        ".net": ".NET",
    }.items():
        assert f"<b>{marked}</b>" in (fragment(search, text) or "")


def test_what_does_not_stand_as_it_is_sought_is_looked_for_at_the_beginning():
    assert fragment("cafe", f"Un café. 東 {FILLER}") == "Un <b>café</b>. 東 Nothing of that…"
    assert fragment("us", f"The U.S. 東 {FILLER}") == "The <b>U.S</b>. 東 Nothing of that…"


def test_nothing_is_marked_where_nothing_matches():
    assert fragment("stork", FILLER) is None
    assert fragment("title:nothing", FILLER) is None
    assert fragment("owl", "bowl " * 10_000) is None
    assert fragment("owl", "") is None


@pytest.mark.parametrize(
    "text", [FILLER * 40, "東京" * 500_000, "a" * 1_000_000, "owl " * 250_000, "İ" * 1_000_000, "\u2019s" * 9999]
)
def test_few_and_short_stretches_of_a_long_text_are_looked_at(text: str):
    parts = list(stretches(text, ["owl", "sort", "東", "a", "i", "s"]))
    assert 1 <= len(parts) <= 3
    assert all(0 <= start <= end <= len(text) and end - start <= STRETCH + 64 for start, end in parts)


def test_a_short_text_is_one_stretch():
    assert list(stretches("owl", ["mill"])) == [(0, 3)]
