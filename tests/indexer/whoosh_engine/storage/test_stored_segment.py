"""Segments in a folder, and the arrays that lie beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.search.filters import EVERYTHING
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest, SearchResult
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import ALL, ask
from tests.indexer.whoosh_engine.gathered import assert_equal_arrays
from tests.indexer.whoosh_engine.segments import articles_of, open_segments, split, write_segments
from tests.library import LIBRARY
from tests.replacing import replace
from tests.samples import NOW, full, plain

SEARCH = SearchRequest(
    now=NOW, text="run OR daily", ranking=Ranking.RELEVANCE, window=ALL, filter=EVERYTHING, total=True
)


async def answer(folder: Path) -> tuple[SearchResult, object]:
    engine = await WhooshEngine.open(folder)
    try:
        return await ask(engine, SEARCH), await engine.fetch_by_url([LIBRARY[1].web_url, "http://nowhere/"], now=NOW)
    finally:
        await engine.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments."""
    return write_segments(tmp_path / "index", split(LIBRARY, 2), without=[LIBRARY[5].key])


def arrays_of(folder: Path) -> list[Path]:
    """The files of the segments' arrays."""
    return sorted(folder.glob("*.arrays"))


def of_another_version(data: bytes) -> bytes:
    magic, rest = data.split(b"\n", 1)
    return magic.rstrip(b"0123456789") + b"0\n" + rest


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[:-1],
    "emptied": lambda _: b"",
    "of another version": of_another_version,
    "turned in one bit": lambda data: data[:-80] + bytes([data[-80] ^ 4]) + data[-79:],
    "something else": lambda _: b"something else" * 100,
}


@pytest.mark.parametrize("damage", [None, *DAMAGES])
async def test_arrays_that_are_missing_or_unfit_are_made_anew_and_served(
    folder: Path, tmp_path: Path, damage: str | None
) -> None:
    expected = await answer(folder)
    assert expected[0].total
    files = arrays_of(folder)
    whole = [file.read_bytes() for file in files]
    assert len(files) == 2
    for file in files:
        file.write_bytes(DAMAGES[damage](file.read_bytes())) if damage else file.unlink()
    assert await answer(folder) == expected
    for file, data in zip(files, whole, strict=True):
        again, before = arrays_file.load(file), tmp_path / "before" / file.name
        before.parent.mkdir(exist_ok=True)
        before.write_bytes(data)
        assert_equal_arrays(dict(again or {}), dict(arrays_file.load(before) or {}))


async def test_a_folder_that_cannot_be_written_is_served_without_its_arrays(folder: Path) -> None:
    expected = await answer(folder)
    for file in arrays_of(folder):
        file.unlink()
        (folder / f"{file.name}.tmp").mkdir()  # where the file would be written; root may write in any folder
    for _ in range(2):
        assert await answer(folder) == expected
    assert arrays_of(folder) == []


async def test_a_writer_makes_missing_arrays_anew_too(folder: Path) -> None:
    for file in arrays_of(folder):
        file.unlink()
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        writer.delete([LIBRARY[2].key])
        writer.add([replace(plain("new"), title="Daily run")])
        writer.commit(b"")
    result, _ = await answer(folder)
    keys = {hit.article.key for hit in result.hits}
    assert "new" in keys
    assert keys.isdisjoint({LIBRARY[2].key, LIBRARY[5].key})


def test_a_segment_gives_its_articles_but_those_deleted(tmp_path: Path) -> None:
    articles = [full("b"), plain("a"), plain("c")]
    with open_segments(write_segments(tmp_path, [articles], without=["a", "nobody"])) as [stored]:
        assert stored.count == 2
        assert articles_of(stored) == [full("b"), plain("c")]
        assert not stored.delete("a")
        assert not stored.delete("nobody")
        assert stored.delete("c")
        assert not stored.delete("c")
        assert (stored.count, articles_of(stored)) == (1, [full("b")])
        assert stored.segment.live.tolist() == [True, False, True]  # what searches see stays what it was


async def test_arrays_of_another_segment_are_not_taken_for_its_own(folder: Path) -> None:
    expected = await answer(folder)
    first, second = arrays_of(folder)
    first.write_bytes(second.read_bytes())
    assert await answer(folder) == expected
