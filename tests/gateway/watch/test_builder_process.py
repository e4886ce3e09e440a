"""A server that watches: a saved file is served, the building process is replaced when it dies, and ends with it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.gateway.server_process import PATIENCE, Server, serving
from tests.indexer.folder import Folder, article_text

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


def builders(server: Server) -> list[int]:
    """The processes that have begun to watch, in order."""
    return [int(str(line["pid"])) for line in server.lines() if line["event"] == "watching"]


def eventually(holds: Callable[[], bool], server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.05)


def titles(server: Server) -> list[str]:
    query = "{ articles(ranking: OLDEST) { nodes { title } } }"
    answer = httpx2.post(server.url("/graphql"), json={"query": query}, timeout=60).json()
    return sorted(node["title"] for node in answer["data"]["articles"]["nodes"])


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(("workers", "end"), [("1", signal.SIGKILL), ("2", signal.SIGTERM)])
def test_what_is_saved_is_served_by_all_and_one_process_builds(
    tmp_path: Path, workers: str, end: signal.Signals
) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md", article_text("Old a", url="https://daily.example/a"))
    options = ("--content", str(folder.content), "--watch", "--workers", workers)
    with serving(tmp_path, *options) as server:
        server.wait_for(200)
        eventually(lambda: bool(builders(server)), server)
        folder.write("b.md", article_text("New b", url="https://daily.example/b"))
        eventually(lambda: titles(server) == ["New b", "Old a"], server)

        [builder] = builders(server)
        os.kill(builder, signal.SIGKILL)
        folder.write("c.md", article_text("New c", url="https://daily.example/c"))
        eventually(lambda: titles(server) == ["New b", "New c", "Old a"], server)

        [_, builder] = builders(server)
        server.stop(end)
        eventually(lambda: not is_alive(builder), server)
