"""A look at all files in small steps finds what no notice told of."""

from pathlib import Path

import pytest

from indexer import engines
from indexer.content.build import Builder
from indexer.content.scan import Stamp
from indexer.content.sweep import Sweep
from tests.indexer.folder import Folder, Recorder, article_text


class Swept:
    """A folder with three articles that are built and settled, and its sweep."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        for name in ("a.md", "b.md", "d/c.md"):
            self.folder.write(name, article_text(name, url=f"https://daily.example/{name}"))
        self.builder = Builder(self.folder.content, processes=1, clock_ns=lambda: 2**62)
        with engines.open_writer(str(self.folder.index)) as writer:
            self.builder.build(writer, progress=Recorder())
        self.sweep = Sweep(self.folder.content)

    def suspects(self, *, reading: bool = False, size: int = 100) -> set[str]:
        return set().union(*self.sweep.steps(self.builder.files, size=size, reading=reading))


@pytest.fixture
def swept(tmp_path: Path) -> Swept:
    return Swept(tmp_path)


@pytest.mark.parametrize("reading", [False, True])
def test_nothing_differs_from_what_was_built(swept: Swept, reading: bool) -> None:  # noqa: FBT001 - a parameter
    assert swept.suspects(reading=reading) == set()


def test_files_that_came_changed_and_went_differ(swept: Swept) -> None:
    swept.folder.write("a.md", article_text("New"))
    swept.folder.write("e/new.md", article_text("New"))
    swept.folder.delete("d/c.md")
    assert swept.suspects() == {"a.md", "e/new.md", "d/c.md"}


def test_each_step_looks_at_so_many(swept: Swept) -> None:
    swept.folder.write("a.md", article_text("New"))
    steps = [*swept.sweep.steps(swept.builder.files, size=1, reading=False)]
    assert [len(step) for step in sorted(steps, key=len)] == [0, 0, 0, 1]


def test_content_that_keeps_size_and_all_times_differs_where_it_is_read(swept: Swept) -> None:
    state = swept.builder.files["a.md"]
    text = (swept.folder.content / "a.md").read_bytes()
    (swept.folder.content / "a.md").write_bytes(text.replace(b"a.md", b"x.md", 1))
    status = (swept.folder.content / "a.md").stat()
    # As on a file system without times of changes: the state has the stamp of now, but the digest of before.
    stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    files = {**swept.builder.files, "a.md": state._replace(stamp=stamp)}
    for reading, expected in ((False, set()), (True, {"a.md"})):
        assert set().union(*swept.sweep.steps(files, size=100, reading=reading)) == expected


def test_a_file_that_is_passed_over_differs_once_for_each_change(swept: Swept) -> None:
    swept.folder.write("README.md", "hello")
    assert swept.suspects() == {"README.md"}
    assert swept.suspects() == set()
    swept.folder.write("README.md", "hello again")
    assert swept.suspects() == {"README.md"}
    swept.folder.delete("README.md")
    assert swept.suspects() == {"README.md"}
    assert swept.suspects() == set()


@pytest.mark.parametrize("name", ["_defaults.yaml", ".newsstandignore", "d/_defaults.yaml"])
def test_files_that_rule_over_others_differ_when_they_come_change_and_go(swept: Swept, name: str) -> None:
    assert swept.suspects() == set()
    for text in ("type: x\n", "type: other\n"):
        swept.folder.write(name, text)
        assert swept.suspects() == {name}
        assert swept.suspects() == set()
    swept.folder.delete(name)
    assert swept.suspects() == {name}


def test_a_folder_that_is_gone_is_a_suspicion_of_all_its_files(swept: Swept) -> None:
    swept.folder.content.rename(swept.folder.content.with_name("elsewhere"))
    assert swept.suspects() == {"a.md", "b.md", "d/c.md"}
