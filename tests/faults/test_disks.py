"""Disks that are full, and folders that may not be written."""

import random
from pathlib import Path

import pytest

from indexer.errors import SearchIndexError
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import found
from tests.faults.newsroom import Builder, Newsroom
from tests.indexer.folder import Folder
from tests.samples import plain
from tests.unprivileged import public_folder, unprivileged

pytestmark = pytest.mark.faults


async def test_a_build_on_a_full_disk_says_so_and_leaves_the_index_as_it_was(
    folder: Folder, builder: Builder, faults: int
) -> None:
    newsroom = Newsroom(folder, random.Random(0))  # noqa: S311
    builder.build()
    names = {path.name for path in folder.index.iterdir()}
    largest = max(path.stat().st_size for path in folder.index.iterdir())
    failed = 0
    for number in range(faults):
        before = dict(newsroom.titles)
        newsroom.edit()
        status, _, trouble = builder.build(most_bytes=1 + largest * number // faults)
        assert status == 0, trouble
        if trouble:
            failed += 1
            assert trouble == (
                f"the index in {folder.index} cannot be written: File too large; it stays as it was. "
                "Make room on its disk, or allow larger files"
            )
            assert await folder.titles() == before
            assert {path.name for path in folder.index.iterdir()} == names
            assert builder.build()[::2] == (0, "")
        assert await folder.titles() == newsroom.titles
        names = {path.name for path in folder.index.iterdir()}
    assert failed > faults // 2


async def test_an_index_that_is_only_read_is_served_also_without_its_arrays() -> None:
    with public_folder() as folder:
        with WhooshWriter(folder, language=Language.ENGLISH) as writer:
            writer.add(map(plain, "abc"))
            writer.commit(b"")
        read_only(folder)
        for arrays in (*folder.glob("*.arrays"), None):
            with unprivileged():
                engine = await WhooshEngine.open(folder)
                assert await found(engine) == ["a", "b", "c"]
                assert not await engine.refresh()
                await engine.close()
                with pytest.raises(SearchIndexError, match="cannot be written: Permission denied"):
                    WhooshWriter(folder, language=Language.ENGLISH)
            if arrays:
                arrays.unlink()
        assert not [*folder.glob("*.arrays*")]


async def test_a_file_of_the_index_that_may_not_be_read_is_told_and_no_reason_to_build_it_anew() -> None:
    with public_folder() as folder:
        with WhooshWriter(folder, language=Language.ENGLISH) as writer:
            writer.add(map(plain, "abc"))
            writer.commit(b"")
        (folder / "MAIN_WRITELOCK").chmod(0o666)
        for pattern in ("*.article.col", "*.toc", "*.format"):
            [file] = folder.glob(pattern)
            mode = file.stat().st_mode
            file.chmod(0o000)
            with unprivileged():
                refusal = pytest.raises(SearchIndexError, match="cannot be read: Permission denied; let this user read")
                with refusal:
                    await WhooshEngine.open(folder)
                with refusal:
                    WhooshWriter(folder, language=Language.ENGLISH)
            file.chmod(mode)


def read_only(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555)
