"""Lines of the log: none makes its writer wait, and none is lost without a word."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import orjson
import pytest
import structlog

from gateway.server.log_writer import LogWriter

_ENDING = """
import sys
from gateway.server.log_writer import LogWriter
writer = LogWriter(sys.stderr.fileno())
for number in range(5_000):
    writer.write(f"{number}\\n")
"""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The reading and the writing end."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


@contextmanager
def structlog_to(writer: LogWriter) -> Iterator[LogWriter]:
    """Send log lines to the writer, and close it in the end."""
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(writer),  # type: ignore[arg-type] # it has all that is used
        processors=[structlog.processors.JSONRenderer(sort_keys=True)],
    )
    try:
        yield writer
    finally:
        writer.close()
        structlog.reset_defaults()


def read_until(descriptor: int, end: bytes) -> bytes:
    data = b""
    while end not in data:
        data += os.read(descriptor, 65_536)
    return data


def test_lines_of_all_threads_are_written_whole_and_those_of_one_in_order(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = LogWriter(writing)

    def write(thread: int) -> None:
        for number in range(500):
            writer.write(f"{thread} {number}\n")

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.write("end\n")
    lines = [line.split() for line in read_until(reading, b"end\n").decode().splitlines()[:-1]]
    writer.close()
    assert len(lines) == 2_000
    for thread in range(4):
        assert [int(number) for name, number in lines if int(name) == thread] == list(range(500))


def test_nobody_waits_for_a_pipe_that_is_not_read_and_what_was_dropped_is_told(pipe: tuple[int, int]) -> None:
    # A pipe takes 64 KiB, and the writer 100,000 characters more.
    reading, writing = pipe
    with structlog_to(LogWriter(writing, most=100_000)) as writer:
        line = "x" * 999 + "\n"
        for _ in range(1_000):
            writer.write(line)
        *lines, told = read_until(reading, b"}\n").splitlines()
    assert 100 <= len(lines) < 300
    assert orjson.loads(told) == {"event": "log lines were dropped", "lines": 1_000 - len(lines)}


def test_lines_that_are_rendered_late_keep_their_place_and_have_their_bound(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    with structlog_to(LogWriter(writing, most=10_000)) as writer:
        for number in range(500):
            writer.write_later({"number": number}, lambda line: f"late {line['number']}\n")
            writer.write(f"text {number}\n")
        *lines, told = read_until(reading, b"}\n").decode().splitlines()
    late = [int(line.removeprefix("late ")) for line in lines if line.startswith("late")]
    assert late == sorted(late)
    assert 10 <= len(late) < 500
    assert orjson.loads(told)["lines"] == 1_000 - len(lines)
    assert writer.waiting == 0


def test_what_a_full_disk_did_not_take_is_told_once_there_is_room(tmp_path: Path) -> None:
    full, file = os.open("/dev/full", os.O_WRONLY), os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    with structlog_to(LogWriter(full)) as writer:
        writer.write("lost\n")
        while writer.waiting:
            time.sleep(0.01)
        os.dup2(file, full)
        writer.write("written\n")
    os.close(full)
    os.close(file)
    written, told = (tmp_path / "log").read_text().splitlines()
    assert (written, orjson.loads(told)["lines"]) == ("written", 1)


@pytest.mark.parametrize("end", ["", "raise SystemExit(3)", "1 / 0"])
def test_the_last_lines_of_a_process_are_written(end: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", _ENDING + end], stderr=subprocess.PIPE, text=True, check=False
    )
    assert ended.stderr.splitlines()[-5_000:] == [str(number) for number in range(5_000)]


def test_a_stalled_reader_does_not_keep_a_process_from_ending(pipe: tuple[int, int]) -> None:
    _, writing = pipe
    script = _ENDING.replace("5_000", "50_000").replace("sys.stderr.fileno()", str(writing))
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], pass_fds=[writing], timeout=60, check=False
    )
    assert ended.returncode == 0
