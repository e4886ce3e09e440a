"""The version of each file that is to be served, and the files that have to be read to know."""

import os
import time
from pathlib import Path

import pytest

from indexer.content.changes import Corpus
from indexer.content.read_files import CHUNK
from indexer.content.scan import scan
from tests.indexer.content.site import HOUR, Site, at, outcomes, states
from tests.indexer.folder import BROKEN, SECOND, Folder, article_text
from tests.unprivileged import public_folder, unprivileged


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_file_that_did_not_change_is_not_even_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    file = folder.write("a.md", article_text("Owls"), mtime_ns=SECOND)
    known = states(outcomes(folder))
    known = {"a.md": known["a.md"]._replace(current=known["a.md"].current._replace(digest="of another text"))}
    known = {"a.md": known["a.md"]._replace(indexed=known["a.md"].current)}
    assert states(outcomes(folder, known)) == known
    file.touch()
    assert states(outcomes(folder, known)) != known


@pytest.mark.parametrize("edit", ["in place", "by a new file"])
def test_an_edit_that_keeps_size_and_time_is_seen(tmp_path: Path, edit: str) -> None:
    # As by `touch -r`, by tools that unpack archives, and where all files have the same time.
    folder = Folder(tmp_path)
    file = folder.write("a.md", article_text("Owls"), mtime_ns=SECOND)
    known = states(outcomes(folder))
    if edit == "by a new file":
        file.unlink()
    folder.write("a.md", article_text("Bats"), mtime_ns=SECOND)
    assert known["a.md"].stamp
    assert (file.stat().st_size, file.stat().st_mtime_ns) == known["a.md"].stamp[:2]
    article = outcomes(folder, known)["a.md"].article
    assert article
    assert article.title == "Bats"


def test_a_full_look_reads_what_looks_unchanged(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text("Owls"))
    folder.write("b.md", article_text("Rats", url="https://daily.example/b"))
    known = states(outcomes(folder))
    stamp = known["a.md"].stamp
    folder.write("a.md", article_text("Bats"))
    kept = {**known, "a.md": known["a.md"]._replace(stamp=states(outcomes(folder, known))["a.md"].stamp)}
    assert kept["a.md"].stamp != stamp
    assert outcomes(folder, kept)["a.md"].article is None
    found = outcomes(folder, kept, full=True)
    assert [(path, outcome.parsed) for path, outcome in found.items()] == [("a.md", True), ("b.md", False)]


@pytest.mark.parametrize("seconds", [-3, 0, 1])
def test_a_file_written_just_now_is_read_again_next_time(tmp_path: Path, seconds: int) -> None:
    # Within one tick of the file system's clock two versions have the same stamp.
    folder = Folder(tmp_path)
    folder.write("a.md", article_text("Owls"))
    written = (folder.content / "a.md").stat().st_ctime_ns
    corpus = Corpus(folder.content, {}, now_ns=written + seconds * SECOND)
    assert [outcome.state.stamp for outcome in corpus.outcomes()] == [None]


def test_a_file_dated_in_the_future_is_read_every_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    later = time.time_ns() + 2 * HOUR
    folder.write("a.md", article_text("Owls"), mtime_ns=later)
    known = states(outcomes(folder))
    folder.write("a.md", article_text("Bats"), mtime_ns=later)
    assert outcomes(folder, known)["a.md"].parsed


def test_a_file_known_by_a_time_that_is_yet_to_come_is_read(tmp_path: Path) -> None:
    # The clock was set back since.
    folder = Folder(tmp_path)
    later = time.time_ns() + 2 * HOUR
    folder.write("a.md", article_text("Owls"), mtime_ns=later)
    [state] = states(outcomes(folder)).values()
    known = {"a.md": state._replace(stamp=scan(folder.content).entries[0].stamp)}
    assert outcomes(folder, known)["a.md"].state == state
    folder.write("a.md", article_text("Bats"), mtime_ns=later)
    assert outcomes(folder, known)["a.md"].parsed


def test_once_it_has_settled_an_unchanged_file_is_known_by_size_and_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text(), mtime_ns=time.time_ns() + 2 * HOUR)
    known = states(outcomes(folder))
    assert known["a.md"].stamp is None
    folder.write("a.md", article_text(), mtime_ns=SECOND)
    settled = outcomes(folder, known)["a.md"]
    assert (settled.parsed, settled.state.stamp) == (False, scan(folder.content).entries[0].stamp)
    assert settled.state._replace(stamp=None) == known["a.md"]


def test_a_broken_file_keeps_the_version_in_the_index_and_its_problems_are_told_without_parsing(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text())
    good = outcomes(folder)["a.md"].state
    folder.write("a.md", BROKEN)
    broken = outcomes(folder, {"a.md": good})["a.md"]
    assert broken.state.indexed == good.current
    assert (broken.article, broken.parsed) == (None, True)
    again = outcomes(folder, {"a.md": broken.state})["a.md"]
    assert (again.parsed, again.problems, again.state) == (False, broken.problems, broken.state)
    assert again.problems


def test_a_file_that_could_not_be_read_is_tried_again_though_it_did_not_change(tmp_path: Path) -> None:
    # Permission is given without writing to the file.
    folder = Folder(tmp_path)
    folder.write("a.md", article_text())
    [state] = states(outcomes(folder)).values()
    unread = state._replace(current=state.current._replace(digest="", web_url=""), indexed=None)
    assert outcomes(folder, {"a.md": unread})["a.md"].article


def test_a_file_that_vanishes_between_the_walk_and_the_reading_is_as_if_deleted(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text(url="https://daily.example/a"))
    folder.write("b.md", article_text(url="https://daily.example/b"))
    corpus = Corpus(folder.content, {})
    folder.delete("a.md")
    assert [outcome.path for outcome in corpus.outcomes()] == ["b.md"]


def test_several_processes_come_to_the_same_outcomes_as_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for number in range(2 * CHUNK + 1):
        text = article_text(f"Owl {number}", url=f"https://daily.example/{number % 300}")
        folder.write(f"{number % 7}/{number}.md", BROKEN if number % 40 == 0 else text)
    now = time.time_ns()  # one for both, since a file that was written just now is told from one that has settled
    alone = list(Corpus(folder.content, {}, processes=1, now_ns=now).outcomes())
    assert list(Corpus(folder.content, {}, processes=2, now_ns=now).outcomes()) == alone
    assert {len(outcome.problems) for outcome in alone} == {0, 1, 3}


def test_files_below_a_folder_that_cannot_be_read_stay(site: Site) -> None:
    with public_folder() as root:
        site.folder.content = root
        assert site.build({"a.md": at("x"), "closed/b.md": at("y"), "closed/c.md": BROKEN}) == {
            "x": "a.md",
            "y": "closed/b.md",
        }
        (root / "closed").chmod(0)
        with unprivileged():
            assert site.build({}) == {"x": "a.md", "y": "closed/b.md"}
        (root / "closed").chmod(0o755)
        assert site.build({"closed/b.md": None}) == {"x": "a.md"}


def test_the_article_of_a_link_that_leads_nowhere_stays(site: Site) -> None:
    # As while what it leads to is mounted anew.
    site.folder.write("there/long.txt", at("x"))
    (site.folder.content / "a.md").symlink_to("there/long.txt")
    assert site.build({}) == {"x": "a.md"}
    (site.folder.content / "there/long.txt").unlink()
    assert site.build({}) == {"x": "a.md"}
    (site.folder.content / "a.md").unlink()
    assert site.build({}) == {}


def test_articles_stay_where_something_that_is_no_content_takes_the_place_of_their_file_or_folder(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As where a folder is mounted elsewhere for a while: that is an error, and no deletion."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    served = site.build({"a/b.md": at("b"), "c.md": at("c"), "d.md": at("d")})
    (site.folder.content / "a").rename(elsewhere / "a")
    (site.folder.content / "a").symlink_to(elsewhere / "a")
    (site.folder.content / "c.md").unlink()
    os.mkfifo(site.folder.content / "c.md")
    assert site.build({}) == served
    (site.folder.content / "a").unlink()
    (site.folder.content / "c.md").unlink()
    assert site.build({}) == {"d": "d.md"}
