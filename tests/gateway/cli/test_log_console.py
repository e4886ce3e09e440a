"""Problems and progress are lines of the log, where logs are JSON."""

import socket
from pathlib import Path

import orjson
import pytest

from gateway.cli.main import run
from tests.gateway.library import ARTICLE, BROKEN, write_content
from tests.gateway.server_process import serving

Captured = pytest.CaptureFixture[str]


def test_a_build_writes_json_alone(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NEWSSTAND_LOG_FORMAT", "json")
    content = write_content(tmp_path)
    (content / "broken.md").write_text(BROKEN)
    (content / "wild.md").write_text(
        ARTICLE.format(title="W", day=3, name="w", topic="T").replace("title", "colour: x\ntitle")
    )
    assert run(["index", "--content", str(content), "--index", str(tmp_path / "index")]) == 1
    lines = [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*map(set, lines))
    problems = [line for line in lines if line["event"] == "content problem"]
    assert {(line["level"], line["path"]) for line in problems} == {("error", "broken.md"), ("warning", "wild.md")}
    [problem] = [line for line in problems if line["path"] == "wild.md"]
    assert (problem["line"], problem["column"], problem["field"]) == (2, 1, "colour")
    assert problem["reason"]
    assert problem["remedy"]
    assert any(line["event"].startswith("Generation 1: 3 articles from 4 files") for line in lines)


def test_without_that_setting_a_build_writes_for_people(tmp_path: Path, capsys: Captured):
    assert run(["index", "--content", str(write_content(tmp_path)), "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().err.startswith("Indexing 2 files\n")


def test_lines_below_the_level_are_left_out(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NEWSSTAND_LOG_FORMAT", "json")
    monkeypatch.setenv("NEWSSTAND_LOG_LEVEL", "error")
    content = write_content(tmp_path)
    assert run(["index", "--content", str(content), "--index", str(tmp_path / "index")]) == 0
    (content / "broken.md").write_text(BROKEN)
    assert run(["index", "--content", str(content), "--index", str(tmp_path / "index")]) == 1
    lines = [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {(line["event"], line["path"]) for line in lines} == {("content problem", "broken.md")}


def test_the_reason_for_an_end_is_a_line_too(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NEWSSTAND_LOG_FORMAT", "json")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["serve", "--port", str(taken.getsockname()[1]), "--index", str(tmp_path)]) == 1
    [line] = map(orjson.loads, capsys.readouterr().err.splitlines())
    assert line["level"] == "error"
    assert line["event"].startswith("newsstand: Cannot listen on 127.0.0.1 port")


def test_a_server_writes_json_alone(tmp_path: Path):
    content = write_content(tmp_path)
    (content / "broken.md").write_text(BROKEN)
    with serving(tmp_path, "--content", str(content), NEWSSTAND_MAX_DEPHT="3") as server:
        server.wait_for(200)
    lines = [orjson.loads(line) for line in server.log.read_bytes().splitlines()]
    assert lines[0]["event"] == "NEWSSTAND_MAX_DEPHT is no setting; did you mean NEWSSTAND_MAX_DEPTH?"
    assert lines[0]["level"] == "warning"
    assert "content problem" in {line["event"] for line in lines}


@pytest.mark.parametrize("command", ["check", "index"])
def test_a_variable_that_sets_nothing_is_told(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: str
):
    monkeypatch.setenv("NEWSSTAND_QQQ", "1")
    content = str(write_content(tmp_path))
    assert run([command, "--content", content, *(["--index", str(tmp_path / "i")] if command == "index" else [])]) == 0
    assert capsys.readouterr().err.splitlines()[0] == "NEWSSTAND_QQQ is no setting; README.md lists them"
