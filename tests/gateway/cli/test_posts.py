"""Folders of posts that were written for other tools, by the command line."""

from pathlib import Path

import orjson
import pytest

from gateway.cli.main import run

Captured = pytest.CaptureFixture[str]
POST = "---\nlayout: post\ntitle: Owls {number}\ntags: [owls]\n---\nText\n"


def posts(root: Path, count: int = 1) -> Path:
    folder = root / "_posts"
    folder.mkdir()
    for number in range(count):
        (folder / f"2021-03-04-owls-{number}.md").write_text(POST.replace("{number}", str(number)))
    return folder


def addresses(index: str, capsys: Captured) -> list[str]:
    capsys.readouterr()
    assert run(["search", "--json", "--index", index]) == 0
    return [article["webUrl"] for article in orjson.loads(capsys.readouterr().out)["articles"]]


def test_a_folder_of_posts_is_indexed_by_one_command(tmp_path: Path, capsys: Captured) -> None:
    folder, index = posts(tmp_path), str(tmp_path / "index")
    (folder / "README.md").write_text("# Read me")
    command = ["index", "--content", str(folder), "--index", index, "--site", "https://me.example"]
    assert run(command) == 0
    told = capsys.readouterr().err
    assert "Fields that no article has, by files: layout (1)\n" in told
    assert "1 article from 1 file (1 parsed, 1 added, 0 deleted, 1 passed over)" in told
    assert addresses(index, capsys) == ["https://me.example/2021/03/04/owls-0.html"]
    assert run([*command, "--fields", "hugo"]) == 0
    assert addresses(index, capsys) == ["https://me.example/2021-03-04-owls-0/"]
    mapping = tmp_path / "fields.yaml"
    mapping.write_text("webUrl: /{slug}\n")
    assert run([*command, "--fields", str(mapping)]) == 0
    assert addresses(index, capsys) == ["https://me.example/owls-0"]
    mapping.write_text("webUrl: /x/{slug}\n")
    assert run([*command, "--fields", str(mapping)]) == 0
    assert addresses(index, capsys) == ["https://me.example/x/owls-0"]


def test_check_counts_what_it_ignores(tmp_path: Path, capsys: Captured) -> None:
    folder = posts(tmp_path, 2)
    assert run(["check", str(folder), "--site", "https://me.example"]) == 0
    lines = ["Fields that no article has, by files: layout (2)", f"0 errors, 0 warnings in {folder}"]
    assert capsys.readouterr().out.splitlines() == lines
    assert run(["check", str(folder)]) == 1
    assert "name the site of all files by --site" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--site", "me.example"], 2, "--site is 'me.example', but must be an absolute http or https URL"),
        (["--site", "http://localhost"], 2, "--site is 'http://localhost', but must be the address of a site"),
    ],
)
def test_an_option_without_sense_is_one_clear_line(
    tmp_path: Path, capsys: Captured, options: list[str], status: int, said: str
) -> None:
    assert run(["check", str(posts(tmp_path)), *options]) == status
    assert said in capsys.readouterr().err


def test_a_mapping_below_a_site_needs_the_site(tmp_path: Path, capsys: Captured) -> None:
    mapping = tmp_path / "fields.yaml"
    mapping.write_text("webUrl: /{slug}\n")
    assert run(["check", str(posts(tmp_path)), "--fields", str(mapping)]) == 2
    assert "name the site by --site" in capsys.readouterr().err


def test_most_articles_are_deleted_only_on_demand(tmp_path: Path, capsys: Captured) -> None:
    folder, index = posts(tmp_path, 20), str(tmp_path / "index")
    command = ["index", "--content", str(folder), "--index", index, "--site", "https://me.example"]
    assert run(command) == 0
    files = sorted(folder.iterdir())
    for file in files[:10]:
        file.unlink()
    assert run(command) == 0
    for number, file in enumerate(files[:10]):
        file.write_text(POST.replace("{number}", str(number)))
    assert run(command) == 0
    for file in files[:11]:
        file.unlink()
    capsys.readouterr()
    assert run(command) == 1
    told = capsys.readouterr().err
    assert f"11 of 20 articles are no longer in {folder}; the index stays as it was" in told
    assert "--allow-deletions" in told
    assert len(addresses(index, capsys)) == 10
    assert run(["search", "--json", "--first", "100", "--index", index]) == 0
    assert len(orjson.loads(capsys.readouterr().out)["articles"]) == 20
    assert run([*command, "--allow-deletions"]) == 0
    assert "9 articles from 9 files" in capsys.readouterr().err
