"""The walk over the content folder. What it refuses is also proven in test_broken.py."""

import os
from pathlib import Path

import pytest

from indexer.content.scan import Entry, Scan, Stamp, scan
from indexer.errors import ContentError
from tests.unprivileged import public_folder, unprivileged


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")


def found(root: Path) -> list[str]:
    return [entry.path for entry in scan(root).entries]


def test_files_come_in_the_order_of_their_keys(tmp_path: Path) -> None:
    # The key decides which of two claimants comes first, not the way in which folders happen to be walked.
    write(tmp_path, "b.md", "a/z.md", "a.md", "a-b.md", "a/b/c.md", "a.yml", "é.md", "B.md", "a.b.md")
    assert found(tmp_path) == ["B.md", "a.md", "a.yml", "a-b.md", "a.b.md", "a/b/c.md", "a/z.md", "b.md", "é.md"]


def test_only_the_suffixes_of_articles_are_content_and_nothing_hidden(tmp_path: Path) -> None:
    write(tmp_path, "1.md", "2.markdown", "3.yaml", "4.yml", "6.txt", "7", "md", "8.md.bak", "9.png")
    write(tmp_path, ".hidden.md", ".md", ".git/a.md", "a/.hidden/a.md", "a/b.md~")
    assert found(tmp_path) == ["1.md", "2.markdown", "3.yaml", "4.yml"]
    assert scan(tmp_path).problems == []


def test_an_entry_has_the_files_size_and_time_to_the_nanosecond(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    os.utime(tmp_path / "a.md", ns=(1, 1_234_567_890_123_456_789))
    status = (tmp_path / "a.md").stat()
    stamp = Stamp(1, 1_234_567_890_123_456_789, status.st_ctime_ns, status.st_ino)
    assert scan(tmp_path).entries == [Entry("a.md", stamp)]


def test_a_link_to_a_file_inside_is_that_file(tmp_path: Path) -> None:
    write(tmp_path, "a/long.md")
    (tmp_path / "b.md").symlink_to("a/long.md")
    (tmp_path / "c.png").symlink_to("a/long.md")
    entries = scan(tmp_path).entries
    assert [entry.path for entry in entries] == ["a/long.md", "b.md"]
    assert entries[0].stamp == entries[1].stamp
    assert found(tmp_path) == ["a/long.md", "b.md"]


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "content/a.md")
    (tmp_path / "content/b.md").symlink_to("a.md")
    (tmp_path / "link").symlink_to("content")
    assert found(tmp_path / "link") == ["a.md", "b.md"]
    assert scan(tmp_path / "link").problems == []


def test_a_sibling_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    write(tmp_path, "content/a.md", "content-old/a.md")
    (tmp_path / "content/b.md").symlink_to("../content-old/a.md")
    assert [problem.path for problem in scan(tmp_path / "content").problems] == ["b.md"]


def test_folders_nest_deeper_than_python_calls(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(1200):
        deep /= "d"
        deep.mkdir()
    write(deep, "a.md")
    try:
        assert found(tmp_path) == ["d/" * 1200 + "a.md"]
    finally:  # Python could not remove them all at once
        (deep / "a.md").unlink()
        while deep != tmp_path:
            deep.rmdir()
            deep = deep.parent


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_what_is_no_folder_is_no_content(tmp_path: Path, name: str) -> None:
    write(tmp_path, "file")
    with pytest.raises(ContentError, match=f"{name}; name an existing folder"):
        scan(tmp_path / name)


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path) == Scan()


def test_a_folder_without_read_permission_is_a_problem_and_unknown() -> None:
    with public_folder() as root:
        write(root, "a.md", "closed/b.md")
        (root / "closed").chmod(0)
        with unprivileged():
            result = scan(root)
            [problem], unknown = result.problems, result.unknown
        assert str(problem) == (
            "closed:1:1: error: the folder cannot be read: Permission denied; "
            "make it readable; until then its articles stay as they were"
        )
        assert unknown == ["closed"]
        root.chmod(0)
        with unprivileged(), pytest.raises(ContentError, match="cannot be read"):
            scan(root)
        root.chmod(0o700)


@pytest.mark.parametrize(
    ("path", "is_unknown"),
    [("a/b.md", True), ("a/c/d.md", True), ("a.md", False), ("ab/c.md", False), ("l.md", True), ("l.md.md", False)],
)
def test_nobody_knows_about_files_at_and_below_an_unknown_path(path: str, is_unknown: bool) -> None:  # noqa: FBT001
    assert Scan(unknown=["a", "l.md"]).is_unknown(path) is is_unknown


def test_suffixes_ignore_case(tmp_path: Path) -> None:
    write(tmp_path, "a.MD", "b.Yaml", "c.mdz")
    assert found(tmp_path) == ["a.MD", "b.Yaml"]
