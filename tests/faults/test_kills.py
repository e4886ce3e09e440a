"""Builds that are killed at any moment, with changes in flight: what a reader and the next build find."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.whoosh_engine.storage import index_folder
from tests.faults.newsroom import Builder, Newsroom
from tests.indexer.folder import Folder

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]


async def test_a_killed_build_leaves_a_committed_state_and_takes_the_next_build(
    folder: Folder, builder: Builder, faults: int
) -> None:
    drawn = random.Random(0)  # noqa: S311
    newsroom = Newsroom(folder, drawn)
    _, most, _ = builder.build()
    killed = kept = committed = 0
    for number in range(faults):
        before = dict(newsroom.titles)
        newsroom.edit()
        # Between any two file operations, and now and then at a moment of the clock.
        moment = {"seconds": drawn.uniform(0.001, 0.1)} if number % 4 == 3 else {"fatal": drawn.randint(1, most)}
        status, _, _ = builder.build(**moment)
        killed += status == -signal.SIGKILL
        served = await folder.titles()
        assert served in (before, newsroom.titles), moment
        kept, committed = kept + (served == before), committed + (served == newsroom.titles)
        status, operations, trouble = builder.build()
        assert (status, trouble) == (0, ""), moment
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
    _, most, _ = builder.build()
    for fatal in range(1, most, max(1, most // (faults // 4))):
        for path in folder.index.iterdir():
            path.unlink()
        status, _, _ = builder.build(fatal=fatal)
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
