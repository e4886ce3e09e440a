from contextlib import chdir
from io import StringIO
from pathlib import Path

import httpx2
import pytest
from rich.console import Console

from gateway.cli.console import report_synonyms
from gateway.cli.main import run
from gateway.config import synonyms
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from tests.gateway.library import write_content, write_index
from tests.gateway.server_process import serving

Captured = pytest.CaptureFixture[str]
SOUND = "groups:\n  - [pears, fruits of autumn]\none_way:\n  pomes: [apples, pears]\n"
BROKEN = "groups:\n  - [pears]\n"


def file_with(folder: Path, text: str) -> str:
    path = folder / "words.yaml"
    path.write_text(text)
    return str(path)


def test_without_a_file_there_are_no_synonyms(tmp_path: Path):
    log = StringIO()
    with chdir(tmp_path):
        report_synonyms(None, Console(file=log))
        assert (synonyms.in_force(None), synonyms.problems(None), log.getvalue()) == (NO_SYNONYMS, (), "")


def test_the_file_in_the_working_directory_is_in_force_unless_another_is_set(tmp_path: Path):
    (tmp_path / "synonyms.yaml").write_text("groups: [[a, b]]\n")
    with chdir(tmp_path):
        assert synonyms.in_force(None) == Synonyms.of([["a", "b"]])
        assert synonyms.in_force(Path(file_with(tmp_path, "groups: [[c, d]]\n"))) == Synonyms.of([["c", "d"]])


def test_check_prints_the_problems_of_the_file_too(tmp_path: Path, capsys: Captured):
    content = str(write_content(tmp_path))
    assert run(["check", content, "--synonyms", file_with(tmp_path, SOUND)]) == 0
    broken = file_with(tmp_path, BROKEN)
    assert run(["check", content, "--synonyms", broken]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"0 errors, 0 warnings in {content}",
        f"{broken}:2:5: error: groups[0]: has one entry; add what means the same, or remove it",
        f"1 error, 0 warnings in {content}",
    ]


@pytest.mark.parametrize(("text", "count", "status"), [(SOUND, "3", 0), (BROKEN, "none", 1)])
def test_index_says_how_many_are_in_force_and_builds_in_any_case(
    tmp_path: Path, capsys: Captured, text: str, count: str, status: int
):
    content, path, index = str(write_content(tmp_path)), file_with(tmp_path, text), str(tmp_path / "index")
    assert run(["index", "--content", content, "--index", index, "--synonyms", path]) == status
    assert run(["search", "--index", index]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == f"Words and phrases with synonyms: {count}, by {path}"


@pytest.mark.parametrize("name", ["words.yaml", "nowhere.yaml"])
def test_a_server_does_not_start_with_a_broken_or_missing_file(tmp_path: Path, capsys: Captured, name: str):
    file_with(tmp_path, BROKEN)
    path = tmp_path / name
    assert run(["serve", "--port", "0", "--index", str(tmp_path / "index"), "--synonyms", str(path)]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"newsstand: {path}:")
    assert ": error: " in line


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_finds_what_means_the_same(tmp_path: Path, workers: str):
    write_index(tmp_path)
    options = ("--synonyms", file_with(tmp_path, SOUND), "--workers", workers)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere"), *options) as server:
        server.wait_for(200)
        query = '{ articles(search: "pomes ripe", ranking: OLDEST) { nodes { key } } }'
        answer = httpx2.post(server.url("/graphql"), json={"query": query}).json()
    assert answer == {"data": {"articles": {"nodes": [{"key": "apples"}, {"key": "pears"}]}}}
