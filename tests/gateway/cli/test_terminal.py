"""Output on terminals: whatever files and clients hold, and whatever reads it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.main import run
from gateway.cli.terminal import valid_text
from gateway.http.printable import shown
from tests.gateway.library import write_content, write_index

HOSTILE = """---
title: "x\\ty \\u202e\\u2028 z"
publishedDateTime: 2024-01-01
webUrl: https://daily.example/hostile
provider: {domain: daily.example}
topics: ["a\\nb.md:1:1: error: forged"]
colour: x
---
"""
PROGRAM = "from gateway.cli.main import main; main()"


def newsstand(*arguments: str | bytes, stdout: object = subprocess.PIPE, stderr: object = subprocess.PIPE, **env: str):
    """The command as a process of its own."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    root = Path(__file__).parents[3]
    everything = {**os.environ, "PYTHONPATH": str(root), **env}
    return subprocess.run(command, stdout=stdout, stderr=stderr, env=everything, cwd=root, check=False)  # noqa: S603


@given(st.text())
def test_nothing_is_shown_that_cannot_be_seen(text: str):
    assert shown(text).isprintable()
    assert shown(text) == text or not text.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("é 東 👍", "é 東 👍"), ("a\x1b[31m\n", "a\\x1b[31m\\n"), ("\u202e\x9b\udcff", "\\u202e\\x9b\\udcff")],
)
def test_what_cannot_be_seen_is_escaped(text: str, expected: str):
    assert shown(text) == expected


def test_an_argument_that_is_not_utf_8_becomes_text():
    assert valid_text(os.fsdecode(b"caf\xc3\xa9 \xff")) == "caf\u00e9 \ufffd"


def test_a_file_can_neither_move_the_cursor_nor_forge_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = write_content(tmp_path)
    (content / "evil\x1b[2J\nother.md:1:1: error: forged.md").write_text(HOSTILE)
    assert run(["check", str(content)]) == 0
    assert run(["index", "--content", str(content), "--index", str(tmp_path / "index")]) == 0
    assert run(["search", "x", "--index", str(tmp_path / "index")]) == 0
    captured = capsys.readouterr()
    for line in (captured.out + captured.err).splitlines():
        assert line.isprintable()
        assert not line.startswith("other.md")
    assert run(["search", "x", "--json", "--index", str(tmp_path / "index")]) == 0
    assert "\u202e" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_that_lacks_characters_ends_no_command(tmp_path: Path, encoding: str):
    content = write_content(tmp_path)
    (content / "tokyo.md").write_text(HOSTILE.replace("title: ", "title: 東京 # "), encoding="utf-8")
    index = str(tmp_path / "index")
    assert run(["index", "--content", str(content), "--index", index]) == 0
    for command in (
        ["check", str(content)],
        ["search", "京 OR pears", "--index", index],
        ["search", b"\xff", "--index", index],
    ):
        done = newsstand(*command, PYTHONIOENCODING=encoding)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("command", ["check", "index"])
def test_a_reader_that_has_gone_ends_no_command(tmp_path: Path, command: str):
    content, index = write_content(tmp_path), tmp_path / "index"
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [command, str(content)] if command == "check" else [command, "--content", str(content)]
    done = newsstand(*arguments, *([] if command == "check" else ["--index", str(index)]), stdout=writer, stderr=writer)
    os.close(writer)
    assert done.returncode == 0
    assert command == "check" or index.is_dir()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, the disk that is always full")
def test_a_full_disk_loses_messages_but_no_build_and_no_result_silently(tmp_path: Path):
    content, index = write_content(tmp_path), str(tmp_path / "index")
    with Path("/dev/full").open("w") as full:
        assert newsstand("index", "--content", str(content), "--index", index, stderr=full).returncode == 0
        done = newsstand("search", "pears", "--index", index, stdout=full)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"No space left" in done.stderr


def test_without_colours_there_are_no_codes_at_all(tmp_path: Path):
    index = write_index(tmp_path)
    for arguments in (["search", "pears", "--index", index], ["--help"], ["check", str(tmp_path / "nowhere")]):
        done = newsstand(*arguments, NO_COLOR="1", FORCE_COLOR="1", TERM="xterm")
        assert b"\x1b" not in done.stdout + done.stderr


def test_a_content_folder_that_is_not_there_is_wrong_usage(tmp_path: Path):
    assert run(["check", str(tmp_path / "nowhere")]) == 2
    assert run(["index", "--content", str(tmp_path / "nowhere"), "--index", str(tmp_path / "index")]) == 2
