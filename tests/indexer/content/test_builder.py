"""Builds with the state in memory: a look at some paths leads to the same index as a look at all."""

import os
import time
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import engines
from indexer.content.build import Builder
from indexer.content.build_report import BuildReport
from indexer.content.build_state import FileState
from indexer.errors import IndexBusy, ManyDeletions
from indexer.search.build_problems import BuildProblems
from tests.indexer.folder import BROKEN, LATER, SECOND, Folder, Recorder, article_text


class Live:
    """A folder whose index is built again and again."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self.seconds_ahead = 0
        self.builder = Builder(
            self.folder.content, processes=1, clock_ns=lambda: time.time_ns() + self.seconds_ahead * SECOND
        )

    def build(self, *paths: str) -> BuildReport:
        """A build that looks at these paths; at all without any."""
        with engines.open_writer(str(self.folder.index)) as writer:
            return self.builder.build(writer, progress=Recorder(), paths=paths or None)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    live = Live(tmp_path)
    for name in "abc":
        live.folder.write(f"{name}.md", article_text(f"Old {name}", url=f"https://daily.example/{name}"))
    live.build()
    return live


async def problems(folder: Folder) -> BuildProblems:
    engine = await engines.open_engine(str(folder.index))
    status = await engine.status(now=LATER)
    await engine.close()
    return status.problems


NAMES = ("a.md", "b.md", "c.md", "c.yaml", "d/a.md", "d/e.md")
URLS = ("u", "v", "w", "x")
TEXTS = (
    *(article_text(f"At {url}", url=f"https://daily.example/{url}") for url in URLS),
    *(article_text("Draft", url=f"https://daily.example/{url}", more="published: no\n") for url in URLS[:2]),
    article_text("Odd", url="https://daily.example/u", more="colour: x\n"),
    BROKEN,
)
edits = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS) | st.none()), min_size=1, max_size=3)
"""Files with their new texts; None where they go."""


def without_times(state: dict[str, FileState]) -> dict[str, FileState]:
    return {path: file._replace(stamp=None) for path, file in state.items()}


@settings(max_examples=60)
@given(st.lists(edits, min_size=1, max_size=5))
async def test_a_look_at_what_changed_is_as_good_as_a_look_at_all(rounds: list[list[tuple[str, str | None]]]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        live, plain = Live(Path(one)), Folder(Path(other))
        live.build()
        for edited in rounds:
            for folder in (live.folder, plain):
                for path, text in edited:
                    if text is not None:
                        folder.write(path, text)
                    elif (folder.content / path).exists():
                        folder.delete(path)
            report = live.build(*(path for path, _ in edited))
            expected, _ = plain.build()
            assert (report.articles, report.errors, report.warnings) == (
                *(expected.articles, expected.errors, expected.warnings),
            )
            assert await live.folder.titles() == await plain.titles()
            assert without_times(live.folder.state()) == without_times(plain.state())
            assert await problems(live.folder) == await problems(plain)


async def test_only_the_files_that_are_named_are_looked_at(live: Live) -> None:
    live.folder.write("a.md", article_text("New a", url="https://daily.example/a"))
    live.folder.write("b.md", article_text("New b", url="https://daily.example/b"))
    report = live.build("a.md", "nowhere.md")
    assert (report.files, report.parsed, report.articles) == (1, 1, 3)
    assert await live.folder.titles() == {"a": "New a", "b": "Old b", "c": "Old c"}
    assert live.build().parsed == 1


async def test_a_named_file_is_read_even_if_it_looks_unchanged(live: Live) -> None:
    path = live.folder.content / "a.md"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Old a", b"New a"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    live.build("a.md")
    assert (await live.folder.titles())["a"] == "New a"


async def test_a_file_that_waits_for_an_address_gets_it_with_the_look_at_the_one_that_had_it(live: Live) -> None:
    live.folder.write("z.md", article_text("Waits", url="https://daily.example/a"))
    assert live.build("z.md").errors == 1
    live.folder.delete("a.md")
    assert live.build("a.md").errors == 0
    assert await live.folder.titles() == {"b": "Old b", "c": "Old c", "z": "Waits"}


async def test_after_a_build_of_another_process_all_are_looked_at(live: Live) -> None:
    live.folder.write("d.md", article_text("New d", url="https://daily.example/d"))
    live.folder.build()
    live.folder.delete("b.md")
    report = live.build("a.md")
    assert (report.files, report.articles) == (3, 3)
    assert (await live.folder.titles()).keys() == {"a", "c", "d"}


async def test_a_build_that_failed_is_made_up_for(live: Live) -> None:
    live.folder.write("a.md", article_text("New a", url="https://daily.example/a"))
    with engines.open_writer(str(live.folder.index)), pytest.raises(IndexBusy):
        live.build("a.md")

    class Full(Exception):
        pass

    with pytest.raises(Full), engines.open_writer(str(live.folder.index)) as writer:
        live.builder.build(_Failing(writer, Full()), progress=Recorder(), paths=["a.md"])
    assert live.build("a.md").added == 1
    assert (await live.folder.titles())["a"] == "New a"


class _Failing:
    """A writer whose disk is full."""

    def __init__(self, writer: engines.IndexWriter, error: Exception) -> None:
        self._writer = writer
        self._error = error

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)

    def commit(self, *_: object) -> int:
        raise self._error


def test_a_file_that_was_written_just_now_is_settled_by_a_later_look(live: Live) -> None:
    assert live.builder.files["a.md"].stamp is None
    live.seconds_ahead = 3
    live.build("a.md")
    assert live.builder.files["a.md"].stamp is not None
    assert live.folder.state() == live.builder.files


def test_the_state_grows_by_what_changed_and_not_without_end(live: Live) -> None:
    names = [f"{number}.md" for number in range(10)]
    for name in names:
        live.folder.write(name, article_text(name, url=f"https://daily.example/{name}"))
    live.build()
    sizes = []
    for number in range(20):
        live.folder.write("a.md", article_text(f"Title {number}", url="https://daily.example/a"))
        live.build("a.md")
        [state] = live.folder.index.glob("*.state")
        sizes.append(len(state.read_bytes().split(b"\n")))
    assert 2 < max(sizes) < 15
    live.folder.delete("0.md")
    live.build("0.md")
    assert live.folder.state().keys() == {"a.md", "b.md", "c.md", *names[1:]}


@pytest.mark.parametrize("portion", [5, 25])
async def test_many_deletions_are_refused_however_many_looks_they_take(tmp_path: Path, portion: int) -> None:
    live = Live(tmp_path)
    names = [f"{number:02}.md" for number in range(40)]
    for name in names:
        live.folder.write(name, article_text(name, url=f"https://daily.example/{name}"))
    live.build()
    for start in range(0, 40, portion):
        for name in names[start : start + portion]:
            live.folder.delete(name)
        refusal = pytest.raises(ManyDeletions, match="build with --allow-deletions")
        with refusal if start + portion > 20 else nullcontext():
            live.build(*names[: start + portion])
    assert len(await live.folder.titles()) == 40 - 20 // portion * portion


def test_renames_are_no_deletions_however_many(tmp_path: Path) -> None:
    live = Live(tmp_path)
    for number in range(20):
        live.folder.write(f"{number}.md", article_text("T", url=f"https://daily.example/{number}"))
    live.build()
    for number in range(20):
        (live.folder.content / f"{number}.md").rename(live.folder.content / f"n{number}.md")
        assert live.build(f"{number}.md", f"n{number}.md").articles == 20
