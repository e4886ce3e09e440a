"""Live editing under load: how soon a saved file shows, and what builds beside them do to readers.

    python bench/editing/live.py CONTENT [--articles 20000] [--saves 100] [--generations 300] [--requests 100000]

The first ARTICLES files of CONTENT are copied, and served by `newsstand serve --watch` with one worker, on Linux.

Shows: an article gets SAVES other titles, one after another; the seconds until a query has each: the median, the 99th
percentile and the longest.

Readers: four clients ask without a pause, by turns while nothing changes and while a file is saved twice a second. The
99th percentile of both, and their ratio.

Generations: four clients ask REQUESTS times in all while GENERATIONS are built. An answer names its generation, and
tells the edited title, which no other generation has, and a count in two ways. Failed and mixed answers; the memory of
the serving process after 30 generations and at the end; and the size of the index at the beginning and at most.

The load of the machine, by /proc/loadavg, stands beside each figure.
"""

import argparse
import asyncio
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import orjson

_NEWSSTAND = Path(sys.executable).with_name("newsstand")
_PORT = 8791
_KEY = "edited"
"""Of the article that is edited."""
_CLIENTS = 4
_PATIENCE = 600.0
_TURNS = 6  # of quiet and of saving, three each
_TURN_SECONDS = 10.0
_EARLY = 30  # generations after which memory is compared
_READ = """query($key: String!) {
  index { generation articleCount } articles(first: 10) { totalCount nodes { key title } }
  edited: article(key: $key) { title provider { articleCount } }
}"""
_TITLE = "query($key: String!) { article(key: $key) { title } }"


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--saves", type=int, default=100)
    parser.add_argument("--generations", type=int, default=300)
    parser.add_argument("--requests", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        live = _Live(Path(folder))
        live.copy(arguments.content, arguments.articles)
        with _served(live) as process:
            asyncio.run(_measure(live, process.pid, arguments.saves, arguments.generations, arguments.requests))


class _Live:
    """A content folder with its index, in which one article is edited."""

    def __init__(self, folder: Path) -> None:
        self.content, self.index = folder / "content", folder / "index"
        self.numbers = itertools.count()

    def copy(self, source: Path, most: int) -> None:
        paths = itertools.islice(sorted(source.rglob("*.md")), most)
        for path in paths:
            target = self.content / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        self.save("Title 0")
        subprocess.run([_NEWSSTAND, "index", "--content", self.content, "--index", self.index], check=True)

    def save(self, title: str) -> None:
        """Give the article a title, by a rename as editors do it. Its topic goes along with it."""
        text = (
            f"---\ntitle: {title}\npublishedDateTime: 2020-01-01\nwebUrl: https://edited.example/\n"
            f"provider: {{domain: edited.example}}\ntopics: [{title}]\n---\n"
        )
        draft = self.content / ".edited.tmp"
        self.content.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.content / f"{_KEY}.md")

    def next_title(self) -> str:
        return f"Title {next(self.numbers) + 1}"


async def _measure(live: _Live, pid: int, saves: int, generations: int, requests: int) -> None:
    limits = httpx2.Limits(max_connections=_CLIENTS + 1)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{_PORT}", timeout=60, limits=limits) as http:
        await _until(lambda: _is_ready(http))
        await _visible(live, http, live.next_title())  # the building process has begun
        if saves:
            await _shows(live, http, saves, pid)
            await _readers(live, http)
        if generations:
            await _generations(live, http, pid, generations, requests)


@contextmanager
def _served(live: _Live) -> Iterator["subprocess.Popen[bytes]"]:
    command = [_NEWSSTAND, "serve", "--content", live.content, "--index", live.index, "--watch", "--port", str(_PORT)]
    environment = {**os.environ, "NEWSSTAND_LOG_LEVEL": "warning", "NEWSSTAND_DRAIN_SECONDS": "0"}
    process = subprocess.Popen(command, env=environment, stderr=sys.stderr)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


async def _is_ready(http: httpx2.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


async def _until(holds: Callable[[], Awaitable[bool]], pause: float = 0.05) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not await holds():
        if time.monotonic() > deadline:
            raise SystemExit("The server takes too long")
        await asyncio.sleep(pause)


async def _ask(http: httpx2.AsyncClient, query: str, key: str) -> tuple[int, dict[str, Any]]:  # Any: JSON
    answer = await http.post("/graphql", json={"query": query, "variables": {"key": key}})
    return answer.status_code, orjson.loads(answer.content)


async def _visible(live: _Live, http: httpx2.AsyncClient, title: str) -> float:
    """Save a title. The seconds until a query has it."""
    started = time.perf_counter()
    live.save(title)

    async def is_there() -> bool:
        _, answer = await _ask(http, _TITLE, _KEY)
        return bool(answer["data"]["article"]["title"] == title)

    await _until(is_there, pause=0.005)
    return time.perf_counter() - started


async def _shows(live: _Live, http: httpx2.AsyncClient, saves: int, pid: int) -> None:
    [builder] = [child for child in map(int, _children(pid)) if _is_python(child)]
    before = _processor_seconds(builder)
    seconds = [await _visible(live, http, live.next_title()) for _ in range(saves)]
    building = (_processor_seconds(builder) - before) / saves
    print(
        f"{saves} saves to visible: median {statistics.median(seconds):.3f} s, 99 % {_most(seconds):.3f} s, "
        f"longest {max(seconds):.3f} s; {1000 * building:.0f} ms of a processor for each build; load {_load()}"
    )


async def _readers(live: _Live, http: httpx2.AsyncClient) -> None:
    taken: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(_TURNS):
        is_saving = turn % 2 == 1
        over = time.monotonic() + _TURN_SECONDS
        clients = [asyncio.create_task(_reading(http, _KEY, over)) for _ in range(_CLIENTS)]
        while time.monotonic() < over:
            await asyncio.sleep(0.5)
            if is_saving:
                live.save(live.next_title())
        for client in clients:
            taken[is_saving] += await client
    quiet, saving = _most(taken[False]), _most(taken[True])
    print(
        f"readers, 99 %: {1000 * quiet:.1f} ms while nothing changes, {1000 * saving:.1f} ms while builds run: "
        f"{saving / quiet:.2f} times; load {_load()}"
    )


async def _reading(http: httpx2.AsyncClient, key: str, over: float) -> list[float]:
    seconds = []
    while time.monotonic() < over:
        started = time.perf_counter()
        await _ask(http, _READ, key)
        seconds.append(time.perf_counter() - started)
    return seconds


async def _generations(live: _Live, http: httpx2.AsyncClient, pid: int, generations: int, requests: int) -> None:
    titles: dict[int, set[str]] = {}
    failed = mixed = 0
    first = largest = _size_of(live.index)
    turns: Iterator[int] = iter(range(requests))

    async def client() -> None:
        nonlocal failed, mixed
        for _ in turns:
            status, answer = await _ask(http, _READ, _KEY)
            if status != httpx2.codes.OK or "errors" in answer:
                failed += 1
                continue
            data = answer["data"]
            counts = {data["index"]["articleCount"], data["articles"]["totalCount"]}
            titles.setdefault(data["index"]["generation"], set()).add(data["edited"]["title"])
            mixed += len(counts) != 1

    clients = [asyncio.create_task(client()) for _ in range(_CLIENTS)]
    early = 0.0
    for number in range(1, generations + 1):
        await _visible(live, http, live.next_title())
        if number == min(_EARLY, generations):
            early = _resident(pid)
        largest = max(largest, _size_of(live.index))
    await asyncio.gather(*clients)
    mixed += sum(len(each) > 1 for each in titles.values())
    late = _resident(pid)
    print(
        f"{generations} generations, {requests:,} requests: {failed} failed, {mixed} mixed; "
        f"memory {early:.0f} MB after {min(_EARLY, generations)}, {late:.0f} MB at the end ({late / early - 1:+.1%}); "
        f"index {first:.1f} MB, at most {largest:.1f} MB; load {_load()}"
    )


def _size_of(folder: Path) -> float:
    """The size of all files in a folder, in MB. A build may remove some meanwhile."""
    sizes = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            sizes.append(path.stat().st_size)
    return sum(sizes) / 1e6


def _most(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[-1] if len(seconds) > 1 else max(seconds)


def _resident(pid: int) -> float:
    """The memory of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()


def _is_python(pid: int) -> bool:
    """True for a process of ours, but not for Python's tracker of resources."""
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load() -> str:
    return Path("/proc/loadavg").read_text(encoding="utf-8").split()[0]


if __name__ == "__main__":
    main()
