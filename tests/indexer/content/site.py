"""A content folder that is built again and again, without an index."""

import time
from collections.abc import Mapping
from pathlib import Path

from indexer.content.build_state import FileState
from indexer.content.changes import Corpus
from indexer.content.claims import Outcome
from tests.indexer.folder import SECOND, Folder, article_text

HOUR = 3600 * SECOND


def outcomes(folder: Folder, known: dict[str, FileState] | None = None, **options: bool) -> dict[str, Outcome]:
    """The fate of each file, as decided an hour after all of them were written."""
    corpus = Corpus(folder.content, known or {}, processes=1, now_ns=time.time_ns() + HOUR, **options)
    return {outcome.path: outcome for outcome in corpus.outcomes()}


def states(found: dict[str, Outcome]) -> dict[str, FileState]:
    return {path: outcome.state for path, outcome in found.items()}


class Site:
    """Files and what each build decided on them, one build after another."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self.known: dict[str, FileState] = {}

    def build(self, files: Mapping[str, str | None]) -> dict[str, str]:
        """Write files (None deletes one), and build. The path of the file that each served address has."""
        for path, text in files.items():
            if text is None:
                self.folder.delete(path)
            else:
                self.folder.write(path, text)
        self.found = outcomes(self.folder, self.known)
        self.known = states(self.found)
        return {
            state.indexed.web_url.rpartition("/")[2]: path
            for path, state in sorted(self.known.items())
            if state.indexed and state.is_served
        }

    def problems(self, path: str) -> list[str]:
        return [f"{problem.field}: {problem.reason}" for problem in self.found[path].problems]


def at(address: str, *, title: str = "Owls", draft: bool = False) -> str:
    """An article at an address of one letter."""
    more = "published: false\n" if draft else ""
    return article_text(title, url=f"https://daily.example/{address}", more=more)
