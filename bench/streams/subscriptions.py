"""Subscribers on WebSockets of one worker: when each of them has its event after a build, and requests meanwhile.

    python bench/streams/subscriptions.py INDEX [--subscribers 1000] [--searches 50] [--builds 10] [--rounds 3]

A server of its own serves a copy of the index. In each round, builds of one article follow each other by turns without
any subscriber and with all of them, while a client asks for search pages, one after the other. The article matches
every saved search, so that each build is an event for each subscriber. Told are the seconds from the commit of a build
until the last subscriber had its event, with the time until the server looks for a new generation (0.1 seconds), and
the percentiles of requests, with the ratio of both kinds of turns: medians of the rounds.
"""

import argparse
import asyncio
import http.client
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
from msgspec import structs
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from indexer.article import Article, Provider
from indexer.engines import open_writer

_PAUSE = 0.5  # seconds between the events of a build and the next build
_PATIENCE = 60
_WORDS = ("market", "science", "health", "music", "election", "storm", "film", "football", "bank", "school")
_ARTICLE = Article(
    key="bench/subscriptions",
    title="",
    published_date_time=datetime(2020, 1, 1, tzinfo=UTC),
    web_url="https://bench.example/subscriptions",
    provider=Provider(domain="bench.example"),
)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--searches", type=int, default=50, help="how many different searches they have saved")
    parser.add_argument("--builds", type=int, default=10, help="in each turn")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(*(f"{package} {version(package)}" for package in ("uvicorn", "websockets")), sep=", ", end="\n\n")
    words = [f"benchword{number}" for number in range(arguments.searches)]
    quiet, busy, events = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        shutil.copytree(arguments.index, index)
        with _serving(index) as url:
            for number in range(arguments.rounds):
                quiet.append(_turn(url, index, words, builds=arguments.builds, subscribers=0, seed=2 * number)[0])
                times, last = _turn(
                    url, index, words, builds=arguments.builds, subscribers=arguments.subscribers, seed=2 * number + 1
                )
                busy.append(times)
                events += last
    print(f"| | no subscribers | {arguments.subscribers} subscribers | ratio |\n|---|---|---|---|")
    for name, share in (("median", 0.5), ("p99", 0.99)):
        alone, beside = [statistics.median(_percentile(times, share) for times in turns) for turns in (quiet, busy)]
        print(f"| request, {name}, ms | {alone:.3g} | {beside:.3g} | {beside / alone:.3g} |")
    median, slowest = statistics.median(events), max(events)
    print(f"\nFrom the commit to the last event, {len(events)} builds: median {median:.2f} s, slowest {slowest:.2f} s")


@contextmanager
def _serving(index: Path) -> Iterator[str]:
    """A server of one worker; its address."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "serve", "--port", "0"]
    environment = {
        **os.environ,
        "NEWSSTAND_LOG_FORMAT": "json",
        "NEWSSTAND_LOG_LEVEL": "info",
        "NEWSSTAND_MAX_CONNECTIONS": "20000",
        "NEWSSTAND_MAX_STREAMS": "19000",
        "NEWSSTAND_REFRESH_SECONDS": "0.1",
    }
    command += ["--index", str(index), "--content", str(index / "nowhere")]
    log = index.parent / "log"
    with log.open("wb") as output, subprocess.Popen(command, stderr=output, env=environment) as process:
        try:
            yield _listening(log)
        finally:
            process.terminate()


def _listening(log: Path) -> str:
    for _ in range(_PATIENCE * 10):
        for line in log.read_bytes().splitlines():
            if b'"listening"' in line:
                return str(orjson.loads(line)["url"])
        time.sleep(0.1)
    raise SystemExit(log.read_text())


def _turn(  # noqa: PLR0913 - the measures of a turn
    url: str, index: Path, words: Sequence[str], *, builds: int, subscribers: int, seed: int
) -> tuple[list[float], list[float]]:
    """The milliseconds of requests, and for each build the seconds until the last subscriber had its event."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_subscribe, args=(url, words, subscribers, theirs))
    process.start()
    _wait_for(url, subscribers)
    times: list[float] = []
    is_over = threading.Event()
    asking = threading.Thread(target=_ask, args=(url, times, is_over))
    asking.start()
    last = []
    for number in range(builds):
        title = f"{' '.join(words)} {seed} {number}"
        with open_writer(str(index)) as writer:
            writer.add([structs.replace(_ARTICLE, title=title)])
            writer.commit(writer.state)
        committed = time.time()
        if subscribers:
            if not ours.poll(_PATIENCE):
                raise SystemExit(f"not every subscriber had its event within {_PATIENCE} s")
            last.append(ours.recv() - committed)
        time.sleep(_PAUSE if subscribers else 2 * _PAUSE)
    is_over.set()
    asking.join()
    ours.send(None)
    process.join()
    return times, last


def _wait_for(url: str, subscribers: int) -> None:
    """Wait until there are so many subscriptions."""
    line = f"newsstand_subscriptions {subscribers}"
    while line not in urlopen(url.replace("/graphql", "/metrics")).read().decode().splitlines():
        time.sleep(0.2)


def _ask(url: str, times: list[float], is_over: threading.Event) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    number = 0
    while not is_over.is_set():
        word = _WORDS[number % len(_WORDS)]
        number += 1
        query = f'{{ articles(search: "{word}", first: {10 + number % 7}) {{ totalCount nodes {{ title }} }} }}'
        body = orjson.dumps({"query": query})
        started = time.perf_counter()
        connection.request("POST", parts.path, body, {"Content-Type": "application/json"})
        connection.getresponse().read()
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(0.005)


def _subscribe(url: str, words: Sequence[str], subscribers: int, pipe: Connection) -> None:
    asyncio.run(_followers(url.replace("http", "ws", 1), words, subscribers, pipe))


async def _followers(url: str, words: Sequence[str], subscribers: int, pipe: Connection) -> None:
    """Connect, and tell the time at which each event has come to the last of them, until the pipe says to end."""
    remaining: dict[object, int] = {}
    starting = asyncio.Semaphore(20)

    async def follow(number: int) -> None:
        async with starting:
            socket = await connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], compression=None)
            query = (
                f'subscription {{ articleChanges(search: "{words[number % len(words)]}") '
                "{ change generation article { title } } }"
            )
            await socket.send('{"type":"connection_init"}')
            await socket.recv()
            await socket.send(orjson.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}).decode())
        async for message in socket:
            generation = orjson.loads(message)["payload"]["data"]["articleChanges"]["generation"]
            remaining[generation] = remaining.get(generation, subscribers) - 1
            if not remaining[generation]:
                pipe.send(time.time())

    tasks = [asyncio.create_task(follow(number)) for number in range(subscribers)]
    await asyncio.to_thread(pipe.recv)
    for task in tasks:
        task.cancel()


def _percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


if __name__ == "__main__":
    main()
