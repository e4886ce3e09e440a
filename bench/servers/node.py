"""The servers on Node: their packages, installed once, and what they read."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from corpora.corpus import Corpus
from corpora.export import export
from corpora.peer_index import peer_index
from peers.registry import SQLITE
from peers.sqlite_peer import FILE

_SOURCES = Path(__file__).parents[1] / "node"
_COMPARED = ("mercurius", "graphql-jit", "fastify", "graphql-yoga", "graphql", "better-sqlite3")


class Unavailable(Exception):
    """There is no Node to run servers on; the message says why."""


class Node:
    """An installation of the packages that `package.json` names."""

    def __init__(self, cache: Path) -> None:
        """Take the one in the folder, or install it. Raises `Unavailable`."""
        package = _SOURCES / "package.json"
        self._folder = cache / f"node-{blake2b(package.read_bytes(), digest_size=8).hexdigest()}"
        for tool in ("node", "npm"):
            if not shutil.which(tool):
                raise Unavailable(f"{tool} is not installed")
        if not self._folder.exists():
            self._install(package)
        self.environment = {"NODE_PATH": str(self._modules), "NODE_ENV": "production"}

    def command(self, script: str, port: int, corpus: Corpus) -> list[str | Path]:
        """The command that serves the corpus by one of our scripts."""
        articles = corpus.folder / "articles.jsonl"
        if not articles.exists():
            export(corpus.index, articles)
        return ["node", _SOURCES / script, str(port), articles, peer_index(SQLITE, corpus) / FILE]

    def versions(self) -> Iterator[str]:
        """Node and the packages that matter, with their versions."""
        told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607  # of PATH
        yield f"Node {told.stdout.strip().removeprefix('v')}"
        for package in _COMPARED:
            described = json.loads((self._modules / package / "package.json").read_text())
            yield f"{package} {described['version']}"

    @property
    def _modules(self) -> Path:
        return self._folder / "node_modules"

    def _install(self, package: Path) -> None:
        draft = self._folder.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)  # left by a run that was stopped
        draft.mkdir(parents=True)
        shutil.copy(package, draft)
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund"],  # noqa: S607  # of PATH
            cwd=draft,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"npm install failed:\n{done.stderr}")
        if not any((draft / "node_modules/better-sqlite3").rglob("*.node")):
            raise Unavailable("npm has not run the install script of better-sqlite3, which brings its binary")
        draft.rename(self._folder)
