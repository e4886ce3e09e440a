"""One engine in a process of its own: answers what `serving.py` asks, a line of JSON each, and times itself.

python -m load.worker PEER FOLDER
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from corpora.queries import Form, Query
from measures.memory import memory
from peers.peer import Peer
from peers.registry import peer

SIZE = 10  # the best so many matches are asked for


async def main(name: str, folder: Path) -> None:
    """Open the index, answer the first query, tell how long both took, and then do what each line asks."""
    engine = peer(name)
    first = _queries(orjson.loads(sys.stdin.buffer.readline()))
    before = memory()
    started = time.perf_counter()
    await engine.open(folder)
    opened = time.perf_counter() - started
    await _times(engine, first)
    answered = time.perf_counter() - started
    _say([opened, answered, list(before), list(memory())])
    for line in sys.stdin.buffer:
        job, queries = orjson.loads(line)
        if job == "time":
            _say(await _times(engine, _queries(queries)))
        elif job == "count":
            _say([await engine.count(query) for query in _queries(queries)])
        else:
            _say(list(memory()))


async def _times(engine: Peer, queries: Sequence[Query]) -> list[float]:
    """The milliseconds that each query took, from its text to the keys."""
    times = []
    for query in queries:
        started = time.perf_counter()
        await engine.keys(query, SIZE)
        times.append(1000 * (time.perf_counter() - started))
    return times


def _queries(items: list[dict[str, str]]) -> list[Query]:
    return [Query(**{**item, "form": Form(item["form"]), "words": tuple(item["words"])}) for item in items]


def _say(answer: Sequence[object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
