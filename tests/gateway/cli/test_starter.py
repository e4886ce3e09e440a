"""`newsstand init`, and what is said where there are no articles."""

from pathlib import Path

import pytest

from gateway.cli.main import run
from gateway.cli.starter import STARTER
from indexer.content import synonyms_file

Captured = pytest.CaptureFixture[str]


def test_the_files_to_start_from_are_without_fault_and_can_be_searched(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "news"
    assert run(["init", str(folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == f"Serve them: cd {folder} && newsstand serve --fields fields.yaml"
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert written == {path.relative_to(STARTER) for path in STARTER.rglob("*") if path.is_file()}
    options = ["--fields", str(folder / "fields.yaml"), "--synonyms", str(folder / "synonyms.yaml")]
    assert run(["check", str(folder / "content"), *options]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out
    index = ["--index", str(tmp_path / "index")]
    assert run(["index", "--content", str(folder / "content"), *index, *options]) == 0
    assert "3 articles from 3 files" in capsys.readouterr().err
    assert len(synonyms_file.read(folder / "synonyms.yaml").synonyms) > 0


def test_nothing_is_overwritten(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "fields.yaml").write_text("mine")
    assert run(["init", str(tmp_path)]) == 2
    assert f"{tmp_path}/fields.yaml would be overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["fields.yaml"]
    assert (tmp_path / "fields.yaml").read_text() == "mine"


@pytest.mark.parametrize("path", ["file", "file/below", "folder"])
def test_a_path_that_is_no_folder_is_told_in_words(tmp_path: Path, capsys: Captured, path: str) -> None:
    """Or a folder in which a file has the name of one of ours."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "content").write_text("mine")
    assert run(["init", str(tmp_path / path)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"newsstand: cannot write {tmp_path}/")
    assert "name a folder that can be written to" in line
    assert "Errno" not in line
    assert (tmp_path / "file").read_text() == "mine"


def test_an_index_without_articles_says_how_to_get_some(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "content").mkdir()
    assert run(["index", "--content", str(tmp_path / "content"), "--index", str(tmp_path / "index")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[-1].startswith(f"There are no articles in {tmp_path}/content: `newsstand init` writes some")
