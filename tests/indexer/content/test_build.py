"""Builds one after another: what is parsed, what is served, and what is told."""

import gc
from pathlib import Path

import orjson
import pytest

from indexer import engines
from indexer.content.build import build
from indexer.errors import ContentError, IndexUnreadable
from indexer.search.build_problems import NO_PROBLEMS
from indexer.whoosh_engine.storage import index_folder
from tests.indexer.folder import BROKEN, LATER, Folder, Recorder, article_text


def url(name: str) -> str:
    return f"https://daily.example/{name}"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with three articles, built once."""
    folder = Folder(tmp_path)
    for name in "abc":
        folder.write(f"{name}.md", article_text(f"Old {name}", url=url(name)))
    folder.build()
    return folder


OLD = {"a": "Old a", "b": "Old b", "c": "Old c"}


async def test_the_report_counts_what_was_done(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text("A", url=url("a"), more="published: no\n"))
    folder.write("b.md", article_text("B", url=url("b"), more="colour: x\n"))
    folder.write("c.md", BROKEN)
    report, _ = folder.build()
    assert (report.files, report.parsed, report.added, report.deleted) == (3, 3, 1, 0)
    assert (report.articles, report.errors, report.warnings) == (1, 3, 1)
    assert report.seconds >= 0
    assert await folder.titles() == {"b": "B"}


def test_progress_is_told_from_start_to_finish(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text())
    folder.write("b.md", BROKEN)
    (folder.content / "c").symlink_to("/")
    recorder = Recorder()
    with engines.open_writer(str(folder.index)) as writer:
        build(folder.content, writer, progress=recorder, processes=1)
    assert (recorder.files, recorder.advanced, recorder.finished) == ([2], 2, 1)
    assert {problem.path for problem in recorder.problems} == {"b.md", "c"}


def test_nothing_changed_parses_nothing_and_keeps_the_generation(folder: Folder) -> None:
    first, _ = folder.build()
    report, _ = folder.build()
    assert (report.parsed, report.added, report.deleted, report.articles) == (0, 0, 0, 3)
    assert report.generation == first.generation == 1


def test_nothing_changed_writes_no_file_again(folder: Folder) -> None:
    before = {path.name: path.stat().st_ino for path in folder.index.iterdir()}
    folder.build()
    assert {path.name: path.stat().st_ino for path in folder.index.iterdir()} == before


def test_the_garbage_collector_is_as_it_was_after_a_build_and_after_one_that_failed(folder: Folder) -> None:
    # A serving process builds first, and then lives long.
    gc.disable()
    try:
        folder.build()
        assert not gc.isenabled()
    finally:
        gc.enable()
    folder.build()
    assert gc.isenabled()
    folder.content.rename(folder.content.with_name("elsewhere"))
    with pytest.raises(ContentError):
        folder.build()
    assert gc.isenabled()


async def test_one_file_changed_parses_one(folder: Folder) -> None:
    folder.write("b.md", article_text("New b", url=url("b")))
    report, _ = folder.build()
    assert (report.parsed, report.added, report.generation) == (1, 1, 2)
    assert await folder.titles() == {**OLD, "b": "New b"}


def test_a_file_touched_with_the_same_content_parses_none(folder: Folder) -> None:
    folder.write("b.md", (folder.content / "b.md").read_bytes())
    report, _ = folder.build()
    assert (report.parsed, report.added, report.generation) == (0, 0, 1)
    assert folder.state()["b.md"].stamp is None  # its rights or name, at least, changed a moment ago


async def test_a_broken_edit_keeps_the_old_version_and_repair_brings_the_new(folder: Folder) -> None:
    folder.write("b.md", BROKEN)
    report, told = folder.build()
    assert (report.articles, report.generation, report.errors) == (3, 1, 3)
    assert await folder.titles() == OLD
    assert folder.build()[1] == told
    folder.write("b.md", article_text("New b", url=url("b")))
    assert folder.build()[1] == []
    assert await folder.titles() == {**OLD, "b": "New b"}


async def test_the_problems_of_the_last_build_lie_with_the_index(folder: Folder) -> None:
    folder.write("b.md", BROKEN)
    (folder.content / "z").symlink_to("/")
    told = folder.build()[1]
    engine = await engines.open_engine(str(folder.index))
    problems = (await engine.status(now=LATER)).problems
    assert sorted(map(str, problems.listed)) == sorted(told)
    assert problems.errors == 4
    (folder.content / "z").unlink()
    folder.write("b.md", article_text("New b", url=url("b")))
    folder.build()
    await engine.refresh()
    assert (await engine.status(now=LATER)).problems == NO_PROBLEMS
    await engine.close()


async def test_problems_that_cannot_be_read_are_none_until_the_next_build(folder: Folder) -> None:
    folder.write("b.md", BROKEN)
    folder.build()
    (folder.index / "newsstand.problems").write_bytes(b"{")
    assert index_folder.read_problems(folder.index) == NO_PROBLEMS
    folder.build()
    assert index_folder.read_problems(folder.index).errors == 3


async def test_a_broken_file_that_is_deleted_takes_its_old_version_along(folder: Folder) -> None:
    folder.write("b.md", BROKEN)
    folder.build()
    folder.delete("b.md")
    report, _ = folder.build()
    assert (report.deleted, report.articles) == (1, 2)
    assert await folder.titles() == {"a": "Old a", "c": "Old c"}


async def test_a_renamed_file_has_its_new_key_only(folder: Folder) -> None:
    (folder.content / "b.md").rename(folder.content / "z.md")
    report, told = folder.build()
    assert (report.added, report.deleted, told) == (1, 1, [])
    assert await folder.titles() == {"a": "Old a", "c": "Old c", "z": "Old b"}


async def test_another_suffix_is_the_same_article(folder: Folder) -> None:
    (folder.content / "b.md").rename(folder.content / "b.markdown")
    report, told = folder.build()
    assert (report.deleted, told) == (0, [])
    assert await folder.titles() == OLD


async def test_a_draft_comes_and_goes(folder: Folder) -> None:
    folder.write("b.md", article_text("Old b", url=url("b"), more="published: no\n"))
    report, _ = folder.build()
    assert (report.articles, report.deleted) == (2, 1)
    assert await folder.titles() == {"a": "Old a", "c": "Old c"}
    folder.write("b.md", article_text("Old b", url=url("b"), more="published: yes\n"))
    folder.build()
    assert await folder.titles() == OLD


async def test_of_two_with_one_url_the_later_waits_for_its_turn(folder: Folder) -> None:
    folder.write("d.md", article_text("Old d", url=url("a") + "/#again"))
    _, told = folder.build()
    assert told == [
        "d.md:4:9: error: webUrl: is that of a.md already; give it a webUrl of its own, or remove one of the two"
    ]
    assert folder.build()[1] == told
    assert await folder.titles() == OLD
    folder.delete("a.md")
    report, told = folder.build()
    assert (report.added, report.deleted, told) == (1, 1, [])
    assert await folder.titles() == {"b": "Old b", "c": "Old c", "d": "Old d"}


async def test_a_newcomer_that_sorts_earlier_withdraws_nothing(folder: Folder) -> None:
    folder.write("a0.md", article_text("New", url=url("b")))
    report, told = folder.build()
    assert (report.added, report.deleted, len(told)) == (0, 0, 1)
    assert told[0].startswith("a0.md:4:9: error: webUrl: is that of b.md already")
    assert await folder.titles() == OLD
    folder.write("a0.md", article_text("New", url=url("a0")))
    assert folder.build()[1] == []
    assert await folder.titles() == {**OLD, "a0": "New"}


async def test_two_articles_may_swap_their_urls(folder: Folder) -> None:
    folder.write("a.md", article_text("New a", url=url("b")))
    folder.write("b.md", article_text("New b", url=url("a")))
    assert folder.build()[1] == []
    assert await folder.titles() == {"a": "New a", "b": "New b", "c": "Old c"}


async def test_a_url_that_an_old_version_holds_is_not_given_away(folder: Folder) -> None:
    folder.write("b.md", BROKEN)
    folder.write("d.md", article_text("New d", url=url("b")))
    _, told = folder.build()
    assert [line.split(":")[0] for line in told] == ["b.md", "b.md", "b.md", "d.md"]
    assert await folder.titles() == OLD


async def test_a_state_of_another_format_is_read_anew_and_leaves_nothing_behind(folder: Folder) -> None:
    with engines.open_writer(str(folder.index)) as writer:
        writer.commit(orjson.dumps({**orjson.loads(writer.state), "format": 0}))
    folder.delete("b.md")
    report, _ = folder.build()
    assert (report.parsed, report.deleted, report.articles) == (2, 1, 2)
    assert await folder.titles() == {"a": "Old a", "c": "Old c"}
    assert folder.build()[0].parsed == 0


async def test_a_state_of_other_bytes_is_told_and_leaves_the_index_as_it_was(folder: Folder) -> None:
    with engines.open_writer(str(folder.index)) as writer:
        writer.commit(writer.state[:-5])
    with pytest.raises(IndexUnreadable, match="build it anew"):
        folder.build()
    assert await folder.titles() == OLD


async def test_an_index_with_a_damaged_state_is_built_anew(folder: Folder) -> None:
    [state] = folder.index.glob("*.state")
    state.write_bytes(state.read_bytes()[:-5])
    report, _ = folder.build()
    assert report.parsed == len(OLD)
    assert await folder.titles() == OLD


async def test_a_content_folder_that_is_gone_leaves_the_index_as_it_was(folder: Folder) -> None:
    folder.content.rename(folder.content.with_name("elsewhere"))
    with pytest.raises(ContentError, match="there is no content folder"):
        folder.build()
    assert await folder.titles() == OLD


def test_nothing_of_what_is_secured_is_in_the_index_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text(more="secured: gAAAAAB-opaque\n"))
    folder.write("b.md", article_text(more="secured: gAAAAAB-opaque\nquality: x\n"))
    folder.write("c.md", article_text(more="secured: gAAAAAB-opaque: x\n"))
    _, told = folder.build()
    assert len(told) == 2
    assert b"gAAAAAB" not in b"".join(path.read_bytes() for path in folder.index.rglob("*") if path.is_file())
    assert "gAAAAAB" not in "".join(told)


EXTREMES = {
    "long-word": article_text("w" * 1_000),
    "many-words": article_text("owl " * 250, url=url("2")),
    "long-topic": article_text("Topic", url=url("3"), more=f"topics: [{'t' * 200}]\n"),
    "long-url": article_text("Url", url=url("u" * 900_000)),
    "long-domain": article_text("Domain", url=url("4")).replace("daily.example}", f"{'d' * 900_000}.example}}"),
    "separators": article_text('"N\\NL \\L"', url=url("5"), more='topics: ["\\P", "\\_|"]\ncategory: "\\t"\n'),
    "no-letters": article_text('"!!!"', url=url("6")),
    "first-day": article_text("First", url=url("7")).replace("2021-03-04", "0001-01-01"),
    "last-day": article_text("Last", url=url("8")).replace("2021-03-04", "2099-12-31T23:59:59.999999Z"),
    "a" * 200: article_text("Name", url=url("9")),
    "line\nbreak \U0001f989": article_text("Name", url=url("10")),
}


async def test_extreme_but_legal_articles_keep_no_other_out(folder: Folder) -> None:
    for name, text in EXTREMES.items():
        folder.write(f"{name}.md", text)
    _, told = folder.build()
    assert told == []
    assert (await folder.titles()).keys() == EXTREMES.keys() | OLD.keys()
