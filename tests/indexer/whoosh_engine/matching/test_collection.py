"""Counts at a moment, over all segments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.memory import Memory
from indexer.query.parser import parse
from indexer.query.tree import Phrase, leaves
from indexer.text.analysis import terms
from indexer.whoosh_engine.matching.searchable_segment import Collection, SearchableSegment
from tests.indexer.whoosh_engine.segments import STEMS, collection_at, open_segments, split, write_segments
from tests.plain_filter import is_visible
from tests.plain_text import plain_match
from tests.samples import NOW
from tests.strategies import CLOCKS, corpora, texts


@contextmanager
def collected(folder: Path, now: datetime = NOW) -> Iterator[Collection]:
    with open_segments(folder) as stored:
        yield collection_at(now, [SearchableSegment(one, STEMS, Memory()) for one in stored])


@given(articles=corpora(), now=st.sampled_from(CLOCKS), text=texts, data=st.data())
def test_visible_articles_are_counted_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], now: datetime, text: str, data: st.DataObject
) -> None:
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False)))}
    batches = split(articles, data.draw(st.integers(1, 3)))
    visible = [article for article in articles if article.key not in gone and is_visible(article, now)]
    lengths = {
        "title": sum(len(terms(article.title)) for article in visible),
        "excerpt": sum(len(terms(article.summary or "")) for article in visible),
        "body": sum(len(terms(article.text or "")) for article in visible),
    }
    query = parse(text)
    with collected(write_segments(tmp_path_factory.mktemp("index"), batches, without=gone), now) as collection:
        found = collection.statistics(query)
        assert found.documents == collection.size == len(visible)
        assert found.mean_lengths == {field: length / len(visible) for field, length in lengths.items() if length}
        for part in (*leaves(query), Phrase(("run", "the")), Phrase(("gpt", "4"))):
            assert collection.count(part) == sum(plain_match(article, part) for article in visible)
        assert found.document_frequencies == {leaf.name: collection.count(leaf) for leaf in leaves(query)}


def test_an_index_without_articles_has_no_lengths(tmp_path: Path) -> None:
    with collected(write_segments(tmp_path / "index", [])) as collection:
        assert (collection.size, collection.mean_lengths) == (0, {})
