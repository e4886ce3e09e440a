"""Texts to complete: phrases with their documents, found by what was typed."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Provider
from indexer.search.suggestions import SuggestionKind
from indexer.text.typed_prefix import TypedPrefix
from indexer.whoosh_engine.segment.completion_texts import CompletionTexts, named_by, terms_of
from indexer.whoosh_engine.storage.derived_arrays import phrases_of
from tests.indexer.whoosh_engine.segments import open_segment, taken
from tests.replacing import replace
from tests.samples import full, plain

words = st.sampled_from(("a", "ab", "abc", "b", "c++", "東", "4"))
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
typed = st.builds(TypedPrefix, st.lists(words, max_size=2).map(tuple), words) | st.builds(
    TypedPrefix, st.lists(words, min_size=1, max_size=2).map(tuple), st.just("")
)


@given(st.lists(st.lists(phrases, max_size=2, unique=True), max_size=8), typed)
def test_phrases_are_found_by_their_beginning_and_by_their_words(
    documents: Sequence[Sequence[str]], typed: TypedPrefix
):
    found = CompletionTexts.of_documents(documents)
    texts = sorted({text for document in documents for text in document})
    assert list(found.texts.values) == texts
    assert [texts[number] for number in found.beginning(typed)] == [text for text in texts if typed.begins(text)]
    having = sorted(texts[number] for number in set(found.containing(typed).tolist()))
    assert having == [text for text in texts if typed.is_among(text.split())]


def test_what_is_named_is_neither_typed_nor_found():
    found = CompletionTexts.of_documents([["the daily\nzebra.example"], ["the\nalpha"]])
    assert list(map(terms_of, found.texts.values)) == ["the", "the daily"]
    assert list(map(named_by, found.texts.values)) == ["alpha", "zebra.example"]
    assert named_by("a title") == "a title"
    assert list(found.beginning(TypedPrefix(("the",), ""))) == [0, 1]
    assert list(found.beginning(TypedPrefix(("the",), "d"))) == [1]
    assert found.containing(TypedPrefix((), "z")).tolist() == []


def test_an_article_has_its_title_its_topics_and_its_provider_by_domain_and_by_name():
    articles = [
        full("a"),
        replace(plain("b"), title="?!", topics=("??", "U.S. Élan"), provider=Provider(domain="a.example", name="a.b")),
    ]
    found = {kind: list(one.texts.values) for kind, one in phrases_of(taken(articles).contents()).items()}
    assert found == {
        SuggestionKind.TITLE: ["c++ cafe opens in 東 京"],
        SuggestionKind.TOPIC: ["ai\nai", "machine learning\nmachine learning", "us elan\nu.s. élan", "東 京\n東京"],
        SuggestionKind.PROVIDER: [
            "a example\na.example",
            "ab\na.example",
            "naive example\nnaïve.example",
            "naive sons\nnaïve.example",
        ],
    }


@pytest.mark.parametrize("kind", [SuggestionKind.TITLE, SuggestionKind.TOPIC, SuggestionKind.PROVIDER])
def test_a_segment_keeps_its_phrases_in_a_file(tmp_path: Path, kind: SuggestionKind):
    articles = [full("a"), plain("b"), full("c")]
    made = phrases_of(taken(articles).contents())[kind]
    with open_segment(tmp_path / "index", articles) as stored:
        kept = stored.segment.phrases[kind]
    for one, other in ((made.texts, kept.texts), (made.words, kept.words)):
        assert list(one.values) == list(other.values)
        assert one.offsets.tolist() == other.offsets.tolist()
        assert one.documents.tolist() == other.documents.tolist()
