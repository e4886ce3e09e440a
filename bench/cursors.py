"""The cost of cursors: their length, and a page of 100 edges with and without them.

    python bench/cursors.py INDEX [--rounds 7] [--seconds 0.5]

No HTTP and one process. All ways of a list are asked by turns, so that a slow moment of the machine meets all of them.
The time of one cursor is what the page takes more with them, a hundredth of it.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Mapping
from pathlib import Path

import orjson
from measures.measure import table, versions

from indexer.engines import open_engine
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema

LISTS: Mapping[str, str] = {
    "newest": "articles(first: 100)",
    "two words": 'articles(first: 100, search: "city energy")',
    "tuned": 'articles(first: 100, search: "city energy", tuning: {recency: 1, maxPerProvider: 2})',
}


async def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5)
    arguments = parser.parse_args()
    engine = await open_engine(f"whoosh://{arguments.index.resolve()}")
    executor = Executor(
        engine, schema=build_schema(), limits=Limits(), asset_base_url=None, execution=Execution.COMPILED
    )
    versions("strawberry-graphql", "orjson")
    rows = []
    for name, field in LISTS.items():
        with_cursors = f"{{ {field} {{ edges {{ cursor node {{ key title }} }} }} }}"
        queries = with_cursors, with_cursors.replace("cursor ", "")
        times: dict[str, list[float]] = {query: [] for query in queries}
        for _ in range(arguments.rounds):
            for query in queries:
                times[query].append(await _time(executor, query, arguments.seconds))
        edges = await _edges(executor, with_cursors)
        dear, cheap = (statistics.median(times[query]) for query in queries)
        lengths = [float(len(edge["cursor"])) for edge in edges], [float(len(edge["node"]["key"])) for edge in edges]
        rows.append([name, len(edges), *map(statistics.mean, lengths), cheap, dear, (dear - cheap) / len(edges)])
    head = ["list", "edges", "characters", "of the key", "us without", "us with cursors", "us a cursor"]
    table(head, rows)
    await engine.close()


async def _edges(executor: Executor, query: str) -> list[dict[str, dict[str, str]]]:
    answer = await executor.execute(GraphQLRequest(query=query))
    edges: list[dict[str, dict[str, str]]] = orjson.loads(answer.body)["data"]["articles"]["edges"]
    return edges


async def _time(executor: Executor, query: str, seconds: float) -> float:
    """Microseconds of one answer."""
    await _edges(executor, query)
    started, number = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        await executor.execute(GraphQLRequest(query=query))
        number += 1
    return (time.perf_counter() - started) / number * 1e6


if __name__ == "__main__":
    asyncio.run(main())
