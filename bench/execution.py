"""The gain of compiling operations: requests per second of the stock executor and of compiled operations, by turns.

    python bench/execution.py INDEX [--rounds 5] [--seconds 1]

No HTTP and one process: from the request's text to the answer's bytes, on the same engine and the same resolvers. A
document that was never seen before is one with another comment each time.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from load.operations import FEED
from measures.measure import table, versions

from indexer.engines import open_engine
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema

_CARD = "key title excerpt publishedDateTime webUrl topics provider { name domain }"
PAGES: Mapping[str, str] = {
    "feed page": FEED,  # without its variable, 20 articles
    "topic page": f'{{ articles(topic: "ai", first: 20) {{ nodes {{ {_CARD} }} }} }}',
    "search page": FEED.replace("first: $first", 'first: $first, search: "facial recognition"'),
    "search box": '{ articles(search: "robots", first: 8) { nodes { id title webUrl publishedDateTime category } } }',
    "deep": f"{{ articles(first: 5) {{ nodes {{ {_CARD} similar(first: 3) {{ {_CARD} }} }} }} }}",
}

Text = Callable[[], str]


async def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    arguments = parser.parse_args()
    engine = await open_engine(f"whoosh://{arguments.index.resolve()}")
    executors = {
        each: Executor(engine, schema=build_schema(), limits=Limits(), asset_base_url=None, execution=each)
        for each in Execution
    }
    texts: dict[str, Text] = {name: (lambda query=query: query) for name, query in PAGES.items()}
    texts["feed page, never seen"] = lambda: f"# {time.perf_counter_ns()}\n{FEED}"
    versions("graphql-core", "strawberry-graphql", "orjson")
    rows = []
    for name, text in texts.items():
        rates: dict[Execution, list[float]] = {each: [] for each in Execution}
        for _ in range(arguments.rounds):
            for each, executor in executors.items():
                rates[each].append(await _rate(executor, text, arguments.seconds))
        stock, compiled = (statistics.median(rates[each]) for each in (Execution.STOCK, Execution.COMPILED))
        rows.append([name, stock, compiled, compiled / stock])
    table(["document", "stock, per second", "compiled, per second", "ratio"], rows)
    await engine.close()


async def _rate(executor: Executor, text: Text, seconds: float) -> float:
    """Answers per second; the first one, which may compile, is left out where the text stays the same."""
    await executor.execute(GraphQLRequest(query=text()))
    started, number = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        answer = await executor.execute(GraphQLRequest(query=text()))
        if answer.error_codes:
            raise SystemExit(answer.body.decode())
        number += 1
    return number / (time.perf_counter() - started)


if __name__ == "__main__":
    asyncio.run(main())
