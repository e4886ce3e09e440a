"""Builds of the Whoosh index: what makes it new from the ground up, and what a build leaves on disk."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from indexer.article import Article
from indexer.errors import IndexBusy, IndexUnreadable
from indexer.search.engine import BodySearch
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.storage.index_format import VERSION
from indexer.whoosh_engine.storage.whoosh_reader import read_contents
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import found
from tests.indexer.whoosh_engine.gathered import assert_same, contents_of
from tests.indexer.whoosh_engine.segments import articles_of, open_segments
from tests.library import LIBRARY
from tests.replacing import replace
from tests.samples import plain
from tests.strategies import KEYS, corpora

HALF_WRITTEN = ("arrays", "arrays.tmp", "trm", "pst", "article.col", "_title_len.col")


def built(folder: Path, articles: Sequence[Article], *, state: bytes = b"", language: str = "english") -> int:
    with WhooshWriter(folder, language=language) as writer:
        writer.add(articles)
        return writer.commit(state)


async def served(folder: Path, text: str = "") -> list[str]:
    engine = await WhooshEngine.open(folder)
    keys = await found(engine, text)
    await engine.close()
    return keys


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def names(folder: Path) -> set[str]:
    """The names in the folder, the files of segments under one name for each segment and kind."""
    numbers: dict[str, str] = {}
    for path in files(folder):
        if path.name.startswith("MAIN_") and path.suffix:
            numbers.setdefault(path.name.split(".")[0], f"segment {len(numbers)}")
    return {
        f"{numbers[path.stem.split('.')[0]]}{path.suffix}" if path.name.split(".")[0] in numbers else path.name
        for path in files(folder)
    }


def after(generation: int) -> set[str]:
    """The files that a finished build of one segment leaves."""
    state = {f"newsstand_{generation}.{kind}" for kind in ("format", "state")}
    segment = {f"segment 0.{kind}" for kind in ("arrays", "col", "pst", "trm")}
    return {"MAIN_WRITELOCK", *segment, f"_MAIN_{generation}.toc", *state}


def test_every_build_leaves_its_own_generation_only(tmp_path: Path) -> None:
    for generation in (1, 2, 3):
        assert built(tmp_path, [plain(f"{generation}")]) == generation
        assert names(tmp_path) == after(generation)


async def test_an_abandoned_build_leaves_nothing(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")])
    before = files(tmp_path)
    with WhooshWriter(tmp_path, language=Language.ENGLISH) as writer:
        writer.add([plain("a"), plain("b")])
    assert files(tmp_path) == before
    assert await served(tmp_path) == ["a"]


@pytest.mark.parametrize("changed", ["articles", "nothing"])
async def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path, changed: str) -> None:
    # Killed between what is written first and the rename that would have completed the generation.
    built(tmp_path, [plain("a")], state=b"old")
    before = names(tmp_path)
    index_folder.write_format(tmp_path, 2, index_folder.readable(tmp_path)[1])
    index_folder.write_state(tmp_path, 2, b"never finished")
    (tmp_path / "newsstand_2.format.tmp").write_bytes(b"half")
    for name in (*(f"MAIN_0123456789abcdef.{kind}" for kind in HALF_WRITTEN), "_MAIN_2.toc.tmp"):
        (tmp_path / name).write_bytes(b"half")
    assert await served(tmp_path) == ["a"]
    with WhooshWriter(tmp_path, language=Language.ENGLISH) as writer:
        assert writer.state == b"old"
        writer.add([plain("b")] if changed == "articles" else [])
        generation = writer.commit(b"new")
    assert before == after(1)
    if changed == "articles":
        assert names(tmp_path) == after(generation) == after(2)
    assert await served(tmp_path) == (["a", "b"] if changed == "articles" else ["a"])


def counts_in(folder: Path) -> list[int]:
    with open_segments(folder) as segments:
        return sorted((segment.count for segment in segments), reverse=True)


def test_an_index_keeps_whether_bodies_are_searched_until_it_is_told_otherwise(tmp_path: Path) -> None:
    steps = (
        (BodySearch.KEPT, False, ""),
        (BodySearch.OFF, False, ""),
        (BodySearch.ON, True, "bodies were not searched, and are now"),
        (BodySearch.KEPT, True, ""),
        (BodySearch.ON, True, ""),
        (BodySearch.OFF, False, "bodies were searched, and are not now"),
        (BodySearch.KEPT, False, ""),
    )
    for bodies, searched, reason in steps:
        with WhooshWriter(tmp_path, language=Language.ENGLISH, bodies=bodies) as writer:
            assert (writer.searches_bodies, writer.replaces) == (searched, reason)
            writer.add([plain("a")])
            writer.commit(b"state")


def test_an_index_of_another_language_keeps_its_bodies(tmp_path: Path) -> None:
    with WhooshWriter(tmp_path, language=Language.ENGLISH, bodies=BodySearch.ON) as writer:
        writer.commit(b"")
    with WhooshWriter(tmp_path, language=Language.GERMAN) as writer:
        assert (writer.searches_bodies, writer.replaces[:16]) == (True, "its language was")


def test_runs_of_many_words_become_one_segment_that_a_small_change_leaves_alone(tmp_path: Path) -> None:
    # Memory stays flat, and a small change a small write, however long bodies are.
    articles = [replace(plain(f"{number:02}"), text="owl " * 96) for number in range(45)]
    with WhooshWriter(tmp_path, language=Language.ENGLISH, bodies=BodySearch.ON, most_words=1_000) as writer:
        writer.add(articles)
        writer.add([replace(articles[3], title="Anew"), replace(articles[44], title="Anew")])
        writer.delete(["07", "43"])
        writer.commit(b"")
    assert counts_in(tmp_path) == [43]
    with open_segments(tmp_path) as [segment]:
        kept = [article for number, article in enumerate(articles) if number not in {3, 7, 43, 44}]
        anew = [replace(articles[number], title="Anew") for number in (3, 44)]
        assert articles_of(segment) == [*kept, *anew]
    with WhooshWriter(tmp_path, language=Language.ENGLISH, most_words=1_000) as writer:
        writer.add([plain("new"), plain("newer")])
        writer.commit(b"")
    assert counts_in(tmp_path) == [43, 2]


async def test_another_language_builds_the_index_anew(tmp_path: Path) -> None:
    built(tmp_path, [replace(plain("a"), title="Häuser"), plain("b")], state=b"known")
    assert await served(tmp_path, "Haus") == []
    with WhooshWriter(tmp_path, language=Language.GERMAN) as writer:
        assert writer.state == b""
        writer.add([replace(plain("a"), title="Gasse")])
        assert writer.commit(b"known") == 2
    assert await served(tmp_path) == ["a"]
    assert await served(tmp_path, "Gassen") == ["a"]


async def test_another_version_builds_the_index_anew(tmp_path: Path) -> None:
    built(tmp_path, [plain("a"), plain("b")], state=b"known")
    older = replace(index_folder.readable(tmp_path)[1], version=VERSION - 1)
    index_folder.write_format(tmp_path, 1, older)
    # That version may have pickled what this one has no module for.
    (tmp_path / "_MAIN_1.toc").write_bytes(pickle.dumps(plain).replace(b"tests.samples", b"no_such.module"))
    told = f"built by another version .*format is {VERSION - 1}, this version reads {VERSION}.*`newsstand index`"
    with pytest.raises(IndexUnreadable, match=told):
        await WhooshEngine.open(tmp_path)
    with WhooshWriter(tmp_path, language=Language.ENGLISH):
        pass
    with pytest.raises(IndexUnreadable, match=told):
        await WhooshEngine.open(tmp_path)
    with WhooshWriter(tmp_path, language=Language.ENGLISH) as writer:
        assert (writer.state, writer.replaces[:27]) == (b"", "it was built by another ver")
        writer.add([plain("b")])
        writer.delete(["a"])
        writer.commit(b"")
    assert await served(tmp_path) == ["b"]


async def test_a_build_anew_of_nothing_empties_the_index(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")])
    assert built(tmp_path, [], language=Language.GERMAN) == 2
    assert await served(tmp_path) == []


def test_a_commit_of_the_state_alone_keeps_generation_and_time(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")], state=b"old")
    toc, before = index_folder.readable(tmp_path)
    number = toc.generation
    assert built(tmp_path, [], state=b"new") == number
    assert index_folder.readable(tmp_path)[1] == before
    assert index_folder.read_state(tmp_path, number) == b"new"


def segments(folder: Path) -> list[int]:
    """The number of articles in each segment, deleted ones left out."""
    toc, _ = index_folder.readable(folder)
    return [segment.doc_count() for segment in toc.segments]


async def test_many_small_builds_do_not_pile_up_segments(tmp_path: Path) -> None:
    most = 0
    for number in range(60):
        built(tmp_path, [plain(f"{number:02}")])
        most = max(most, len(segments(tmp_path)))
        assert sum(segments(tmp_path)) == number + 1
    assert 2 <= most <= 5
    assert await served(tmp_path) == [f"{number:02}" for number in range(60)]


def test_a_small_build_leaves_a_large_segment_as_it_is(tmp_path: Path) -> None:
    built(tmp_path, [plain(f"{number:02}") for number in range(40)])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("MAIN_*.*")}
    built(tmp_path, [plain("07"), plain("new")])
    assert before.items() <= {path: path.stat().st_mtime_ns for path in tmp_path.glob("MAIN_*.*")}.items()
    assert sorted(segments(tmp_path)) == [2, 39]


def test_a_segment_of_which_all_is_deleted_is_gone(tmp_path: Path) -> None:
    built(tmp_path, [plain(f"{number:02}") for number in range(40)])
    built(tmp_path, [plain("new")])
    with WhooshWriter(tmp_path, language=Language.ENGLISH) as writer:
        writer.delete(f"{number:02}" for number in range(40))
        writer.commit(b"")
    assert segments(tmp_path) == [1]
    assert names(tmp_path) == after(3)


edits = st.lists(
    st.tuples(st.lists(st.sampled_from(KEYS), max_size=3), corpora(max_size=6), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=30)
@given(edits)
async def test_merged_segments_hold_what_was_added_and_not_deleted(
    tmp_path_factory: pytest.TempPathFactory, builds: list[tuple[list[str], list[Article], bool]]
) -> None:
    folder, expected = tmp_path_factory.mktemp("index"), dict[str, Article]()
    for gone, articles, is_committed in builds:
        with WhooshWriter(folder, language=Language.ENGLISH, bodies=BodySearch.ON) as writer:
            writer.add(articles)
            writer.delete(gone)
            if is_committed:
                writer.commit(b"")
                expected |= {article.key: article for article in articles}
                expected = {k: article for k, article in expected.items() if k not in gone and article.published}
    if index_folder.newest(folder):
        with open_segments(folder) as stored:
            held = [article for segment in stored for article in articles_of(segment)]
            assert sorted(held, key=lambda article: article.key) == [expected[key] for key in sorted(expected)]
            for segment in stored:
                assert segment.count


def test_a_merged_segment_is_written_as_if_it_were_new(tmp_path: Path) -> None:
    articles = [*LIBRARY[:12]]
    for article in articles:
        built(tmp_path, [article])
    built(tmp_path, [replace(article, title="Twelve more") for article in LIBRARY[12:30]])
    with open_segments(tmp_path) as [merged], open_dir(tmp_path).reader() as reader:
        held = articles_of(merged)
        assert_same(read_contents(reader), contents_of(held))
        assert {article.key for article in held} == {article.key for article in LIBRARY[:30] if article.published}


def test_a_busy_index_says_which_and_what_to_do(tmp_path: Path) -> None:
    with WhooshWriter(tmp_path, language=Language.ENGLISH):
        with pytest.raises(IndexBusy, match="wait until it ends") as caught:
            WhooshWriter(tmp_path, language=Language.ENGLISH)
        assert str(tmp_path) in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexUnreadable, match="cannot be written"):
            WhooshWriter(folder, language=Language.ENGLISH)


def test_an_index_below_folders_that_are_missing_is_made(tmp_path: Path) -> None:
    assert built(tmp_path / "a" / "b", [plain("a")]) == 1
