"""Documents of articles: they hold the terms, stems, pairs and values that a plain look at the article finds."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.columns.article_json import decoded
from indexer.columns.stems import Stems
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.document import document, document_id, pair_term, stored_term
from indexer.query.tree import TextField
from tests.indexer.whoosh_engine.gathered import numbers_of, texts_of, values_of
from tests.plain_engine import position
from tests.replacing import replace
from tests.samples import full, plain
from tests.strategies import articles

STEMS = Stems("english")


@given(articles)
def test_a_document_has_all_words_and_values_of_its_article(article: Article) -> None:
    found = document(article, added=3, stems=STEMS)
    assert found.keys() <= mapping.mapping()["properties"].keys()
    assert decoded(str(found["article"])) == article
    assert (found["key"], found["added"], found["removed"]) == (article.key, 3, mapping.NEVER)
    for field, words in texts_of(article).items():
        assert str(found[field]).split() == words
        assert str(found[f"{field}_stems"]).split() == [STEMS.of(word) for word in words]
    for term_field, values in values_of(article).items():
        assert found[f"{term_field}_value"] == values
    for name, number in numbers_of(article).items():
        assert found.get(name, -(2**31)) == number


@given(articles)
def test_a_document_sorts_as_its_article(article: Article) -> None:
    found = document(article, added=1, stems=STEMS)
    for ranking, field in mapping.RANK_FIELDS.items():
        assert found[field] == position(article, ranking).values[0]


words = st.lists(st.sampled_from(("run", "walk", "c++", "us")), max_size=8)


@given(words)
def test_a_pair_is_as_frequent_as_its_first_word_is_followed_by_its_second(text: list[str]) -> None:
    found = Counter(
        str(document(replace(plain("a"), title=" ".join(text)), added=1, stems=STEMS)["title_pairs"]).split()
    )
    for first in ("run", "walk", "c++", "us"):
        for second in ("run", "walk", "c++", "us"):
            for gap in (1, 2):
                followed = sum(
                    word == first and second in text[place + 1 : place + 1 + gap] for place, word in enumerate(text)
                )
                assert found[pair_term(first, second, gap)] == followed


@pytest.mark.parametrize("size", [1, 199, 200, 201, 40_000])
def test_a_term_is_stored_as_it_is_but_for_one_too_long_for_a_cluster(size: int) -> None:
    term = size * "a"
    assert (stored_term(term) == term) == (size <= 200)
    assert len(stored_term(term)) <= 200
    assert stored_term(f"{term}b") != stored_term(f"{term}c")


def test_months_have_four_digits_of_the_year_and_drafts_of_one_key_are_told_apart_by_generation() -> None:
    early = full("a").published_date_time.replace(year=812, month=3)
    assert document(replace(plain("a"), published_date_time=early), added=1, stems=STEMS)["month"] == "0812-03"
    assert len({document_id("a", 1), document_id("a", 2), document_id("b", 1)}) == 3


def test_each_searched_text_has_its_forms_in_the_mapping() -> None:
    fields = mapping.mapping()["properties"]
    for field in TextField:
        assert fields[field]["fields"]["prefixes"]["search_analyzer"] == "words"
        assert mapping.prefixes_field(field) == f"{field}.prefixes"
        assert mapping.stems_field(field) in fields
