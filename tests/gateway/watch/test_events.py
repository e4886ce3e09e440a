"""Notices of a folder, by the system and by polling."""

import errno
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs
from watchfiles import Change, watch

from gateway.config.settings import Watch
from gateway.watch.events import Events

PATIENCE = 30


def noticed(events: Events, path: str) -> bool:
    """Wait until a path is noticed."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if path in (events.wait() or ()):
            return True
    return False


@pytest.mark.parametrize("mode", [Watch.ON, Watch.POLL])
def test_a_file_that_is_saved_below_the_folder_is_noticed(tmp_path: Path, mode: Watch) -> None:
    stop = Event()
    events = Events(tmp_path, mode=mode, stop=stop)
    assert events.wait() is None  # a folder that was not there before
    assert events.wait() == set()
    (tmp_path / "a.md").write_text("x")
    assert noticed(events, "a.md")
    stop.set()


def test_what_git_does_within_its_folder_is_not_noticed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    events = Events(tmp_path, mode=Watch.ON, stop=Event())
    events.wait()
    events.wait()
    (tmp_path / ".git/index").write_text("x")
    (tmp_path / "a.md").write_text("x")
    seen: set[str] = set()
    while "a.md" not in seen:
        seen |= events.wait() or set()
    assert seen == {"a.md"}


def test_a_folder_that_comes_goes_and_is_replaced_is_another(tmp_path: Path) -> None:
    root = tmp_path / "content"
    events = Events(root, mode=Watch.ON, stop=Event())
    assert events.wait() == set()
    root.mkdir()
    assert events.wait() is None
    assert events.wait() == set()
    root.rename(tmp_path / "old")
    assert events.wait() is None
    assert events.wait() == set()
    root.mkdir()
    assert events.wait() is None
    (root / "a.md").write_text("x")
    assert noticed(events, "a.md")


def test_where_the_system_has_no_more_notices_to_give_the_times_are_looked_at(tmp_path: Path) -> None:
    def notices(root: Path, *, force_polling: bool, **options: object) -> Iterator[set[tuple[Change, str]]]:
        if not force_polling:
            raise OSError(errno.ENOSPC, "OS file watch limit reached")
        yield from watch(root, force_polling=True, **options)

    events = Events(tmp_path, mode=Watch.ON, stop=Event(), notices=notices)
    with capture_logs() as lines:
        assert events.wait() == set()
        assert events.wait() is None  # all is looked at, since changes may have been missed
        assert events.wait() == set()
    assert [line["event"] for line in lines] == ["no notices of changes, so all times are looked at"]
    (tmp_path / "a.md").write_text("x")
    assert noticed(events, "a.md")


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = Event()
    events = Events(tmp_path, mode=Watch.ON, stop=stop)
    events.wait()
    stop.set()
    assert events.wait() == set()
