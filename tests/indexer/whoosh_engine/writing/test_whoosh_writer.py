"""Segments written straight from arrays: plain Whoosh must not tell them from its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from whoosh import query as stock
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, clean_files, open_dir
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from indexer.article import Article
from indexer.text.analysis import terms
from indexer.whoosh_engine.storage.whoosh_fields import NUMBERS
from indexer.whoosh_engine.storage.whoosh_reader import read_contents
from indexer.whoosh_engine.writing.whoosh_writer import write_segment
from tests.indexer.whoosh_engine.gathered import assert_same, contents_of, written, written_by_whoosh
from tests.indexer.whoosh_engine.segments import split
from tests.replacing import replace
from tests.samples import full, plain
from tests.strategies import WORDS, corpora

TEXTS = ("title", "excerpt", "topic", "provider")
SENTENCES = ("The owl and the mill", "Müller's owls: 東京 to Москва", "A mill, a mile, a mill again", "C++ for owls")


def both(folder: Path, batches: Sequence[Sequence[Article]]) -> tuple[FileIndex, FileIndex]:
    """The same documents in an index of our segments, and in one of Whoosh's."""
    for name in ("ours", "whoosh"):
        (folder / name).mkdir()
    return written(folder / "ours", map(contents_of, batches)), written_by_whoosh(folder / "whoosh", batches)


def many(count: int) -> list[Article]:
    """Articles of few words, so that the lists of some span several blocks."""
    return [
        replace(
            plain(f"{number:05}"),
            title=SENTENCES[number % 4],
            excerpt=" ".join(SENTENCES[: number % 5]) or None,
            topics=("AI", "Machine Learning")[: number % 3],
            quality=number % 7 or None,
        )
        for number in range(count)
    ]


def postings(reader: IndexReader) -> Iterator[tuple[object, ...]]:
    """Every posting with all that Whoosh says of it, and every term with all that it keeps of that."""
    for field, term in reader.all_terms():
        info = reader.term_info(field, term)
        yield field, term, info.weight(), info.doc_frequency(), info.max_weight()
        yield info.min_length(), info.max_length(), info.min_id(), info.max_id()
        yield reader.frequency(field, term), reader.doc_frequency(field, term)
        matcher = reader.postings(field, term)
        while matcher.is_active():
            positions = matcher.value_as("positions") if field in TEXTS else None
            yield matcher.id(), matcher.weight(), positions, matcher.value() or b""
            matcher.next()


def documents(reader: IndexReader) -> Iterator[tuple[object, ...]]:
    """Every document with all that Whoosh keeps of it."""
    columns = {name: list(reader.column_reader(name)) for name in ("key", "article", *NUMBERS)}
    for number in range(reader.doc_count_all()):
        lengths = [reader.doc_field_length(number, field) or 0 for field in TEXTS]
        yield reader.stored_fields(number), [columns[name][number] for name in columns], lengths


def by_relevance(searcher: Searcher, query: stock.Query, limit: int | None = None) -> list[tuple[str, float]]:
    return [(hit["key"], hit.score) for hit in searcher.search(query, limit=limit)]


def queries(words: Sequence[str]) -> Iterator[stock.Query]:
    for field in TEXTS:
        known = [stock.Term(field, word) for word in words]
        yield from known
        yield from (stock.Prefix(field, word[:1]) for word in words)
        yield from (stock.Phrase(field, list(pair)) for pair in pairwise(words))
        yield stock.Or(known)
        yield stock.And(known[:2])
        yield stock.And([stock.Every(), stock.Not(known[0])])
    yield from (stock.Term("topic_value", word) for word in ("ai", "machine learning"))


def assert_alike(ours: FileIndex, theirs: FileIndex, words: Sequence[str]) -> None:
    with ours.searcher() as mine, theirs.searcher() as other:
        for query in queries(words):
            assert by_relevance(mine, query) == by_relevance(other, query), query
            assert by_relevance(mine, query, 3) == by_relevance(other, query, 3), query
        hits = [searcher.search(stock.Every(), sortedby="key", reverse=True, limit=None) for searcher in (mine, other)]
        assert [hit["key"] for hit in hits[0]] == [hit["key"] for hit in hits[1]]


def assert_identical(ours: IndexReader, theirs: IndexReader) -> None:
    assert list(postings(ours)) == list(postings(theirs))
    assert list(documents(ours)) == list(documents(theirs))
    for field in TEXTS:
        assert ours.field_length(field) == theirs.field_length(field)
        if ours.field_length(field):  # otherwise Whoosh fails on its own
            assert ours.min_field_length(field) == theirs.min_field_length(field)
            assert ours.max_field_length(field) == theirs.max_field_length(field)


@settings(max_examples=25, deadline=None)
@given(corpora().filter(bool))
def test_whoosh_reads_every_posting_and_column_as_its_own(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article]
) -> None:
    ours, theirs = both(tmp_path_factory.mktemp("index"), [articles])
    with ours.reader() as mine, theirs.reader() as other:
        assert_identical(mine, other)
    assert_alike(ours, theirs, sorted({term for word in WORDS[:9] for term in terms(word)}))


def test_lists_of_many_blocks_are_read_and_scored_alike(tmp_path: Path) -> None:
    ours, theirs = both(tmp_path, [many(700)])
    with ours.reader() as mine, theirs.reader() as other:
        assert_identical(mine, other)
    assert_alike(ours, theirs, ["the", "owl", "and", "mill", "mile", "東", "москва"])


def test_an_article_with_everything_is_read_alike(tmp_path: Path) -> None:
    ours, theirs = both(tmp_path, [[full("ü/東"), plain("b"), full("c")]])
    with ours.reader() as mine, theirs.reader() as other:
        assert_identical(mine, other)


def test_long_texts_round_their_lengths_as_whoosh_does(tmp_path: Path) -> None:
    # Beyond 255 in the positions, and in the lengths beyond what one byte tells apart.
    articles = [
        replace(plain(f"{size}"), excerpt=" ".join(f"w{number % 997}" for number in range(size)))
        for size in (30, 31, 90, 300, 1_000, 70_000, 110_000)
    ]
    ours, theirs = both(tmp_path, [articles])
    with ours.reader() as mine, theirs.reader() as other:
        assert_identical(mine, other)


@pytest.mark.parametrize("optimize", [True, False])
def test_whoosh_deletes_and_merges_our_segments_as_its_own(tmp_path: Path, optimize: bool) -> None:  # noqa: FBT001  # a case
    left = []
    for index in both(tmp_path, split(many(60), 3)):
        writer = index.writer()
        assert writer.delete_by_term("key", "00007") + writer.delete_by_term("key", "00009") == 2
        writer.commit(optimize=optimize, merge=False)
        left.append(open_dir(index.storage.folder))
    assert_alike(left[0], left[1], ["the", "owl", "mill"])
    with left[0].reader() as reader:
        assert (reader.doc_count(), reader.doc_count_all()) == (58, 58 if optimize else 60)
        assert len(reader.leaf_readers()) == (1 if optimize else 3)


def test_whoosh_adds_to_an_index_of_ours(tmp_path: Path) -> None:
    ours = written(tmp_path, [contents_of(many(20))])
    with ours.writer() as writer:
        writer.add_document(key="new", title=terms("A new mill"))
    with open_dir(tmp_path).searcher() as searcher:
        assert [key for key, _ in by_relevance(searcher, stock.Term("title", "new"))] == ["new"]
        assert len(by_relevance(searcher, stock.Term("title", "mill"))) == 11


def test_more_documents_than_whoosh_keeps_without_their_places(tmp_path: Path) -> None:
    count = 2**15 + 3
    articles = [replace(plain(f"{number:06}"), title="owl" if number % 2 else "mill") for number in range(count)]
    contents = contents_of(articles)
    with written(tmp_path, [contents]).searcher() as searcher:
        reader = searcher.reader()
        assert reader.doc_count() == count
        assert reader.doc_frequency("title", "owl") == count // 2
        for number in (0, 1, 2**15 - 1, 2**15, count - 1):
            assert reader.stored_fields(number) == {"key": f"{number:06}"}
            assert reader.column_reader("article")[number] == contents.articles[number]
            assert list(reader.postings("key", f"{number:06}").all_ids()) == [number]
        assert list(reader.postings("title", "owl").all_ids()) == list(range(1, count, 2))


def test_an_index_of_no_documents_can_be_opened_and_searched(tmp_path: Path) -> None:
    empty = contents_of([])
    with written(tmp_path, [empty]).searcher() as searcher:
        assert searcher.doc_count_all() == 0
        assert by_relevance(searcher, stock.Or([stock.Every(), stock.Term("title", "owl")])) == []
        assert_same(read_contents(searcher.reader()), empty)


@pytest.mark.parametrize("length", [1, 65_000, 65_600])
def test_keys_of_any_length_are_stored(tmp_path: Path, length: int) -> None:
    # Around what one block of deflate takes.
    with written(tmp_path, [contents_of([plain("k" * length), plain("other")])]).reader() as reader:
        assert reader.stored_fields(0) == {"key": "k" * length}
        assert reader.stored_fields(1) == {"key": "other"}


def test_a_key_that_two_documents_have_leads_to_both(tmp_path: Path) -> None:
    # So it is where the first of them is deleted.
    with written(tmp_path, [contents_of([plain("b"), plain("a"), plain("b")])]).reader() as reader:
        assert list(reader.postings("key", "b").all_ids()) == [0, 2]


def test_a_segment_that_nobody_committed_is_cleaned_away(tmp_path: Path) -> None:
    written(tmp_path, [contents_of([plain("a")])])
    before = sorted(tmp_path.iterdir())
    storage = FileStorage(str(tmp_path))
    abandoned = write_segment(contents_of([plain("b")]), storage=storage)
    assert any(path.name.startswith(abandoned.segment_id()) for path in tmp_path.iterdir())
    clean_files(storage, "MAIN", 1, open_dir(tmp_path)._segments())  # noqa: SLF001  # as its own commit does
    assert sorted(tmp_path.iterdir()) == before
