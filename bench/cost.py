"""Whether prices are what things take: the cost of each priced thing beside its time, and the dearest operations.

    python bench/cost.py INDEX [--count 100] [--seed 1]

Each document is asked by turns with the one beside it, which asks for less, by graphql-core and about other articles,
words and topics each time: what differs is what the more of it takes. A price is one of `schema/cost/prices.py` in
microseconds, as one unit is 25 of them. A ratio above 1 is a price that is too high, and one below 1 too low, at the
median and in the slowest tenth. Of the dearest operations that the default limit allows, the times of both ways of
execution are told: the first one's, and a later one's.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues
from measure import table, versions
from priced import DEAREST, PRICED, Drawn, Priced, Variables, Words, repeated

from indexer.engines import open_engine
from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables as Coercing
from schema.cost.cost import MOST, Cost
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.limits.request_size import too_big, too_many
from schema.schema import build_schema

_UNIT = 25  # microseconds
_ARTICLES = 3000
_PAGE = """query ($after: String) { articles(first: 100, after: $after) {
  nodes { id key title topics provider { domain } } pageInfo { endCursor }
} }"""


class Asking:
    """Asks for things about articles that are drawn, in both ways of execution, and tells what they cost."""

    def __init__(self, executors: dict[Execution, Executor], articles: Sequence[Drawn], source: random.Random) -> None:
        self._executors = executors
        self._articles = articles
        self._random = source
        self._schema = graphql_schema(build_schema())
        self.words = Words(articles, source)

    def variables(self, text: str) -> Variables:
        """Values for all variables."""
        article = self._random.choice(self._articles)
        several = self._random.sample(self._articles, 100)
        topics = [topic for each in several for topic in each.topics][:100]
        topic = article.topics[0] if article.topics else "ai"
        return {
            "key": article.key,
            "text": text,
            "long": self.words.many_misspelt(),
            "topic": topic,
            "ids": [each.id for each in several],
            "values": topics,
        }

    def cost(self, document: str, variables: Variables) -> int:
        """What it costs."""
        parsed = parse(document)
        node = get_operation_ast(parsed)
        if node is None:
            raise ValueError(document)
        values = Coercing(self._schema, node).coerced(variables)
        if not isinstance(values, VariableValues):
            raise TypeError(values)
        return Cost(self._schema, node, parsed, longest_text=Limits().max_search_length).of(values.coerced)

    def is_refused(self, document: str, variables: Variables) -> bool:
        """Whether it is too big, or costs too much, for the default limits."""
        limits = Limits()
        if any(too_big(parse(document), limits)) or too_many(variables, most=limits.max_variables):
            return True
        return self.cost(document, variables) > limits.max_cost

    async def time(self, document: str, variables: Variables, execution: Execution = Execution.STOCK) -> float:
        """Microseconds until the answer."""
        started = time.perf_counter()
        answer = await self._executors[execution].execute(GraphQLRequest(query=document, variables=variables))
        took = time.perf_counter() - started
        if answer.error_codes:
            raise SystemExit(answer.body.decode()[:1000])
        return took * 1e6


async def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--count", type=int, default=100, help="how often each thing is asked for")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    engine = await open_engine(f"whoosh://{arguments.index.resolve()}")
    limits = Limits(max_cost=MOST)
    executors = {
        each: Executor(engine, schema=build_schema(), limits=limits, asset_base_url=None, execution=each)
        for each in Execution
    }
    articles = await _articles(executors[Execution.COMPILED])
    asking = Asking(executors, articles, random.Random(arguments.seed))  # noqa: S311  # a fixed draw, no secret
    versions("graphql-core", "strawberry-graphql", "numpy")
    rows = [await _row(asking, priced, arguments.count) for priced in PRICED]
    table(["asked for", "cost", "price, µs", "median, µs", "slow tenth, µs", "price / median", "price / slow"], rows)
    print(f"\nThe dearest operations that cost no more than {Limits().max_cost:,}\n")
    head = [
        "operation",
        "times",
        "cost",
        *(f"{each.value}, {when}, ms" for each in Execution for when in ("first", "later")),
    ]
    table(head, [await _dearest_row(asking, name) for name in DEAREST])
    await engine.close()


async def _row(asking: Asking, priced: Priced, count: int) -> list[object]:
    times: tuple[list[float], list[float]] = [], []
    costs = []
    await asking.time(priced.document, asking.variables("a")), await asking.time(priced.beside, asking.variables("a"))
    for _ in range(count):
        variables = [asking.variables(priced.text(asking.words)) for _ in times]
        costs.append(asking.cost(priced.document, variables[0]) - asking.cost(priced.beside, variables[0]))
        for taken, document, values in zip(times, (priced.document, priced.beside), variables, strict=True):
            taken.append(await asking.time(document, _needed(document, values)))
    cost, beside = statistics.fmean(costs), statistics.median(times[1])
    median, slow = (statistics.quantiles(times[0], n=10)[place] - beside for place in (4, 8))
    return [priced.name, cost, cost * _UNIT, median, slow, cost * _UNIT / median, cost * _UNIT / slow]


async def _dearest_row(asking: Asking, name: str) -> list[object]:
    """As many of one selection as are allowed, each about something else."""
    draws: list[Variables] = []
    while len(draws) < Limits().max_aliases:
        more = [*draws, asking.variables(asking.words.misspelt(3))]
        document, variables = repeated(DEAREST[name], more)
        if asking.is_refused(document, variables):
            break
        draws = more
    document, variables = repeated(DEAREST[name], draws)
    times = [await asking.time(document, variables, each) for each in Execution for _ in range(2)]
    return [name, len(draws), asking.cost(document, variables), *(each / 1000 for each in times)]


def _needed(document: str, variables: Variables) -> Variables:
    return {name: value for name, value in variables.items() if f"${name}" in document}


async def _articles(executor: Executor) -> list[Drawn]:
    """The newest articles."""
    articles: list[Drawn] = []
    after = None
    while len(articles) < _ARTICLES:
        body = (await executor.execute(GraphQLRequest(query=_PAGE, variables={"after": after}))).body
        page = orjson.loads(body)["data"]["articles"]
        articles += [Drawn(**node) for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["nodes"]:
            break
    return articles


if __name__ == "__main__":
    asyncio.run(main())
