"""Builds of the Whoosh index: what makes it new from the ground up, and what a build leaves on disk."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.errors import IndexBusy, IndexUnreadable
from indexer.whoosh_engine import place
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.format import VERSION
from indexer.whoosh_engine.writer import WhooshWriter
from tests.asking import found
from tests.samples import plain


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
    """What lies in the folder, segments under one name."""
    return {"segment" if path.suffix == ".seg" else path.name for path in folder.iterdir()}


def after(generation: int) -> set[str]:
    """What a finished build leaves."""
    state = {f"newsstand_{generation}.{kind}" for kind in ("format", "state")}
    return {"MAIN_WRITELOCK", "segment", f"_MAIN_{generation}.toc", *state}


def test_every_build_leaves_its_own_generation_only(tmp_path: Path) -> None:
    for generation in (1, 2, 3):
        assert built(tmp_path, [plain(f"{generation}")]) == generation
        assert names(tmp_path) == after(generation)


async def test_an_abandoned_build_leaves_nothing(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")])
    before = files(tmp_path)
    with WhooshWriter(tmp_path, language="english") as writer:
        writer.add([plain("a"), plain("b")])
    assert files(tmp_path) == before
    assert await served(tmp_path) == ["a"]


@pytest.mark.parametrize("changed", ["articles", "nothing"])
async def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path, changed: str) -> None:
    # Killed between what is written first and the rename that would have completed the generation.
    built(tmp_path, [plain("a")], state=b"old")
    before = names(tmp_path)
    place.write(tmp_path, 2, place.open_reader(tmp_path)[2], b"never finished")
    (tmp_path / "newsstand_2.format.tmp").write_bytes(b"half")
    for name in ("MAIN_0123456789abcdef.seg", "MAIN_0123456789abcdef.trm", "_MAIN_2.toc.1720000000.0"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / "MAIN.tmp").mkdir()
    assert await served(tmp_path) == ["a"]
    with WhooshWriter(tmp_path, language="english") as writer:
        assert writer.state == b"old"
        writer.add([plain("b")] if changed == "articles" else [])
        generation = writer.commit(b"new")
    assert before == after(1)
    if changed == "articles":
        assert names(tmp_path) - {"_MAIN_2.toc.1720000000.0"} == after(generation) == after(2)
    assert await served(tmp_path) == (["a", "b"] if changed == "articles" else ["a"])


async def test_another_language_builds_the_index_anew(tmp_path: Path) -> None:
    built(tmp_path, [replace(plain("a"), title="Häuser"), plain("b")], state=b"known")
    assert await served(tmp_path, "Haus") == []
    with WhooshWriter(tmp_path, language="german") as writer:
        assert writer.state == b""
        writer.add([replace(plain("a"), title="Gasse")])
        assert writer.commit(b"known") == 2
    assert await served(tmp_path) == ["a"]
    assert await served(tmp_path, "Gassen") == ["a"]


async def test_another_version_builds_the_index_anew(tmp_path: Path) -> None:
    built(tmp_path, [plain("a"), plain("b")], state=b"known")
    older = replace(place.open_reader(tmp_path)[2], version=VERSION - 1)
    place.write(tmp_path, 1, older, b"known")
    with pytest.raises(IndexUnreadable, match=f"format {VERSION - 1}, not {VERSION}; remove the folder"):
        await WhooshEngine.open(tmp_path)
    with WhooshWriter(tmp_path, language="english") as writer:
        assert writer.state == b""
        writer.add([plain("b")])
        writer.delete(["a"])
        writer.commit(b"")
    assert await served(tmp_path) == ["b"]


async def test_a_build_anew_of_nothing_empties_the_index(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")])
    assert built(tmp_path, [], language="german") == 2
    assert await served(tmp_path) == []


def test_a_commit_of_the_state_alone_keeps_generation_and_time(tmp_path: Path) -> None:
    built(tmp_path, [plain("a")], state=b"old")
    _, number, before = place.open_reader(tmp_path)
    assert built(tmp_path, [], state=b"new") == number
    assert place.open_reader(tmp_path)[2] == before
    assert place.read_state(tmp_path, number) == b"new"


async def test_many_small_builds_do_not_pile_up_segments(tmp_path: Path) -> None:
    for number in range(30):
        built(tmp_path, [plain(f"{number:02}")])
    assert sum(path.suffix == ".seg" for path in files(tmp_path)) <= 6
    assert len(await served(tmp_path)) == 30


def test_a_busy_index_says_which_and_what_to_do(tmp_path: Path) -> None:
    with WhooshWriter(tmp_path, language="english"):
        with pytest.raises(IndexBusy, match="wait until it ends") as caught:
            WhooshWriter(tmp_path, language="english")
        assert str(tmp_path) in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexUnreadable, match="cannot be written"):
            WhooshWriter(folder, language="english")


def test_an_index_below_folders_that_are_missing_is_made(tmp_path: Path) -> None:
    assert built(tmp_path / "a" / "b", [plain("a")]) == 1
