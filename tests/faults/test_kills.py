"""Builds that are killed at any moment, with changes in flight: what a reader and the next build find."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.whoosh_engine.storage import index_folder
from tests.indexer.folder import Folder, article_text

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]


class Builder:
    """The process of `builder.py`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Folder) -> None:
        self._process = process
        self._folder = folder

    def build(self, *, fatal: int = 0, seconds: float = 0) -> tuple[int, int]:
        """Build in a child: its exit status, and the number of its file operations if it came to its end."""
        assert self._process.stdin
        assert self._process.stdout
        line = json.dumps([str(self._folder.content), str(self._folder.index), fatal, seconds])
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        status, operations = json.loads(self._process.stdout.readline())
        return status, operations


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def builder(folder: Folder) -> Iterator[Builder]:
    command = [sys.executable, str(Path(__file__).with_name("builder.py"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        yield Builder(process, folder)
        assert process.stdin
        process.stdin.close()


class Newsroom:
    """A content folder that is edited, and the titles that its articles should have."""

    def __init__(self, folder: Folder, drawn: random.Random) -> None:
        self._folder = folder
        self._drawn = drawn
        self._written = 0
        self.titles: dict[str, str] = {}
        for _ in range(30):
            self._write(f"news/{self._written}")

    def edit(self) -> None:
        """Change, add, delete and rename some articles."""
        for key in self._drawn.sample(sorted(self.titles), 3):
            self._write(key)
        for _ in range(self._drawn.randint(0, 3)):
            self._write(f"news/{self._written}")
        for key in self._drawn.sample(sorted(self.titles), self._drawn.randint(0, 2)):
            self._folder.delete(f"{key}.md")
            del self.titles[key]
        renamed = self._drawn.choice(sorted(self.titles))
        self._folder.delete(f"{renamed}.md")
        self._write(f"moved/{self._written}", self.titles.pop(renamed))

    def _write(self, key: str, title: str = "") -> None:
        self._written += 1
        title = title or f"Edition {self._written}"
        self.titles[key] = title
        self._folder.write(f"{key}.md", article_text(title, url=f"https://daily.example/{key}"))


async def test_a_killed_build_leaves_a_committed_state_and_takes_the_next_build(
    folder: Folder, builder: Builder, faults: int
) -> None:
    drawn = random.Random(0)  # noqa: S311
    newsroom = Newsroom(folder, drawn)
    _, most = builder.build()
    killed = kept = committed = 0
    for number in range(faults):
        before = dict(newsroom.titles)
        newsroom.edit()
        # Between any two file operations, and now and then at a moment of the clock.
        moment = {"seconds": drawn.uniform(0.001, 0.1)} if number % 4 == 3 else {"fatal": drawn.randint(1, most)}
        status, _ = builder.build(**moment)
        killed += status == -signal.SIGKILL
        served = await folder.titles()
        assert served in (before, newsroom.titles), moment
        kept, committed = kept + (served == before), committed + (served == newsroom.titles)
        status, operations = builder.build()
        assert status == 0, moment
        most = max(most, operations)
        assert await folder.titles() == newsroom.titles, moment
        assert_no_more_than_one_generation(folder.index)
    assert killed > faults // 2
    assert kept > faults // 4
    assert committed > 0


async def test_a_build_that_is_killed_before_the_first_commit_leaves_no_index(
    folder: Folder, builder: Builder, faults: int
) -> None:
    newsroom = Newsroom(folder, random.Random(0))  # noqa: S311
    _, most = builder.build()
    for fatal in range(1, most, max(1, most // (faults // 4))):
        for path in folder.index.iterdir():
            path.unlink()
        status, _ = builder.build(fatal=fatal)
        assert status == -signal.SIGKILL
        if index_folder.newest(folder.index) is not None:
            assert await folder.titles() == newsroom.titles
        assert builder.build()[0] == 0
        assert await folder.titles() == newsroom.titles
        assert_no_more_than_one_generation(folder.index)


def test_two_builds_at_once_take_turns(folder: Folder, builder: Builder) -> None:
    Newsroom(folder, random.Random(0))  # noqa: S311
    commands = [[sys.executable, "-c", "from gateway.cli.main import main; main()", "index"]] * 2
    options = ["--content", str(folder.content), "--index", str(folder.index)]
    builds = [
        subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.PIPE)  # noqa: S603 - our own interpreter
        for command in commands
    ]
    told = [build.communicate()[1].decode() for build in builds]
    assert [build.returncode for build in builds] == [0, 0], told
    assert sorted("30 added" in text for text in told) == [False, True]
    assert builder.build()[0] == 0


def assert_no_more_than_one_generation(index: Path) -> None:
    """Each file in the folder belongs to the newest generation, or is the lock."""
    [table] = index.glob("*.toc")
    number = table.stem.removeprefix("_MAIN_")
    own = {"MAIN_WRITELOCK", table.name, f"newsstand_{number}.format", f"newsstand_{number}.state"}
    toc, _ = index_folder.readable(index)
    segments = {segment.segment_id() for segment in toc.segments}
    others = [path.name.split(".") for path in index.iterdir() if path.name not in own]
    assert own < {path.name for path in index.iterdir()}
    assert {name[0] for name in others} == segments
    assert {name[-1] for name in others} == {"arrays", "col", "pst", "trm"}
