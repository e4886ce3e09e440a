"""Which version of each file is to be served, and which files have to be read to know."""

import time
from pathlib import Path

from indexer.content.build_state import FileState
from indexer.content.changes import Corpus, Outcome
from indexer.content.read_files import CHUNK
from tests.indexer.folder import BROKEN, SECOND, Folder, article_text


def outcomes(folder: Folder, known: dict[str, FileState] | None = None) -> dict[str, Outcome]:
    return {outcome.path: outcome for outcome in Corpus(folder.content, known or {}, processes=1).outcomes()}


def states(found: dict[str, Outcome]) -> dict[str, FileState]:
    return {path: outcome.state for path, outcome in found.items()}


def test_a_file_that_did_not_change_is_not_even_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    file = folder.write("a.md", article_text("Owls"), mtime_ns=SECOND)
    known = states(outcomes(folder))
    folder.write("a.md", article_text("Bats"), mtime_ns=SECOND)  # as a copy tool does that keeps times
    assert file.stat().st_size == known["a.md"].size
    assert outcomes(folder, known)["a.md"].article is None
    assert states(outcomes(folder, known)) == known


def test_a_file_written_just_now_is_read_again_next_time(tmp_path: Path) -> None:
    # Within one tick of the file system's clock two versions have the same size and time.
    folder = Folder(tmp_path)
    now = time.time_ns()
    folder.write("a.md", article_text("Owls"), mtime_ns=now)
    first = outcomes(folder)
    again = outcomes(folder, states(first))["a.md"]
    assert (again.parsed, again.article) == (False, None)
    folder.write("a.md", article_text("Bats"), mtime_ns=now)
    changed = outcomes(folder, states(first))["a.md"]
    assert changed.article
    assert changed.article.title == "Bats"


def test_a_file_dated_in_the_future_is_read_every_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    later = time.time_ns() + 3600 * SECOND
    folder.write("a.md", article_text("Owls"), mtime_ns=later)
    known = states(outcomes(folder))
    folder.write("a.md", article_text("Bats"), mtime_ns=later)
    assert outcomes(folder, known)["a.md"].parsed


def test_a_file_known_by_a_time_that_is_yet_to_come_is_read(tmp_path: Path) -> None:
    # The clock was set back since.
    folder = Folder(tmp_path)
    later = time.time_ns() + 3600 * SECOND
    folder.write("a.md", article_text("Owls"), mtime_ns=later)
    [state] = states(outcomes(folder)).values()
    known = {"a.md": state._replace(mtime_ns=later)}
    assert outcomes(folder, known)["a.md"].state == state
    folder.write("a.md", article_text("Bats"), mtime_ns=later)
    assert outcomes(folder, known)["a.md"].parsed


def test_once_it_has_settled_an_unchanged_file_is_known_by_size_and_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text(), mtime_ns=time.time_ns())
    known = states(outcomes(folder))
    assert known["a.md"].mtime_ns == 0
    folder.write("a.md", article_text(), mtime_ns=SECOND)
    settled = outcomes(folder, known)["a.md"]
    assert (settled.parsed, settled.state.mtime_ns) == (False, SECOND)
    assert settled.state._replace(mtime_ns=0) == known["a.md"]


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
    alone = list(Corpus(folder.content, {}, processes=1).outcomes())
    assert list(Corpus(folder.content, {}, processes=2).outcomes()) == alone
    assert {len(outcome.problems) for outcome in alone} == {0, 1, 3}
