"""The folder of an index: what is found there, and what is told of damage."""

import gc
import os
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, SearchIndexError
from indexer.search.trust import Trust
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine, newest
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import found
from tests.indexer.whoosh_engine.segments import ENGLISH
from tests.replacing import replace
from tests.samples import plain
from tests.unprivileged import public_folder, unprivileged

UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""Whoosh leaves a file open that it fails to read."""

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "emptied": lambda _: b"",
    "turned": lambda data: bytes(byte ^ 0x5A for byte in data),
}


def change(folder: Path, pattern: str, damage: Callable[[bytes], bytes] | None) -> None:
    """Damage the one file of that name, or remove it."""
    [file] = folder.glob(pattern)
    if damage:
        file.write_bytes(damage(file.read_bytes()))
    else:
        file.unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three articles."""
    with WhooshWriter(tmp_path / "index", language=Language.ENGLISH) as writer:
        writer.add(map(plain, "abc"))
        writer.commit(b"state")
    return tmp_path / "index"


async def served(folder: Path) -> list[str]:
    """The keys of the articles in the index, all of them read."""
    engine = await WhooshEngine.open(folder)
    try:
        return await found(engine)
    finally:
        await engine.close()


@pytest.fixture
def tidied() -> Iterator[None]:
    """Collects what a test left open while its own rules for warnings hold."""
    yield
    gc.collect()


def test_the_newest_of_several_generations_is_the_one_with_the_highest_number(tmp_path: Path) -> None:
    assert index_folder.newest(tmp_path / "nowhere") is None
    assert index_folder.newest(tmp_path) is None
    for name in ("_MAIN_9.toc", "_MAIN_10.toc", "_MAIN_11.toc.1720000000.0", "_OTHER_12.toc", "newsstand_13.format"):
        (tmp_path / name).touch()
    assert index_folder.newest(tmp_path) == 10


@pytest.mark.parametrize("name", ["nowhere", "empty", "file"])
def test_where_there_is_no_index_the_command_to_build_one_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(IndexMissing, match="build it with `newsstand index`") as caught:
        index_folder.readable(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_an_index_of_which_no_build_was_finished_is_missing(tmp_path: Path) -> None:
    with WhooshWriter(tmp_path, language=Language.ENGLISH):
        pass
    with pytest.raises(IndexMissing, match="build it with `newsstand index`"):
        index_folder.readable(tmp_path)


def with_another(folder: Path, key: str) -> str:
    """Add an article, and tell for what reason the index was built anew for it."""
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        writer.add([plain(key)])
        writer.commit(b"")
        return writer.replaces


@pytest.mark.parametrize("damage", [*DAMAGES, None])
@pytest.mark.parametrize("pattern", ["*.toc", "*.article.col"])
async def test_damage_is_told_to_readers_with_a_remedy(folder: Path, pattern: str, damage: str | None) -> None:
    change(folder, pattern, damage and DAMAGES[damage])
    with pytest.raises(SearchIndexError, match=r"build it .*with `newsstand index"):
        await served(folder)


@pytest.mark.parametrize("damage", [*DAMAGES, None])
@pytest.mark.parametrize("pattern", ["*.toc", "*.trm", "*.pst", "*.article.col", "*.heat.col", "*.state"])
async def test_a_build_replaces_a_damaged_index_and_says_why(folder: Path, pattern: str, damage: str | None) -> None:
    change(folder, pattern, damage and DAMAGES[damage])
    reason = with_another(folder, "d")
    is_gone = (pattern, damage) == ("*.toc", None)  # without a table of contents there is no index
    assert reason.startswith("it is damaged (") is not is_gone
    assert await served(folder) == ["d"]


async def test_what_searches_do_not_read_may_be_damaged_until_a_build(folder: Path) -> None:
    for pattern in ("*.trm", "*.pst", "*.heat.col"):
        change(folder, pattern, None)
    assert await served(folder) == ["a", "b", "c"]


async def test_arrays_are_not_made_of_damaged_files(folder: Path) -> None:
    change(folder, "*.arrays", None)
    change(folder, "*.pst", DAMAGES["turned"])
    with pytest.raises(IndexDamaged, match=r"is damaged \(MAIN_\w+\.pst: the file has other bytes than were written\)"):
        await served(folder)


async def test_files_that_nobody_has_touched_are_read_only_by_a_build_that_trusts_nothing(folder: Path) -> None:
    # A disk that forgets changes no time. A test cannot do that, but it can change what was written down.
    _, built = index_folder.readable(folder)
    checksums = {
        name: sum_._replace(crc32=sum_.crc32 ^ name.endswith(".pst")) for name, sum_ in built.checksums.items()
    }
    index_folder.write_format(folder, 1, replace(built, checksums=checksums))
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        assert writer.replaces == ""
    with WhooshWriter(folder, language=Language.ENGLISH, trust=Trust.NOTHING) as writer:
        assert re.fullmatch(
            r"it is damaged \(MAIN_\w+\.pst: the file has other bytes than were written\)", writer.replaces
        )


@pytest.mark.parametrize("damage", DAMAGES)
async def test_without_its_format_a_generation_was_not_finished_and_the_next_build_replaces_it(
    folder: Path, damage: str
) -> None:
    change(folder, "*.format", DAMAGES[damage])
    with pytest.raises(IndexMissing, match="no finished build"):
        await WhooshEngine.open(folder)
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        assert writer.state == b""
        writer.add([plain("a")])
        writer.commit(b"")
    toc, built = index_folder.readable(folder)
    assert (sum(segment.doc_count() for segment in toc.segments), toc.generation) == (1, 2)
    assert (built.version, built.language) == (ENGLISH.version, ENGLISH.language)


def test_what_belongs_to_a_generation_is_written_read_and_forgotten(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        index_folder.write_format(tmp_path, number, ENGLISH)
        index_folder.write_state(tmp_path, number, f"state {number}".encode())
    for draft in ("newsstand_1.state.tmp", "newsstand_3.format.tmp", "_MAIN_1.toc.tmp"):
        (tmp_path / draft).touch()
    (tmp_path / "notes.txt").touch()
    built = index_folder.publish(tmp_path, 1, [], built=ENGLISH, state=b"state 1")
    index_folder.tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("_MAIN_1.toc", "newsstand_1.format", "newsstand_1.state", "notes.txt"),
    ]
    assert (index_folder.read_format(tmp_path, 1), index_folder.read_state(tmp_path, 1)) == (built, b"state 1")
    assert index_folder.read_format(tmp_path, 2) is None
    with pytest.raises(IndexDamaged, match=r"newsstand_2\.state: the file is missing"):
        index_folder.read_state(tmp_path, 2)


@contextmanager
def descriptors(free: int) -> Iterator[None]:
    """So many file descriptors are left to this process, for a while."""
    lowest = os.dup(0)
    os.close(lowest)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@UNCLOSED
@pytest.mark.usefixtures("tidied")
def test_without_file_descriptors_the_index_is_neither_missing_nor_damaged(folder: Path) -> None:
    opened = 0
    for free in range(12):
        gc.collect()
        with descriptors(free):
            try:
                newest(folder).close()
                opened += 1
            except IndexUnreadable as error:
                assert "no file descriptors are left; raise `ulimit -n`" in str(error), free  # noqa: PT017
                assert opened == 0
    assert 0 < opened < 12


def test_a_folder_that_may_not_be_read_is_not_called_missing() -> None:
    with public_folder() as folder:
        folder.chmod(0o700)
        with unprivileged(), pytest.raises(IndexUnreadable, match="cannot be read: Permission denied; let this user"):
            index_folder.readable(folder)
