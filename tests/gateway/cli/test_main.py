import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import orjson
import pytest

from gateway.cli.main import run
from schema.schema import sdl
from tests.gateway.library import BROKEN, write_content, write_index

Captured = pytest.CaptureFixture[str]


def test_check_prints_every_problem_and_fails_on_errors(tmp_path: Path, capsys: Captured):
    content = write_content(tmp_path)
    assert run(["check", str(content)]) == 0
    (content / "broken.md").write_text(BROKEN)
    assert run(["check", str(content)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"0 errors, 0 warnings in {content}"
    assert lines[1].startswith("broken.md:2:1: error: ")
    assert lines[-1].startswith(f"{len(lines) - 2} errors")


def test_index_builds_and_search_finds(tmp_path: Path, capsys: Captured):
    content, index = write_content(tmp_path), str(tmp_path / "index")
    assert run(["index", "--content", str(content), "--index", index]) == 0
    assert "2 articles from 2 files" in capsys.readouterr().err
    assert run(["search", "ripe", "pears", "--index", index]) == 0
    assert "Pears [are] ripe" in capsys.readouterr().out


RUN_AND_PRINT_MODULES = "import sys; from gateway.cli.main import run; run(sys.argv[1:]); print(*sys.modules)"


def test_a_build_waits_for_neither_graphql_nor_http_to_be_imported(tmp_path: Path):
    """They take longer to import than it takes to see that a small folder did not change."""
    options = ["index", "--content", str(write_content(tmp_path)), "--index", str(tmp_path / "index")]
    command = [sys.executable, "-c", RUN_AND_PRINT_MODULES, *options]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)  # noqa: S603 - our own interpreter
    assert "2 articles from 2 files" in done.stderr
    modules = set(done.stdout.split())
    assert "indexer.content.build" in modules
    assert modules.isdisjoint({"graphql", "strawberry", "starlette", "uvicorn", "structlog"})


def test_search_takes_topic_and_ranking_and_prints_json(tmp_path: Path, capsys: Captured):
    index = write_index(tmp_path)
    assert run(["search", "--topic", "ai", "--json", "--index", index]) == 0
    assert [article["key"] for article in orjson.loads(capsys.readouterr().out)["articles"]] == ["pears"]
    assert run(["search", "--ranking", "OLDEST", "--first", "1", "--json", "--index", index]) == 0
    assert [article["key"] for article in orjson.loads(capsys.readouterr().out)["articles"]] == ["apples"]


def test_schema_prints_the_schema(capsys: Captured):
    assert run(["schema"]) == 0
    assert capsys.readouterr().out.strip() == sdl().strip()


def test_the_version_is_printed(capsys: Captured):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"newsstand {version('newsstand')}\n"


@pytest.mark.parametrize("command", ["check", "index", "serve", "search", "schema"])
def test_the_help_of_each_command_has_an_example(command: str, capsys: Captured):
    assert run([command, "--help"]) == 0
    assert f"For example: newsstand {command}" in capsys.readouterr().out


def test_without_a_command_the_help_is_printed(capsys: Captured):
    assert run([]) == 2
    printed = capsys.readouterr()
    assert "Usage: newsstand" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["check", "nowhere"], 2, "nowhere"),
        (["index", "--content", "nowhere", "--index", "{tmp}/index"], 2, "nowhere"),
        (["index", "--fields", "{tmp}/nowhere", "--index", "{tmp}/index"], 2, "there is no file {tmp}/nowhere"),
        (
            ["serve", "--fields", "{tmp}", "--index", "{tmp}/index"],
            2,
            "set --fields to one that is there, or to jekyll",
        ),
        (["search", "x", "--index", "{tmp}/nowhere"], 1, "nowhere"),
        (["search", "x", "--index", "ftp://nowhere"], 1, "ftp://nowhere"),
        (["serve", "--host", "nowhere.invalid", "--port", "0"], 1, "Cannot listen on nowhere.invalid"),
        (["serve", "--port", "99999"], 2, "--port is '99999', but must be a whole number from 0 to 65535"),
        (["serve", "--workers", "none"], 2, "--workers is 'none', but must be a whole number"),
        (["search", "--ranking", "best"], 2, "--ranking"),
        (["serve", "--prot", "80"], 2, "--prot"),
        (["sreve"], 2, "sreve"),
    ],
)
def test_an_error_is_one_clear_line(arguments: list[str], status: int, said: str, tmp_path: Path, capsys: Captured):
    assert run([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == status
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("newsstand: ")
    assert said.replace("{tmp}", str(tmp_path)) in line


def test_a_port_in_use_is_one_clear_line(tmp_path: Path, capsys: Captured):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "--port", port, "--index", str(tmp_path)]) == 1
    expected = f"newsstand: Cannot listen on 127.0.0.1 port {port}: Address already in use; set --port or --host\n"
    assert capsys.readouterr().err == expected


def test_a_build_that_fails_without_an_index_to_fall_back_on_fails(tmp_path: Path, capsys: Captured):
    """There is nothing to serve, and the reason must not be lost."""
    index = tmp_path / "index"
    index.write_text("a file where a folder should be")
    content = write_content(tmp_path)
    assert run(["serve", "--port", "0", "--content", str(content), "--index", str(index)]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("newsstand: ")
