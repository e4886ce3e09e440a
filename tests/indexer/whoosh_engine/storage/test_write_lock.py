"""The lock of an index: who holds it, how long another writer waits, and what death leaves of it."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import gethostname

import pytest

from indexer.errors import IndexBusy, IndexUnreadable
from indexer.whoosh_engine.storage.write_lock import locked
from tests.unprivileged import public_folder, unprivileged

LOCK = "MAIN_WRITELOCK"
HOLD = """
import sys, time
from pathlib import Path
from indexer.whoosh_engine.storage.write_lock import locked
lock = locked(Path(sys.argv[1]))
print("locked", flush=True)
time.sleep(600)
"""


def test_a_writer_that_finds_it_taken_says_by_whom_and_since_when(tmp_path: Path) -> None:
    lock = locked(tmp_path)
    for seconds in (0, 0.1):
        with pytest.raises(IndexBusy) as caught:
            locked(tmp_path, seconds=seconds)
        holder = (
            rf"\(process {os.getpid()} on {re.escape(gethostname())}, since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\)"
        )
        assert re.search(holder, str(caught.value))
        assert str(tmp_path) in str(caught.value)
        assert "wait until it ends, or end it" in str(caught.value)
    lock.release()
    locked(tmp_path).release()


@pytest.mark.parametrize("text", ["", "{}", "[]", "no JSON", '{"pid": 1}'])
def test_a_holder_that_does_not_tell_its_name_is_a_build_all_the_same(tmp_path: Path, text: str) -> None:
    lock = locked(tmp_path)
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(IndexBusy, match=r"^another build is writing the index in "):
        locked(tmp_path)
    lock.release()


def test_a_writer_gets_it_as_soon_as_the_other_one_ends(tmp_path: Path) -> None:
    lock = locked(tmp_path)
    with ThreadPoolExecutor(1) as waiting:
        second = waiting.submit(locked, tmp_path, seconds=600)
        assert not second.done()
        lock.release()
        second.result().release()
    assert (tmp_path / LOCK).read_bytes() == b""


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    root = Path(__file__).parents[4]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:  # noqa: S603 - our own interpreter
        assert process.stdout
        assert process.stdout.readline() == b"locked\n"
        with pytest.raises(IndexBusy, match=f"process {process.pid} on "):
            locked(tmp_path)
        process.send_signal(signal.SIGSTOP)  # a process that hangs still holds it
        with pytest.raises(IndexBusy):
            locked(tmp_path)
        process.kill()
    lock = locked(tmp_path)
    with pytest.raises(IndexBusy, match=f"process {os.getpid()} on "):  # and has its new holder's name
        locked(tmp_path)
    lock.release()


def test_a_folder_that_may_not_be_written_is_told() -> None:
    with public_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(IndexUnreadable, match="cannot be written: Permission denied"):
            locked(folder)
