"""Merged segments, against segments of the same articles that were collected at once."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.derived_arrays import derived
from indexer.whoosh_engine.writing.merge import Source, merged
from indexer.whoosh_engine.writing.segment_builder import SegmentBuilder
from tests.indexer.whoosh_engine.gathered import assert_equal_arrays
from tests.indexer.whoosh_engine.segments import STEMS, open_segments, taken, write_segments
from tests.library import LIBRARY
from tests.replacing import replace
from tests.samples import plain
from tests.strategies import KEYS, corpora


def whole(builder: SegmentBuilder) -> Source:
    return Source(builder.contents(), builder.addresses(), np.ones(len(builder), dtype=bool))


def assert_alike(found: tuple[Contents, Addresses], articles: Sequence[Article]) -> None:
    """The same as if the articles had been collected at once, to the types of arrays."""
    builder = taken(articles)
    expected, contents = builder.contents(), found[0]
    assert (contents.keys, [*contents.articles]) == (expected.keys, [*expected.articles])
    assert len(contents.articles) == len(contents) == len(articles)
    assert_equal_arrays(dict(derived(*found, STEMS)), dict(derived(expected, builder.addresses(), STEMS)))


def merged_with(
    folder: Path, batches: Sequence[Sequence[Article]], new: Sequence[Article], gone: Sequence[str]
) -> None:
    """Merge segments of these batches with articles that no segment has yet, and compare."""
    with ExitStack() as stack:
        sources = []
        if batches:
            segments = stack.enter_context(open_segments(write_segments(folder, batches, without=gone)))
            sources = [Source(segment.contents, segment.segment.addresses, segment.live) for segment in segments]
        sources.append(whole(taken(new)))
        left = [article for batch in batches for article in batch if article.key not in gone]
        assert_alike(merged(sources), [*left, *new])


@settings(max_examples=60, deadline=None)
@given(corpora(max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12), st.sets(st.sampled_from(KEYS)))
def test_a_merged_segment_is_one_that_was_collected_at_once(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], parts: list[int], gone: set[str]
) -> None:
    articles = [replace(article, published=True) for article in articles]
    parts = parts[: len(articles)]
    batches = [
        [article for article, part in zip(articles, parts, strict=True) if part == number] for number in range(4)
    ]
    *old, new = batches
    merged_with(tmp_path_factory.mktemp("index"), [batch for batch in old if batch], new, [*gone])


def test_large_segments_are_merged_alike(tmp_path: Path) -> None:
    shown = [article for article in LIBRARY if article.published]
    gone = [article.key for article in shown[5:70:3]]
    merged_with(tmp_path, [shown[:30], shown[30:90], shown[90:100]], shown[100:], gone)


@pytest.mark.parametrize("gone", [[], ["long"]])
def test_positions_and_frequencies_take_no_more_bytes_than_they_need(tmp_path: Path, gone: list[str]) -> None:
    long = replace(plain("long"), excerpt="owl " * 300)
    merged_with(tmp_path, [[plain("a"), long], [plain("b")]], [plain("c")], gone)


def test_a_segment_of_which_all_is_gone_leaves_nothing(tmp_path: Path) -> None:
    merged_with(tmp_path, [[plain("a"), plain("b")], [plain("c")]], [], ["a", "b"])
    assert_alike(merged([whole(taken([]))]), [])
