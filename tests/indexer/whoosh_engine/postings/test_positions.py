"""Phrases, against reading one article after another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.tree import Phrase
from indexer.whoosh_engine.postings.positions import documents_with_phrase
from tests.indexer.whoosh_engine.crowds import crowds
from tests.indexer.whoosh_engine.plain_bm25f import has_phrase
from tests.indexer.whoosh_engine.plain_matching import documents_with_all
from tests.indexer.whoosh_engine.queries import phrases
from tests.indexer.whoosh_engine.segments import open_segment, positions_in


@given(crowds, st.lists(phrases, min_size=1, max_size=6))
def test_phrases_are_where_their_words_stand_in_order(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], sought: list[Phrase]
) -> None:
    drawn = [
        Phrase(tuple(title[:3])) for title in (article.title.lower().split() for article in articles[:4]) if title[1:]
    ]
    with open_segment(tmp_path_factory.mktemp("index"), articles) as stored:
        for phrase in (*sought, *drawn):
            candidates = documents_with_all(articles, phrase.words())
            found = documents_with_phrase(phrase, positions_in(stored.segment))
            assert found.tolist() == [number for number in candidates if has_phrase(articles[number], phrase)]
