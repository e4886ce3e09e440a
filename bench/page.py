"""Requests per second of a 20-article page, against a bare Uvicorn application that sends the same bytes.

    python bench/page.py INDEX [--rounds 3]

One worker each, on one core (the first); the loader has the other.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from load import Load
from measure import table, versions

QUERY = """{ articles(first: 20) { nodes {
  id key title excerpt category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl topics
  provider { name domain images { url width height } }
  images { url width height title }
  related { title excerpt publishedDateTime webUrl type quality provider { name domain } images { url width height } }
} pageInfo { hasNextPage endCursor } } }"""

_BARE = """
import sys
BODY = open(sys.argv[2], "rb").read()
HEAD = {"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]}
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send(HEAD)
    await send({"type": "http.response.body", "body": BODY})
import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False, loop="uvloop", http="httptools",
            lifespan="off")
"""


def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    ours, bare = _free_port(), _free_port()
    newsstand = Path(sys.executable).with_name("newsstand")
    with tempfile.NamedTemporaryFile() as file:
        serve = [newsstand, "serve", "--content", "/nonexistent", "--index", arguments.index, "--port", str(ours)]
        with _serving(serve, ours):
            body = urllib.request.urlopen(_request(ours)).read()  # our own server
            file.write(body)
            file.flush()
            with _serving([sys.executable, "-c", _BARE, str(bare), file.name], bare):
                loads = _in_turn({"newsstand": ours, "bare Uvicorn": bare}, arguments.rounds)
    versions("uvicorn", "starlette", "strawberry-graphql", "newsstand")
    print(f"an answer of {len(body):,} bytes, medians of {arguments.rounds} rounds\n")
    base = loads["bare Uvicorn"].per_second
    rows = [[name, one.per_second, one.per_second / base, one.median_ms, one.p99_ms] for name, one in loads.items()]
    table(["server", "requests/s", "of bare", "median ms", "p99 ms"], rows)


def _in_turn(ports: dict[str, int], rounds: int) -> dict[str, Load]:
    loads: dict[str, list[Load]] = {name: [] for name in ports}
    for _ in range(rounds):
        for name, port in ports.items():
            loads[name].append(_load(port))
    return {name: Load(*map(statistics.median, zip(*done, strict=True))) for name, done in loads.items()}


def _load(port: int) -> Load:
    body = _body()
    head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    command = [*_on_core(-1), sys.executable, Path(__file__).with_name("load.py"), str(port)]
    done = subprocess.run(command, input=head.encode() + b"\r\n\r\n" + body, capture_output=True, check=True)
    return Load(*map(float, done.stdout.split()))


@contextmanager
def _serving(command: list[str | Path], port: int) -> Iterator[None]:
    process = subprocess.Popen([*_on_core(0), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_answer(port)
        yield
    finally:
        process.terminate()
        process.wait()


def _await_answer(port: int) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(_request(port)):  # our own server
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def _request(port: int) -> urllib.request.Request:
    headers = {"Content-Type": "application/json"}
    return urllib.request.Request(f"http://127.0.0.1:{port}/graphql", data=_body(), headers=headers)


def _body() -> bytes:
    return json.dumps({"query": QUERY}).encode()


def _on_core(which: int) -> list[str]:
    """The prefix that keeps a command on one core."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[which])]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
