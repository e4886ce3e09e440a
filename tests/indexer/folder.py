"""A content folder and the index of it: written, built and looked at by tests."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from indexer import engines
from indexer.article import Article
from indexer.content.build import build
from indexer.content.build_report import BuildReport, Deletions
from indexer.content.build_state import FileState, decoded
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.errors import ContentProblem
from indexer.search.requests import SearchRequest
from tests.asking import ALL, ask

SECOND = 1_000_000_000
LATER = datetime(2100, 1, 1, tzinfo=UTC)
BROKEN = "---\ntitle: Nothing else\n---\n"


def article_text(title: str = "Owls return", *, url: str = "https://daily.example/owls", more: str = "") -> str:
    """A content file without fault. `more` are further lines of front matter."""
    needed = f"title: {title}\npublishedDateTime: 2021-03-04\nwebUrl: {url}\nprovider: {{domain: daily.example}}\n"
    return f"---\n{needed}{more}---\n"


@dataclass
class Recorder:
    """Remembers what a build tells of its progress."""

    files: list[int] = field(default_factory=list)
    advanced: int = 0
    problems: list[ContentProblem] = field(default_factory=list)
    finished: int = 0

    def start(self, files: int) -> None:
        self.files.append(files)

    def advance(self, files: int) -> None:
        self.advanced += files

    def problem(self, problem: ContentProblem) -> None:
        self.problems.append(problem)

    def finish(self) -> None:
        self.finished += 1


class Folder:
    """Content and its index, side by side below `root`."""

    def __init__(self, root: Path) -> None:
        self.content = root / "content"
        self.index = root / "index"
        self.content.mkdir()
        self._clock = 1_600_000_000 * SECOND

    def write(self, path: str, data: str | bytes, *, mtime_ns: int | None = None) -> Path:
        """Write a file. Unless said otherwise it was written long ago, and after all others."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        self._clock += SECOND
        mtime_ns = self._clock if mtime_ns is None else mtime_ns
        os.utime(file, ns=(mtime_ns, mtime_ns))
        return file

    def delete(self, path: str) -> None:
        (self.content / path).unlink()

    def build(
        self,
        *,
        processes: int | None = 1,
        rules: FieldRules = STRICT,
        deletions: Deletions = Deletions.FEW,
    ) -> tuple[BuildReport, list[str]]:
        """Build the index: the report, and the problems as they are printed."""
        recorder = Recorder()
        with engines.open_writer(str(self.index)) as writer:
            report = build(
                self.content, writer, progress=recorder, processes=processes, rules=rules, deletions=deletions
            )
        return report, list(map(str, recorder.problems))

    async def served(self) -> dict[str, Article]:
        """All articles in the index but drafts, by key, as an engine opened now serves them."""
        engine = await engines.open_engine(str(self.index))
        result = await ask(engine, SearchRequest(now=LATER, window=ALL))
        await engine.close()
        return {hit.article.key: hit.article for hit in result.hits}

    async def titles(self) -> dict[str, str]:
        """The title of each article served, by key."""
        return {key: article.title for key, article in sorted((await self.served()).items())}

    def state(self) -> dict[str, FileState]:
        """The state of the last build."""
        with engines.open_writer(str(self.index)) as writer:
            return decoded(writer.state)
