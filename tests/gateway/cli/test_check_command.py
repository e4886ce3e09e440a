"""`newsstand check` on folders and files, in each form."""

import re
from pathlib import Path

import orjson
import pytest

from gateway.cli.main import run
from gateway.cli.problem_formats import github_command
from indexer.engines import index_secret
from indexer.errors import ContentProblem, Severity
from tests.gateway.library import BROKEN, write_content

Captured = pytest.CaptureFixture[str]


def lines(capsys: Captured) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_file_is_checked_without_a_look_at_others(tmp_path: Path, capsys: Captured) -> None:
    content = write_content(tmp_path)
    good, bad = next(iter(content.rglob("*.md"))), content / "sub/broken.md"
    bad.parent.mkdir()
    bad.write_text(BROKEN)
    (content / "also-broken.md").write_text(BROKEN)
    assert run(["check", str(good), "--content", str(content)]) == 0
    assert lines(capsys) == [f"0 errors, 0 warnings in {good}"]
    assert run(["check", str(bad), str(good), "--content", str(content)]) == 1
    told = lines(capsys)
    assert told[0].startswith(f"{bad}:2:1: error: publishedDateTime: ")
    assert all(line.startswith(str(bad)) for line in told[:-1])
    assert run(["check", str(bad)]) == 1
    assert lines(capsys)[0].startswith(f"{bad}:2:1: error: ")


def test_files_follow_the_defaults_and_ignored_names_of_their_folders(tmp_path: Path, capsys: Captured) -> None:
    post = "---\ntitle: x\ndate: 2021-03-04\n---\n"
    for name, text in {
        "_defaults.yaml": 'provider: x.example\nwebUrl: "https://x.example/{slug}"\nheat: warm\n',
        "a/.newsstandignore": "b/\n",
        "a/b/c.md": BROKEN,
        "a/README.md": "no article",
        "a/d.md": post,
        "a/picture.png": "no article",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in ("a/b/c.md", "a/README.md", "a/d.md", "a/picture.png")]
    assert run(["check", *paths, "--content", str(tmp_path)]) == 0
    assert lines(capsys) == [f"0 errors, 0 warnings in {', '.join(paths)}"]
    assert run(["check", str(tmp_path / "_defaults.yaml"), "--content", str(tmp_path)]) == 1
    assert lines(capsys)[0].startswith(f"{tmp_path}/_defaults.yaml:3:7: error: heat: ")


def test_several_folders_are_told_apart(tmp_path: Path, capsys: Captured) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "broken.md").write_text(BROKEN)
    assert run(["check", str(tmp_path / "one"), str(tmp_path / "two")]) == 1
    paths = {line.split(":")[0] for line in lines(capsys)[:-1]}
    assert paths == {f"{tmp_path}/one/broken.md", f"{tmp_path}/two/broken.md"}


def test_json_is_one_document(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "broken.md").write_text("---\nlayout: x\n---\n")
    for option in (["--json"], ["--format", "JSON"]):
        assert run(["check", str(tmp_path), "--site", "https://me.example", *option]) == 1
        document = orjson.loads(capsys.readouterr().out)
        [problem] = document.pop("problems")
        assert document == {"errors": 1, "warnings": 0, "ignored": {"layout": 1}}
        assert (problem["path"], problem["line"], problem["column"]) == ("broken.md", 2, 1)
        assert (problem["field"], problem["severity"]) == ("publishedDateTime", "error")
        assert problem["reason"] == "is missing"


def test_github_is_told_place_and_severity(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "broken.md").write_text(BROKEN)
    assert run(["check", str(tmp_path), str(tmp_path / "broken.md"), "--format", "github"]) == 1
    place = f"file={tmp_path}/broken.md,line=2,col=1,title=publishedDateTime"
    assert lines(capsys)[0].startswith(f"::error {place}::is missing; add ")


def test_a_command_for_github_escapes_what_would_end_it() -> None:
    problem = ContentProblem(
        path="a,b:c.md", line=3, column=4, field="x", reason="50%\nis", remedy="\x1b[1m", severity=Severity.WARNING
    )
    assert github_command(problem) == "::warning file=a%2Cb%3Ac.md,line=3,col=4,title=x::50%25%0Ais; \\x1b[1m"


def test_a_path_that_is_not_there_is_one_clear_line(tmp_path: Path, capsys: Captured) -> None:
    assert run(["check", str(tmp_path / "nowhere.md")]) == 2
    assert "there is no file or folder" in capsys.readouterr().err


def test_a_broken_mapping_is_a_problem_like_others(tmp_path: Path, capsys: Captured) -> None:
    mapping = tmp_path / "fields.yaml"
    mapping.write_text("titel: name\ntitle: [[x]]\n")
    assert run(["check", str(write_content(tmp_path)), "--fields", str(mapping)]) == 1
    told = lines(capsys)
    assert [line.split(": ")[0] for line in told[:2]] == [f"{mapping}:1:1", f"{mapping}:2:9"]
    assert told[2].startswith("2 errors, 0 warnings")
    assert run(["check", str(tmp_path), "--fields", "missing.yaml"]) == 1
    assert lines(capsys)[0].startswith("missing.yaml:1:1: error: cannot be read: ")


def test_every_damaged_file_of_an_index_is_named_with_the_remedy(tmp_path: Path, capsys: Captured) -> None:
    content, index = write_content(tmp_path), tmp_path / "index"
    assert run(["index", "--content", str(content), "--index", str(index)]) == 0
    index_secret(str(index))
    capsys.readouterr()
    command = ["check", "--index", str(index)]
    assert run(command) == 0
    assert capsys.readouterr().out == f"0 errors, 0 warnings in {index}\n"
    files = sorted(path for path in index.iterdir() if path.name not in {"MAIN_WRITELOCK", "newsstand.problems"})
    assert len(files) > 20
    for file in files:
        whole = file.read_bytes()
        for damaged in (bytes([whole[0] ^ 1]) + whole[1:], whole[:-1], None):
            if damaged is None:
                file.unlink()
            else:
                file.write_bytes(damaged)
            is_unread = (file.suffix, damaged) == (".secret", None)  # where there is none, the next server makes it
            assert run(command) == (0 if is_unread else 1), (file.name, damaged)
            out, err = capsys.readouterr()
            if file.suffix == ".format" or (file.suffix == ".toc" and damaged is None):
                assert "build it with `newsstand index`" in err
            elif not is_unread:
                [line, total] = out.splitlines()
                assert line.startswith(f"{file}:1:1: error: the file ")
                assert re.search(r"; .*(`newsstand index --full`|`newsstand serve`|remove the file)", line)
                assert total == f"1 error, 0 warnings in {index}"
        file.write_bytes(whole)
    assert run(command) == 0
    assert run(["check", str(content), *command[1:]]) == 0
    assert capsys.readouterr().out.endswith(f"0 errors, 0 warnings in {index}, {content}\n")


def test_an_index_that_is_not_there_is_told(tmp_path: Path, capsys: Captured) -> None:
    assert run(["check", "--index", str(tmp_path / "nowhere")]) == 1
    assert "there is no index in" in capsys.readouterr().err
