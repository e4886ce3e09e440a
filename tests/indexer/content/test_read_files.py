"""Content files read and parsed: only those whose content changed, in order, in one process or in several."""

from collections.abc import Generator
from pathlib import Path

from indexer.content.markup.frontmatter import MAX_BYTES
from indexer.content.read_files import CHUNK, FileToRead, Reading, digest_of, read_files
from tests.indexer.folder import article_text


def test_a_file_is_parsed_where_its_digest_differs(tmp_path: Path) -> None:
    data = article_text().encode()
    (tmp_path / "a.md").write_bytes(data)
    [new] = read_files(tmp_path, [FileToRead("a.md", "")])
    [changed] = read_files(tmp_path, [FileToRead("a.md", digest_of(b"other"))])
    [same] = read_files(tmp_path, [FileToRead("a.md", digest_of(data))])
    assert new.parsed
    assert new.parsed.article
    assert changed == new
    assert same == Reading("a.md", digest_of(data), None)


def test_a_file_that_vanished_after_the_walk_has_no_digest(tmp_path: Path) -> None:
    assert list(read_files(tmp_path, [FileToRead("a.md", "")])) == [Reading("a.md", None, None)]


def test_a_file_that_cannot_be_read_is_a_problem_and_the_next_one_is_read(tmp_path: Path) -> None:
    # A folder stands in for a file without permission, which a test run as root could read.
    (tmp_path / "a.md").mkdir()
    (tmp_path / "b.md").write_text(article_text())
    first, second = read_files(tmp_path, [FileToRead("a.md", ""), FileToRead("b.md", "")])
    assert first.digest == ""
    assert first.parsed
    assert list(map(str, first.parsed.problems)) == [
        "a.md:1:1: error: the file cannot be read: Is a directory; give read permission"
    ]
    assert second.parsed


def test_no_more_of_a_huge_file_is_read_than_shows_that_it_is_huge(tmp_path: Path) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(5_000_000_000)
    [reading] = read_files(tmp_path, [FileToRead("a.md", "")])
    assert reading.digest == digest_of(bytes(MAX_BYTES + 1))


def test_several_processes_read_what_one_reads_in_the_same_order(tmp_path: Path) -> None:
    files = []
    for number in range(2 * CHUNK + 7):
        name = f"{number}.md"
        if number % 50:
            (tmp_path / name).write_text(article_text(f"Owl {number}") if number % 3 else "broken")
        files.append(FileToRead(name, digest_of(b"broken") if number % 4 == 0 else ""))
    alone = list(read_files(tmp_path, files, processes=1))
    assert list(read_files(tmp_path, files, processes=2)) == alone
    assert [reading.path for reading in alone] == [known.path for known in files]


def test_readings_that_are_not_taken_stop_the_processes(tmp_path: Path) -> None:
    files = [FileToRead(f"{number}.md", "") for number in range(CHUNK * 20)]
    readings = read_files(tmp_path, files, processes=2)
    assert next(readings) == Reading("0.md", None, None)
    assert isinstance(readings, Generator)
    readings.close()
