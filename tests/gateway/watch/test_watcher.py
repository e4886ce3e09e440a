"""Notices become builds: of what changed, of what no notice told of, and again after a trouble."""

import os
from collections import deque
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.config.settings import Settings
from gateway.watch.watcher import Watcher
from indexer import engines
from indexer.content.build_report import BuildReport
from indexer.search.engine import IndexWriter
from indexer.whoosh_engine.storage import index_folder
from tests.indexer.folder import BROKEN, Folder, article_text


class Notices:
    """Notices that a test gives. None stands for another folder."""

    def __init__(self) -> None:
        self.next: deque[set[str] | None] = deque([None])

    def wait(self) -> set[str] | None:
        return self.next.popleft() if self.next else set()


class Desk:
    """A folder and its watcher, by a clock that tests set."""

    def __init__(self, root: Path, **settings: object) -> None:
        self.folder = Folder(root)
        self.now = 0.0
        self.notices = Notices()
        for name in "abc":
            self.write(f"{name}.md", f"Old {name}")
        self.settings = Settings(content=self.folder.content, index=str(self.folder.index), **settings)
        self.watcher = Watcher(self.settings, self.notices, open_writer=self.open_writer, clock=lambda: self.now)

    def open_writer(self) -> IndexWriter:
        return engines.open_writer(self.settings.index)

    def write(self, path: str, title: str) -> None:
        name = path.partition(".")[0]
        self.folder.write(path, article_text(title, url=f"https://daily.example/{name}"))

    def turn(self, *paths: str, seconds: float = 0.1) -> BuildReport | None:
        """A turn in which these paths are noticed."""
        if paths:
            self.notices.next.append(set(paths))
        self.now += seconds
        return self.watcher.turn()

    def turns(self, seconds: float) -> list[BuildReport]:
        """The builds within so many seconds without a notice."""
        reports = [self.turn() for _ in range(round(seconds * 10))]
        return [report for report in reports if report]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    assert desk.turn()
    return desk


async def test_it_begins_with_a_look_at_all(desk: Desk) -> None:
    assert await desk.folder.titles() == {"a": "Old a", "b": "Old b", "c": "Old c"}
    assert desk.turn() is None


async def test_a_saved_moved_and_deleted_file_is_built(desk: Desk) -> None:
    desk.write("a.md", "New a")
    desk.turn("a.md")
    (desk.folder.content / "b.md").rename(desk.folder.content / "z.md")
    desk.turn("b.md", "z.md")
    desk.folder.delete("c.md")
    desk.turn("c.md")
    assert await desk.folder.titles() == {"a": "New a", "z": "Old b"}


async def test_a_folder_that_comes_moves_and_goes_is_built_with_all_that_is_in_it(desk: Desk) -> None:
    desk.write("d/e/x.md", "New x")
    desk.turn("d")
    assert "d/e/x" in await desk.folder.titles()
    (desk.folder.content / "d").rename(desk.folder.content / "f")
    desk.turn("d", "f")
    assert {"d/e/x", "f/e/x"} & (await desk.folder.titles()).keys() == {"f/e/x"}
    (desk.folder.content / "f/e/x.md").unlink()
    os.removedirs(desk.folder.content / "f/e")
    desk.turn("f")
    assert (await desk.folder.titles()).keys() == {"a", "b", "c"}


async def test_a_file_that_came_just_before_its_new_folder_was_watched_is_found_a_second_later(desk: Desk) -> None:
    desk.write("d/x.md", "New x")
    desk.turn("d")
    desk.write("d/y.md", "New y")
    assert [report.added for report in desk.turns(2)] == [1]
    assert (await desk.folder.titles()).keys() == {"a", "b", "c", "d/x", "d/y"}


def test_what_is_no_content_is_not_built(desk: Desk) -> None:
    for name in ("notes.txt", "a.md~", ".a.md.swp", "photo.jpg"):
        desk.folder.write(name, "x")
        assert desk.turn(name) is None
        desk.folder.delete(name)
        assert desk.turn(name) is None


async def test_defaults_and_ignore_rules_are_built_for_all_files_below(desk: Desk) -> None:
    desk.folder.write("d/x.md", article_text("X", url="https://daily.example/x"))
    desk.folder.write("d/y.md", article_text("Y", url="https://daily.example/y"))
    desk.turn("d")
    desk.folder.write("d/_defaults.yaml", "category: birds\n")
    desk.turn("d/_defaults.yaml")
    served = await desk.folder.served()
    assert {key: article.category for key, article in served.items()} == {
        **dict.fromkeys("abc"),
        "d/x": "birds",
        "d/y": "birds",
    }
    desk.folder.write("d/.newsstandignore", "x.md\n")
    desk.turn("d/.newsstandignore")
    assert (await desk.folder.titles()).keys() == {"a", "b", "c", "d/y"}
    desk.folder.delete("d/.newsstandignore")
    desk.turn("d/.newsstandignore")
    assert (await desk.folder.titles()).keys() == {"a", "b", "c", "d/x", "d/y"}


async def test_another_mapping_is_taken_up_and_a_broken_one_is_told_and_changes_nothing(tmp_path: Path) -> None:
    mapping = tmp_path / "fields.yaml"
    mapping.write_text("category: [category]\n")
    desk = Desk(tmp_path, fields=str(mapping))
    desk.folder.write("a.md", article_text("Old a", url="https://daily.example/a", more="section: birds\n"))
    desk.turn()
    mapping.write_text("category: [section]\n")
    desk.turn()
    assert (await desk.folder.served())["a"].category == "birds"
    mapping.write_text("category: [\n")
    desk.turn()
    assert (await desk.folder.served())["a"].category == "birds"
    [problem] = index_folder.read_problems(desk.folder.index).listed
    assert problem.path == str(mapping)
    mapping.write_text("category: [section]\n")
    desk.turn()
    assert index_folder.read_problems(desk.folder.index).count == 0


async def test_a_broken_save_keeps_the_last_good_version_and_is_logged_once(desk: Desk) -> None:
    desk.folder.write("a.md", BROKEN)
    with capture_logs() as lines:
        desk.turn("a.md")
        desk.turn("a.md", "b.md")
        desk.turns(40)
    assert [line["problem"].split(":")[0] for line in lines] == ["a.md"] * 3
    assert {line["event"] for line in lines} == {"content problem"}
    assert (await desk.folder.titles())["a"] == "Old a"
    assert index_folder.read_problems(desk.folder.index).errors == 3


async def test_a_change_without_a_notice_is_found_within_a_minute(desk: Desk) -> None:
    desk.turns(60)
    desk.write("a.md", "New a")
    desk.folder.delete("b.md")
    assert sum(report.added + report.deleted for report in desk.turns(60)) == 2
    assert await desk.folder.titles() == {"a": "New a", "c": "Old c"}


async def test_while_another_build_goes_on_it_waits(desk: Desk) -> None:
    desk.write("a.md", "New a")
    with engines.open_writer(str(desk.folder.index)), capture_logs() as lines:
        assert [desk.turn("a.md"), *desk.turns(3)] == [None]
    assert [line["event"] for line in lines] == ["the index stays as it was"]
    assert desk.turns(1)
    assert (await desk.folder.titles())["a"] == "New a"


async def test_a_folder_that_is_emptied_is_told_once_and_built_when_it_is_full_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(20):
        desk.write(f"n{number}.md", f"N {number}")
    desk.turn()
    full = desk.folder.content.with_name("full")
    desk.folder.content.rename(full)
    desk.folder.content.mkdir()
    desk.notices.next.append(None)
    with capture_logs() as lines:
        assert desk.turns(40) == []
    assert len(lines) == 1
    assert "--allow-deletions" in lines[0]["reason"]
    assert len(await desk.folder.titles()) == 23
    desk.folder.content.rmdir()
    full.rename(desk.folder.content)
    desk.write("a.md", "New a")
    desk.notices.next.append(None)
    assert desk.turn()
    assert (await desk.folder.titles())["a"] == "New a"


async def test_a_folder_that_is_missing_is_told_once_and_built_when_it_comes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    away = desk.folder.content.with_name("away")
    desk.folder.content.rename(away)
    with capture_logs() as lines:
        assert desk.turns(20) == []
    assert [line["event"] for line in lines] == ["the index stays as it was"]
    away.rename(desk.folder.content)
    desk.notices.next.append(None)
    assert desk.turn()
    assert len(await desk.folder.titles()) == 3


async def test_an_index_that_is_removed_is_built_anew(desk: Desk) -> None:
    for path in desk.folder.index.iterdir():
        path.unlink()
    desk.turn("a.md")
    assert len(await desk.folder.titles()) == 3


@pytest.mark.parametrize("pattern", ["*.article.col", "*.pst", "*.toc", "*.format"])
async def test_an_index_that_is_damaged_or_removed_is_built_anew_within_a_minute(desk: Desk, pattern: str) -> None:
    assert sum(report.added for report in desk.turns(60)) == 0
    [file] = desk.folder.index.glob(pattern)
    file.write_bytes(file.read_bytes()[:-1])
    with capture_logs() as lines:
        assert sum(report.added for report in desk.turns(60)) == 3
    assert [line["event"] for line in lines] == ["the index is built anew", "built"]
    assert len(await desk.folder.titles()) == 3
    for path in desk.folder.index.iterdir():
        path.unlink()
    assert sum(report.added for report in desk.turns(60)) == 3
