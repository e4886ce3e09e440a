import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from gateway.cli.console import counted
from gateway.cli.index_command import refresh_index, summary
from gateway.cli.main import run
from indexer.content.build_report import BuildReport
from indexer.engines import open_writer
from indexer.text.language import Language
from tests.gateway.library import BROKEN, write_content
from tests.gateway.server_process import PATIENCE


def test_the_summary_is_one_line():
    report = BuildReport(
        generation=3, files=2, parsed=1, added=1, deleted=0, articles=2, errors=1, warnings=2, seconds=0.25
    )
    assert summary(report) == (
        "Generation 3: 2 articles from 2 files (1 parsed, 1 added, 0 deleted) in 0.2 s; 1 error, 2 warnings"
    )


def test_nouns_are_counted():
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]


def test_an_index_of_another_language_is_built_anew_with_a_line_that_says_so(tmp_path: Path):
    content, index, log = write_content(tmp_path), str(tmp_path / "index"), StringIO()
    refresh_index(content=content, index=index, console=Console(file=log))
    assert "anew" not in log.getvalue()
    refresh_index(content=content, index=index, console=Console(file=log), language=Language.GERMAN)
    assert f"The index in {index} is built anew: its language was english, and is german now\n" in log.getvalue()


def test_a_refresh_reports_problems_and_what_it_did(tmp_path: Path):
    content = write_content(tmp_path)
    (content / "broken.md").write_text(BROKEN)
    log = StringIO()
    report = refresh_index(content=content, index=str(tmp_path / "index"), console=Console(file=log, width=60))
    assert (report.articles, report.errors > 0) == (2, True)
    lines = log.getvalue().splitlines()
    assert any(line.startswith("broken.md:2:1: error: ") for line in lines)
    assert lines[-1] == summary(report)


@pytest.mark.parametrize(("options", "status"), [([], 1), (["--lenient"], 0), (["--full"], 1)])
def test_a_file_with_an_error_is_told_by_the_exit_status(tmp_path: Path, options: list[str], status: int):
    content, index = write_content(tmp_path), str(tmp_path / "index")
    command = ["index", "--content", str(content), "--index", index, *options]
    assert run(command) == 0
    (content / "broken.md").write_text(BROKEN)
    assert run(command) == status
    assert run(["search", "--index", index]) == 0


@pytest.mark.parametrize(("options", "status"), [([], 1), (["--lenient"], 0)])
@pytest.mark.parametrize("synonyms", ["groups: [[a, b]", None])
def test_synonyms_with_an_error_are_told_by_the_exit_status_too(
    tmp_path: Path, options: list[str], status: int, synonyms: str | None
):
    content, index, file = write_content(tmp_path), str(tmp_path / "index"), tmp_path / "synonyms.yaml"
    if synonyms is not None:
        file.write_text(synonyms)
    assert run(["index", "--content", str(content), "--index", index, "--synonyms", str(file), *options]) == status


def test_a_build_waits_for_another_one_and_says_for_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    content, index = write_content(tmp_path), str(tmp_path / "index")
    command = ["index", "--content", str(content), "--index", index]
    monkeypatch.setenv("NEWSSTAND_LOCK_SECONDS", "0.1")
    with open_writer(index):
        assert run(command) == 1
    waiting, failed = capsys.readouterr().err.splitlines()
    assert waiting.startswith(f"Waiting 0.1 seconds at most: another build (process {os.getpid()} on ")
    assert failed.startswith(f"newsstand: another build (process {os.getpid()} on ")
    monkeypatch.setenv("NEWSSTAND_LOCK_SECONDS", "0")
    with open_writer(index):
        assert run(command) == 1
    assert "Waiting" not in capsys.readouterr().err
    assert run(command) == 0


def test_a_build_is_ended_by_the_signal_of_an_orchestrator(tmp_path: Path):
    """Here it waits for another one. The first process of a container has no other way to obey."""
    content, index = write_content(tmp_path), str(tmp_path / "index")
    code = "from gateway.cli.main import main; main()"
    command = [sys.executable, "-c", code, "index", "--content", str(content), "--index", index]
    with open_writer(index), subprocess.Popen(command, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.stderr
        assert process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert process.stderr.read() == b""
