"""What all articles of a generation have in common, whatever segments they are in."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import terms
from indexer.article import Article
from indexer.whoosh_engine.collection import Collection, collection_of
from indexer.whoosh_engine.open_segment import OpenSegment
from tests.indexer.whoosh_engine.segments import STEMS, open_segments, split, write_segments
from tests.samples import DAY, NOW, plain
from tests.strategies import corpora


def collected(folder: Path) -> Collection:
    with open_segments(folder) as stored:
        return collection_of([OpenSegment(one, STEMS) for one in stored])


@given(articles=corpora(), data=st.data())
def test_numbers_are_those_of_all_articles_that_are_left(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], data: st.DataObject
) -> None:
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False)))}
    batches = split(articles, data.draw(st.integers(1, 3)))
    found = collected(write_segments(tmp_path_factory.mktemp("index"), batches, without=gone))
    left = [article for article in articles if article.key not in gone]
    assert found.documents == len(left)
    lengths = {
        "title": sum(len(terms(article.title)) for article in left),
        "excerpt": sum(len(terms(article.excerpt or "")) for article in left),
    }
    assert found.mean_lengths == {field: length / len(left) for field, length in lengths.items() if length}


def test_drafts_and_later_articles_count(tmp_path: Path) -> None:
    articles = [replace(plain("a"), published=False), replace(plain("b"), published_date_time=NOW + DAY)]
    assert collected(write_segments(tmp_path / "index", [articles])).documents == 2


def test_an_index_without_articles_has_no_lengths(tmp_path: Path) -> None:
    found = collected(write_segments(tmp_path / "index", []))
    assert (found.documents, found.mean_lengths) == (0, {})
