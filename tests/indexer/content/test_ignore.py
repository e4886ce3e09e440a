"""Names that are passed over."""

from pathlib import Path

import pytest

from indexer.content.scan import scan
from tests.indexer.folder import Folder, article_text


def entries(root: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return [entry.path for entry in scan(root).entries]


def test_files_of_tools_are_passed_over_and_counted(tmp_path: Path) -> None:
    names = ["README.md", "readme.fr.md", "_index.md", "_drafts/a.md", ".git/a.md", "node_modules/p/a.md", ".b.md"]
    kept = ["_posts/a.md", "a/_posts/b.md", "readme-driven.md", "x_y.md"]
    assert sorted(entries(tmp_path, dict.fromkeys((*names, *kept, "_x.txt"), ""))) == sorted(kept)
    assert scan(tmp_path).passed_over == len(names)


def test_the_folder_of_assets_is_no_content_unless_a_line_brings_it_back(tmp_path: Path) -> None:
    names = ["assets/a.md", "assets/deep/_a.md", "assets/broken.png"]
    assert entries(tmp_path, dict.fromkeys((*names, "b/assets/a.md", "assets.md"), "")) == [
        "assets.md",
        "b/assets/a.md",
    ]
    (tmp_path / "assets/away").symlink_to("/etc/passwd")
    assert (scan(tmp_path).problems, scan(tmp_path).passed_over) == ([], 0)
    assert "assets/a.md" in entries(tmp_path, {".newsstandignore": "!assets/\n"})


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("about.md\n", ["_posts/a.md", "p/a.md", "p/b.md"]),
        ("/p/\n# comment\n\n", ["_posts/a.md", "about.md"]),
        ("p/*\n!p/b.md\n", ["_posts/a.md", "about.md", "p/b.md"]),
        ("a.md\n", ["about.md", "p/b.md"]),
        ("**/a.md\n!/p/a.md\n", ["about.md", "p/a.md", "p/b.md"]),
        ("!_drafts/\n", ["_drafts/d.md", "_posts/a.md", "about.md", "p/a.md", "p/b.md"]),
        ("!README.md\n", ["README.md", "_posts/a.md", "about.md", "p/a.md", "p/b.md"]),
    ],
)
def test_a_file_of_patterns_leaves_files_out_and_brings_others_back(
    tmp_path: Path, lines: str, kept: list[str]
) -> None:
    files = dict.fromkeys(("about.md", "p/a.md", "p/b.md", "_posts/a.md", "_drafts/d.md", "README.md"), "")
    assert sorted(entries(tmp_path, {**files, ".newsstandignore": lines})) == kept


def test_a_folder_may_have_patterns_of_its_own(tmp_path: Path) -> None:
    files = dict.fromkeys(("a.md", "p/a.md", "p/b.md", "p/q/a.md", "p/q/b.md"), "")
    patterns = {".newsstandignore": "b.md\n", "p/.newsstandignore": "/a.md\n!b.md\n"}
    assert entries(tmp_path, {**files, **patterns}) == ["a.md", "p/b.md", "p/q/a.md", "p/q/b.md"]


@pytest.mark.parametrize("data", [b"\xff\n", b"!\n", None])
async def test_where_patterns_cannot_be_read_the_articles_below_stay_as_they_were(
    tmp_path: Path, data: bytes | None
) -> None:
    """Files that they leave out would be published otherwise."""
    folder = Folder(tmp_path)
    for path in ("a.md", "p/b.md", "p/secret.md"):
        folder.write(path, article_text(path, url=f"https://daily.example/{path}"))
    folder.write("p/.newsstandignore", "secret.md\n")
    folder.build()
    patterns = folder.content / "p/.newsstandignore"
    patterns.unlink()
    if data is None:
        patterns.symlink_to("nowhere")
    else:
        patterns.write_bytes(data)
    report, told = folder.build()
    assert (report.errors, len(told)) == (1, 1)
    assert told[0].startswith("p/.newsstandignore:1:1: error: the file cannot be read: ")
    assert told[0].endswith("; mend it; until then its articles stay as they were")
    assert {*await folder.served()} == {"a", "p/b"}


def test_patterns_of_the_content_folder_that_cannot_be_read_leave_all_unknown(tmp_path: Path) -> None:
    assert entries(tmp_path, {"a.md": "", "p/b.md": ""}) == ["a.md", "p/b.md"]
    (tmp_path / ".newsstandignore").write_bytes(b"\xff\n")
    result = scan(tmp_path)
    assert result.entries == []
    assert result.is_unknown("a.md")
    assert result.is_unknown("p/b.md")
