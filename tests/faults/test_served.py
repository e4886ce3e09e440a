"""Faults under a running server: processes that are killed, and index files that are cut, removed or replaced."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx2
import pytest

from gateway.cli.main import run
from tests.gateway.library import write_index
from tests.gateway.server_process import PATIENCE, Server, serving

pytestmark = pytest.mark.faults

QUERY = {"query": "{ articles { totalCount nodes { title } } }"}
WHOLE = {
    "data": {"articles": {"totalCount": 2, "nodes": [{"title": "Pears [are] ripe"}, {"title": "Apples are ripe"}]}}
}


def wait_until(condition: Callable[[], bool], server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.02)


def workers_of(server: Server) -> set[int]:
    """The processes below the server's that serve."""
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in children if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()}


def is_there(pid: int) -> bool:
    """True while a process runs; one that nobody has waited for has ended too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def load(url: str) -> Iterator[list[object]]:
    """Four clients that ask without a pause. The list gets each answer, and the kind of each connection that broke."""
    seen: list[object] = []
    over = Event()

    def client() -> None:
        while not over.is_set():
            with httpx2.Client(timeout=PATIENCE) as http:
                try:
                    while not over.is_set():
                        seen.append(http.post(url, json=QUERY).json())
                except httpx2.TransportError as error:
                    seen.append(type(error).__name__)
                    time.sleep(0.01)

    with ThreadPoolExecutor(4) as threads:
        clients = [threads.submit(client) for _ in range(4)]
        try:
            yield seen
        finally:
            over.set()
    for one in clients:
        one.result()


def test_a_worker_that_is_killed_under_load_is_replaced_and_no_answer_is_wrong(tmp_path: Path) -> None:
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere"), "--workers", "2") as server:
        server.wait_for(200)
        wait_until(lambda: len(workers_of(server)) == 2, server)
        with load(server.url("/graphql")) as seen:
            before = workers_of(server)
            wait_until(lambda: len(seen) > 50, server)
            os.kill(min(before), signal.SIGKILL)
            wait_until(lambda: len(workers_of(server) - before) == 1, server)
            so_far = len(seen)
            wait_until(lambda: len(seen) > so_far + 50, server)
        assert [one for one in seen if one != WHOLE and not isinstance(one, str)] == []
        assert sum(isinstance(one, str) for one in seen) <= 4  # what it had in hand
        assert [line["status"] for line in server.lines() if line["event"] == "worker lost"] == [-signal.SIGKILL]
        assert server.stop(signal.SIGTERM) == 0


def test_a_server_that_is_killed_under_load_leaves_its_address_and_its_index_to_the_next(tmp_path: Path) -> None:
    write_index(tmp_path)
    options = ("--content", str(tmp_path / "nowhere"), "--workers", "2")
    with serving(tmp_path, *options) as server:
        server.wait_for(200)
        port = str(httpx2.URL(server.url("/")).port)
        below = workers_of(server)
        with load(server.url("/graphql")) as seen:
            wait_until(lambda: len(seen) > 50, server)
            server.process.kill()
            server.process.wait()
            wait_until(lambda: not any(map(is_there, below)), server)
        assert [one for one in seen if one != WHOLE and not isinstance(one, str)] == []
    with serving(tmp_path, *options, "--port", port) as server:
        server.wait_for(200)
        assert httpx2.post(server.url("/graphql"), json=QUERY).json() == WHOLE


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("damage", [emptied, piped])
def test_a_server_outlives_its_index_and_takes_up_the_one_that_is_built_anew(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    index = Path(write_index(tmp_path))
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        for file in [file for file in index.iterdir() if file.name != "MAIN_WRITELOCK"]:
            damage(file)
        answer = httpx2.post(server.url("/graphql"), json=QUERY).json()
        listed = httpx2.get(server.url("/search.json"))
        if damage is emptied:  # files that are only removed are still open
            assert {error["extensions"]["code"] for error in answer["errors"]} == {"INDEX_UNAVAILABLE"}
            assert (listed.status_code, listed.json()["errors"][0]["extensions"]["code"]) == (503, "INDEX_UNAVAILABLE")
            assert str(tmp_path) not in str(answer) + listed.text
            wait_until(lambda: server.log.read_text().count("article.col: article") >= 2, server)
        else:
            assert (answer, listed.status_code) == (WHOLE, 200)
        assert run(["index", "--content", str(tmp_path / "content"), "--index", str(index)]) == 0
        wait_until(lambda: httpx2.post(server.url("/graphql"), json=QUERY).json() == WHOLE, server)
        assert server.stop(signal.SIGTERM) == 0
