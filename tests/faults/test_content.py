"""Content that changes, vanishes or turns into something else while it is read."""

import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import engines
from indexer.content.build import Builder, Deletions, build
from indexer.errors import ContentError, ContentProblem, ManyDeletions
from indexer.text.language import Language
from tests.indexer.folder import BROKEN, Folder, Recorder, article_text

pytestmark = pytest.mark.faults


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A built folder of thirty articles."""
    folder = Folder(tmp_path)
    for number in range(30):
        folder.write(f"{number:02}.md", text(number))
    folder.build()
    return folder


def text(number: int, title: str = "") -> str:
    return article_text(title or f"Old {number}", url=f"https://daily.example/{number}")


class Meddler(Recorder):
    """A listener to a build that does something once its files are listed, and before any is read."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        super().__init__()
        self._meddle = meddle

    def start(self, files: int) -> None:
        self._meddle()
        super().start(files)


def build_and(folder: Folder, meddle: Callable[[], object]) -> list[ContentProblem]:
    """A build with something done to its files while it goes on; the problems that it tells."""
    meddler = Meddler(meddle)
    with engines.open_writer(str(folder.index)) as writer:
        build(folder.content, writer, progress=meddler, processes=1, full=True)
    return meddler.problems


def to_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def to_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def to_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def to_much(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(2**40)  # all of it a hole


def to_a_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize("turn", [to_a_pipe, to_a_folder, to_nothing, to_half, to_much, to_a_loop])
async def test_a_file_that_turns_into_something_else_while_it_is_read_keeps_its_last_good_version(
    folder: Folder, turn: Callable[[Path], None]
) -> None:
    before = await folder.titles()
    problems = build_and(folder, lambda: turn(folder.content / "07.md"))
    assert [(problem.path, bool(problem.reason and problem.remedy)) for problem in problems] == [("07.md", True)]
    assert await folder.titles() == before
    path = folder.content / "07.md"
    if not path.is_dir():  # in the place of a file that is gone
        folder.build()
        assert await folder.titles() == before
    path.rmdir() if path.is_dir() else path.unlink()
    folder.write("07.md", text(7, "New 7"))
    folder.build()
    assert await folder.titles() == {**before, "07": "New 7"}


@pytest.mark.parametrize("name", [".newsstandignore", "_defaults.yaml"])
async def test_a_pipe_in_the_place_of_rules_stops_no_build(folder: Folder, name: str) -> None:
    before = await folder.titles()
    os.mkfifo(folder.content / name)
    folder.write("08.md", text(8, "New 8"))
    _, told = folder.build()
    assert [name in line for line in told] == [True]
    assert await folder.titles() == before  # what it says of the articles is not known
    (folder.content / name).unlink()
    folder.build()
    assert await folder.titles() == {**before, "08": "New 8"}


async def test_files_that_vanish_or_come_while_others_are_read_are_right_after_the_next_build(folder: Folder) -> None:
    def meddle() -> None:
        folder.delete("03.md")
        folder.write("40.md", text(40))
        folder.write("05.md", text(5, "New 5"))

    before = await folder.titles()
    build_and(folder, meddle)
    assert (await folder.titles()).keys() <= before.keys() | {"40"}
    folder.build()
    expected = {**before, "05": "New 5", "40": "Old 40"}
    del expected["03"]
    assert await folder.titles() == expected


def in_place(path: Path, data: bytes) -> Iterator[None]:
    """As an editor that empties a file and writes it in two steps."""
    with path.open("wb") as file:
        yield
        file.write(data[:40])
        file.flush()
        yield
        file.write(data[40:])


def by_a_rename(path: Path, data: bytes) -> Iterator[None]:
    """As an editor that writes a hidden file and renames it."""
    draft = path.with_name(f".{path.name}.swp")
    draft.write_bytes(data)
    yield
    draft.replace(path)
    yield


def by_a_backup(path: Path, data: bytes) -> Iterator[None]:
    """As an editor that moves the old file away first."""
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    yield
    path.write_bytes(data)
    yield
    backup.unlink()


@pytest.mark.parametrize("save", [in_place, by_a_rename, by_a_backup])
async def test_builds_in_the_middle_of_a_save_lose_nothing(
    folder: Folder, save: Callable[[Path, bytes], Iterator[None]]
) -> None:
    before = await folder.titles()
    for _ in save(folder.content / "07.md", text(7, "New 7").encode()):
        folder.build()
        served = await folder.titles()
        served.pop("07", None)  # while its file is gone, it is too
        assert {**served, "07": ""} == {**before, "07": ""}
    folder.build()
    assert await folder.titles() == {**before, "07": "New 7"}


@pytest.mark.parametrize(
    ("name", "renamed"),
    [("Owls.md", "owls.md"), ("caf\u00e9.md", "cafe\u0301.md"), ("cafe\u0301.md", "caf\u00e9.md"), ("a.md", "a.MD")],
)
async def test_a_rename_that_only_case_or_unicode_tells_leaves_one_article(
    folder: Folder, name: str, renamed: str
) -> None:
    before = await folder.titles()
    path = folder.write(name, text(50))
    folder.build()
    path.rename(folder.content / renamed)
    folder.build()
    assert await folder.titles() == {**before, unicodedata.normalize("NFC", renamed.rpartition(".")[0]): "Old 50"}
    assert folder.build()[1] == []


async def test_a_clock_that_is_set_back_hides_no_edit(folder: Folder) -> None:
    before = await folder.titles()
    now = 1_900_000_000_000_000_000
    builder = Builder(folder.content, processes=1, clock_ns=lambda: now)
    with engines.open_writer(str(folder.index)) as writer:
        builder.build(writer, progress=Recorder(), full=True)
    folder.write("07.md", text(7, "New 7"))
    now = 1_500_000_000_000_000_000  # before any file was written
    with engines.open_writer(str(folder.index)) as writer:
        builder.build(writer, progress=Recorder())
    assert await folder.titles() == {**before, "07": "New 7"}


@pytest.mark.parametrize("left", [0, 14])
@pytest.mark.parametrize("language", [Language.ENGLISH, Language.GERMAN], ids=["index is kept", "index is replaced"])
async def test_a_folder_that_is_suddenly_empty_or_half_gone_takes_no_article_along(
    folder: Folder, left: int, language: Language
) -> None:
    before = await folder.titles()
    for number in range(left, 30):
        folder.delete(f"{number:02}.md")

    def rebuild(deletions: Deletions) -> None:
        with engines.open_writer(str(folder.index), language=language) as writer:
            build(folder.content, writer, progress=Recorder(), processes=1, deletions=deletions)

    for _ in range(2):
        with pytest.raises(ManyDeletions, match=f"{30 - left} of 30 articles are no longer in .*--allow-deletions"):
            rebuild(Deletions.FEW)
        assert await folder.titles() == before
    rebuild(Deletions.ALL)
    assert len(await folder.titles()) == left


async def test_a_damaged_index_is_not_replaced_by_an_empty_one(folder: Folder) -> None:
    for number in range(30):
        folder.delete(f"{number:02}.md")
    [articles] = folder.index.glob("*.article.col")
    whole = articles.read_bytes()
    articles.write_bytes(whole[:-1])
    with pytest.raises(ManyDeletions):
        folder.build()
    articles.write_bytes(whole)
    assert len(await folder.titles()) == 30


async def test_a_content_folder_that_is_gone_or_a_file_is_told(folder: Folder) -> None:
    before = await folder.titles()
    folder.content.rename(folder.content.with_name("elsewhere"))
    with pytest.raises(ContentError):
        folder.build()
    folder.content.write_text(BROKEN)
    with pytest.raises(ContentError):
        folder.build()
    assert await folder.titles() == before
