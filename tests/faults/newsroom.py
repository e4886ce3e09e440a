"""A content folder that is edited, and a process that builds its index and may be killed."""

import json
import random
import subprocess

from tests.indexer.folder import Folder, article_text


class Builder:
    """The process of `builder.py`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Folder) -> None:
        self._process = process
        self._folder = folder

    def build(self, *, fatal: int = 0, seconds: float = 0, most_bytes: int = 0) -> tuple[int, int, str]:
        """Build in a child: its exit status and, if it came to its end, its file operations and the error it met."""
        assert self._process.stdin
        assert self._process.stdout
        line = json.dumps([str(self._folder.content), str(self._folder.index), fatal, seconds, most_bytes])
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        status, operations, trouble = json.loads(self._process.stdout.readline())
        return status, operations, trouble


class Newsroom:
    """A content folder that is edited, and the titles that its articles should have."""

    def __init__(self, folder: Folder, drawn: random.Random) -> None:
        self._folder = folder
        self._drawn = drawn
        self._written = 0
        self.titles: dict[str, str] = {}
        for _ in range(30):
            self._write(f"news/{self._written}")

    def edit(self) -> None:
        """Change, add, delete and rename some articles."""
        for key in self._drawn.sample(sorted(self.titles), 3):
            self._write(key)
        for _ in range(self._drawn.randint(0, 3)):
            self._write(f"news/{self._written}")
        for key in self._drawn.sample(sorted(self.titles), self._drawn.randint(0, 2)):
            self._folder.delete(f"{key}.md")
            del self.titles[key]
        renamed = self._drawn.choice(sorted(self.titles))
        self._folder.delete(f"{renamed}.md")
        self._write(f"moved/{self._written}", self.titles.pop(renamed))

    def _write(self, key: str, title: str = "") -> None:
        self._written += 1
        title = title or f"Edition {self._written}"
        self.titles[key] = title
        self._folder.write(f"{key}.md", article_text(title, url=f"https://daily.example/{key}"))
