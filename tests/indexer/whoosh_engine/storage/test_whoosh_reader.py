"""Segments read back into arrays, whoever wrote them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from whoosh.index import FileIndex, open_dir

from indexer.article import Article
from indexer.whoosh_engine.storage.whoosh_reader import read_contents
from tests.indexer.whoosh_engine.gathered import assert_same, contents_of, written, written_by_whoosh
from tests.indexer.whoosh_engine.segments import split
from tests.replacing import replace
from tests.samples import full, plain
from tests.strategies import corpora


def ours(folder: Path, batches: list[list[Article]]) -> FileIndex:
    return written(folder, map(contents_of, batches))


@settings(max_examples=50)
@given(corpora())
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, articles: list[Article]) -> None:
    contents = contents_of(articles)
    with written(tmp_path_factory.mktemp("index"), [contents]).reader() as reader:
        assert_same(read_contents(reader), contents)


@settings(max_examples=20)
@given(corpora(max_size=4).filter(bool))
def test_what_whoosh_wrote_is_read(tmp_path_factory: pytest.TempPathFactory, articles: list[Article]) -> None:
    with written_by_whoosh(tmp_path_factory.mktemp("index"), [articles]).reader() as reader:
        assert_same(read_contents(reader), contents_of(articles))


@pytest.mark.parametrize("write", [ours, written_by_whoosh])
def test_lists_of_many_blocks_are_read_whole(
    tmp_path: Path, write: Callable[[Path, list[list[Article]]], FileIndex]
) -> None:
    articles = [replace(plain(f"{number:03}"), title="owl " * (1 + number % 5 // 4)) for number in range(300)]
    with write(tmp_path, [articles]).reader() as reader:
        assert_same(read_contents(reader), contents_of(articles))


@pytest.mark.parametrize("write", [ours, written_by_whoosh])
def test_deleted_documents_are_read_segment_by_segment(
    tmp_path: Path, write: Callable[[Path, list[list[Article]]], FileIndex]
) -> None:
    # The numbers of documents must stay those that Whoosh counts by.
    batches = split([full("a"), plain("b"), full("c"), plain("d"), plain("e")], 2)
    writer = write(tmp_path, batches).writer()
    assert writer.delete_by_term("key", "a") + writer.delete_by_term("key", "d") == 2
    writer.commit(merge=False)
    with open_dir(tmp_path).reader() as reader:
        assert reader.doc_count() == 3
        for (leaf, _), articles in zip(reader.leaf_readers(), batches, strict=True):
            assert_same(read_contents(leaf), contents_of(articles))


def test_numbers_that_whoosh_leaves_out_are_the_defaults(tmp_path: Path) -> None:
    # It writes none that is the column's default after the last that is not, and no file of defaults alone.
    first = replace(plain("a"), quality=7)
    with written_by_whoosh(tmp_path, [[first, plain("b"), plain("c")]]).reader() as reader:
        assert_same(read_contents(reader), contents_of([first, plain("b"), plain("c")]))
