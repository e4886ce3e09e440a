"""Opening generations one after another, also while they are replaced."""

import asyncio
import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread

import pytest

from indexer import work
from indexer.article import Article
from indexer.errors import IndexMissing, IndexUnreadable, Overloaded
from indexer.text.language import Language
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.writing.writer import WhooshWriter
from indexer.work import Work
from tests.samples import NOW, plain


def build(folder: Path, *keys: str, without: tuple[str, ...] = (), language: str = "english") -> None:
    with WhooshWriter(folder, language=language) as writer:
        writer.delete(without)
        writer.add(map(plain, keys))
        writer.commit(b"")


def names(generation: Generation) -> set[str]:
    return {name for name, _ in generation.segments}


def served(generation: Generation) -> int:
    return generation.status(generation.moment(NOW)).article_count


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of a large segment and a small one."""
    build(tmp_path, *(f"large/{number}" for number in range(20)))
    build(tmp_path, "small")
    return tmp_path


@pytest.mark.parametrize("how", ["rebuilt", "copied over"])
async def test_another_index_with_the_same_number_is_taken_up(tmp_path: Path, how: str) -> None:
    folder, other = tmp_path / "index", tmp_path / "other"
    build(folder, "withdrawn", "kept")
    served_engine = await engine.WhooshEngine.open(folder)
    assert not await served_engine.refresh()
    if how == "rebuilt":
        shutil.rmtree(folder)
        build(folder, "kept")
    else:
        build(other, "kept")
        shutil.copytree(other, folder, dirs_exist_ok=True)
    assert await served_engine.refresh()
    assert await served_engine.fetch(["withdrawn", "kept"], now=NOW) == [None, plain("kept")]
    assert not await served_engine.refresh()
    await served_engine.close()


def test_segments_that_did_not_change_are_shared_with_the_generation_before(folder: Path) -> None:
    # A small build must not throw away what searches keep ready for the rest.
    before = engine.newest(folder)
    assert len(before.segments) == 2
    build(folder, "new")
    after = engine.newest(folder, before)
    shared = names(before) & names(after)
    assert len(shared) == 1
    assert [before.segments[state] is after.segments[state] for state in before.segments if state[0] in shared] == [
        True
    ]
    before.close()
    assert served(after) == 22
    assert after.fetch(["large/7", "small", "new"], after.moment(NOW)) == [
        plain("large/7"),
        plain("small"),
        plain("new"),
    ]
    after.close()


def test_a_segment_with_other_deletions_is_opened_anew(folder: Path) -> None:
    before = engine.newest(folder)
    build(folder, without=("large/7",))
    after = engine.newest(folder, before)
    assert served(before) == 21
    assert served(after) == 20
    assert before.fetch(["large/7"], before.moment(NOW)) == [plain("large/7")]
    assert after.fetch(["large/7", "large/8"], after.moment(NOW)) == [None, plain("large/8")]
    before.close()
    assert served(after) == 20
    after.close()


def test_segments_of_another_language_are_not_shared(folder: Path) -> None:
    before = engine.newest(folder)
    build(folder, "a", language=Language.GERMAN)
    after = engine.newest(folder, before)
    assert names(before).isdisjoint(names(after))
    assert served(after) == 1
    before.close()
    after.close()


class Stale(type(Path())):  # type: ignore[misc]  # the class of paths on this system
    """A folder that is listed as it was before, for as many times as `still` yields."""

    old: tuple[Path, ...]
    still: Iterator[bool]

    def iterdir(self) -> Iterator[Path]:
        return iter(self.old) if next(self.still, False) else super().iterdir()


@pytest.mark.parametrize("times", range(5))
def test_a_generation_that_is_replaced_while_it_is_opened_gives_way_to_the_newer(folder: Path, times: int) -> None:
    # Whoever looked into the folder just before a build ended knows of files that are gone.
    stale = Stale(folder)
    stale.old, stale.still = tuple(folder.iterdir()), iter([True] * times)
    build(folder, *(f"new/{number}" for number in range(30)))
    if times > 3:  # nobody has seen that there is another by the time it fails
        with pytest.raises((IndexUnreadable, IndexMissing)):
            engine.newest(stale)
    else:
        generation = engine.newest(stale)
        assert (generation.number, served(generation)) == (index_folder.newest(folder), 51)
        generation.close()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh leaves some open when it fails on another
def test_an_index_can_be_opened_at_any_moment_of_builds_one_after_another(folder: Path) -> None:
    # A build removes the files of the generation before it, also while somebody opens that one.
    is_over = Event()

    def build_often() -> None:
        try:
            for number in range(25):
                build(folder, f"{number}")
        finally:
            is_over.set()

    builds = Thread(target=build_often)
    builds.start()
    try:
        numbers = list(_served_until(is_over.is_set, folder))
    finally:
        builds.join()
        gc.collect()
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 1


def _served_until(is_over: Callable[[], bool], folder: Path) -> Iterator[int]:
    """The numbers of the generations opened, each sharing what it can with the one before, or nothing."""
    generation = engine.newest(folder)
    while not is_over():
        if generation.number % 2:
            newer = engine.newest(folder, generation)
            generation.close()
        else:
            generation.close()
            newer = engine.newest(folder)
        generation = newer
        assert served(generation) == 21 + generation.number - 2
        yield generation.number
    generation.close()


async def test_a_new_generation_does_not_wait_for_a_long_search_which_ends_on_the_old_one(folder: Path) -> None:
    served_engine = await engine.WhooshEngine.open(folder)
    old = [*vars(served_engine)["_generation"].segments.values()]
    is_held, go = Event(), Event()

    def holds() -> bool:
        if current_thread() is not main_thread():
            is_held.set()
            assert go.wait(30)
        return False

    async def similar() -> Sequence[Sequence[Article]]:
        work.begin(Work("a", is_gone=holds))
        return await served_engine.similar(["small"], size=3, now=NOW)

    search = asyncio.create_task(similar())
    await asyncio.to_thread(is_held.wait)
    build(folder, "small", "new")
    assert await served_engine.refresh()
    assert await served_engine.fetch(["new"], now=NOW) == [plain("new")]
    assert not search.done()
    go.set()
    await search
    await served_engine.close()
    assert [vars(segment)["_users"] for segment in old] == [0, 0]


async def test_a_long_search_that_is_refused_keeps_nothing_open(folder: Path) -> None:
    refusing = await engine.WhooshEngine.open(folder)
    segments = [*vars(refusing)["_generation"].segments.values()]
    hurried = Work("a", deadline=0.001, now=lambda: 0)
    hurried.backlog.calls.enter("a")
    work.begin(hurried)
    with pytest.raises(Overloaded):
        await refusing.similar(["small"], size=3, now=NOW)
    await refusing.close()
    assert [vars(segment)["_users"] for segment in segments] == [0, 0]


async def test_a_segment_with_one_more_deletion_is_not_read_again(folder: Path) -> None:
    with_all = engine.newest(folder)
    build(folder, without=("large/3",))
    later = engine.newest(folder, before=with_all)
    [before] = [segment for (name, _), segment in with_all.segments.items() if segment.segment.size == 20]
    [after] = [segment for (name, _), segment in later.segments.items() if segment.segment.size == 20]
    assert after.segment.tables is before.segment.tables
    assert after.vocabulary is before.vocabulary
    [article] = with_all.fetch(["large/4"], with_all.moment(NOW))
    with_all.close()
    [same, deleted] = later.fetch(["large/4", "large/3"], later.moment(NOW))
    assert same is article  # so that parts of answers that are kept of it are of use still
    assert deleted is None
    assert served(later) == 20
    assert [each and each.key for each in later.fetch(["large/5"], later.moment(NOW))] == ["large/5"]
    later.close()
