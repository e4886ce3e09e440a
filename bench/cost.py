"""Prices beside times: the cost of each priced thing beside the time that it takes, and the dearest operations.

    python bench/cost.py INDEX [--count 100] [--seed 1]
    python bench/cost.py INDEX --drawn 1000 [--seed 1]

Each document is asked by turns with the one beside it, which asks for less, by graphql-core and about other articles,
words and topics each time: what differs is what the more of it takes. A price is one of `schema/cost/prices.py` in
microseconds, as one unit is 25 of them. A ratio above 1 is a price that is too high, and one below 1 too low, at the
median and in the slowest tenth. Of the dearest operations that the default limit allows, the times of both ways of
execution are told: the first one's, and a later one's.

With `--drawn`, so many operations are drawn at random, with all arguments that the schema has, and asked once as a
server is asked. What they take of the processor is told as a multiple of their price, for the worst of those that the
default limits allow; these are asked again by an engine that has just been opened and has answered others, and the
lesser multiple counts.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import orjson
from measures.measure import table, versions
from prices.asking import UNIT, Asking, asking
from prices.drawing import Drawing, Operation
from prices.priced import DEAREST, PRICED, Priced, Variables, repeated

from schema.execution.executor import Execution
from schema.limits.limits import Limits

_MOST = 3
"""The multiple of its price that an operation may take."""
_TOLD = 10
"""So many of the worst operations are printed."""
_WARMING = 30
"""Operations that an engine answers before it is asked again: what is made once for a generation has no price."""
_CORRECTED = "query ($text: String!) { suggest(prefix: $text) { text } articles(search: $text) { totalCount } }"
"""The same: words of each length are arranged once, when one of that length is corrected for the first time."""
_LONGEST_SHOWN = 600


async def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--count", type=int, default=100, help="how often each thing is asked for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drawn", type=int, metavar="N", help="ask this number of random operations instead")
    arguments = parser.parse_args()
    versions("graphql-core", "strawberry-graphql", "numpy")

    def source() -> random.Random:
        return random.Random(arguments.seed)  # noqa: S311  # a fixed draw, no secret

    if arguments.drawn:
        await _print_drawn(arguments.index, arguments.drawn, source)
        return
    async with asking(arguments.index, source()) as asked:
        rows = [await _row(asked, priced, arguments.count) for priced in PRICED]
        table(
            ["asked for", "cost", "price, µs", "median, µs", "slow tenth, µs", "price / median", "price / slow"], rows
        )
        print(f"\nThe dearest operations that cost no more than {Limits().max_cost:,}\n")
        times = (f"{each.value}, {when}, ms" for each in Execution for when in ("first", "later"))
        table(["operation", "times", "cost", *times], [await _dearest_row(asked, name) for name in DEAREST])


class Weighed(NamedTuple):
    """An operation with its variables, its declared cost, and the processor milliseconds that it took."""

    operation: Operation
    variables: Variables
    cost: int
    milliseconds: float
    is_answered: bool

    @property
    def ratio(self) -> float:
        """Its time as a multiple of its price."""
        return 1000 * self.milliseconds / (self.cost * UNIT)


async def _print_drawn(index: Path, count: int, source: Callable[[], random.Random]) -> None:
    async with asking(index, source()) as asked:
        drawing = Drawing(asked)
        drawn = [await _weighed(asked, drawing.operation()) for _ in range(count)]
    weighed = sorted((each for each in drawn if each is not None), key=lambda each: each.ratio, reverse=True)
    worst = []
    for number, each in enumerate(weighed):
        if number >= _TOLD and each.ratio <= _MOST:
            break
        async with asking(index, source()) as asked:
            drawing = Drawing(asked)
            for _ in range(_WARMING):
                await _weighed(asked, drawing.operation())
                await asked.answer(_CORRECTED, {"text": asked.words.misspelt(1)})
            again = await _weighed(asked, each.operation, variables=each.variables)
        worst.append(min(each, again or each, key=lambda weighed: weighed.ratio))
    worst.sort(key=lambda each: each.ratio, reverse=True)
    once, twice = (sum(each.ratio > _MOST for each in some) for some in (weighed, worst))
    answered = sum(each.is_answered for each in weighed)
    median = statistics.median(each.ratio for each in weighed)
    print(f"\n{count} operations drawn, {len(weighed)} within the limits, {answered} of them answered without errors;")
    print(f"CPU / price: {median:.2f} at the median; {once} above {_MOST} when asked once, {twice} when asked twice.\n")
    dearest = max(weighed, key=lambda each: each.milliseconds)
    print(f"The most CPU: {dearest.milliseconds:.0f} ms at cost {dearest.cost}: {_shown(dearest.operation.document)}")
    print("The worst, asked twice:\n")
    table(
        ["CPU / price", "cost", "CPU, ms", "operation"],
        [[each.ratio, each.cost, each.milliseconds, _shown(each.operation.document)] for each in worst[:_TOLD]],
    )


async def _weighed(asked: Asking, operation: Operation, *, variables: Variables | None = None) -> Weighed | None:
    """The time of an operation; None where it is more than the limits allow."""
    variables = variables or {}
    if operation.before and not variables:
        variables = {"after": _cursor(await asked.answer(operation.before, {}))}
    if asked.is_refused(operation.document, variables):
        return None
    started = time.process_time()
    body = await asked.answer(operation.document, variables)
    took = time.process_time() - started
    cost = asked.cost(operation.document, variables)
    return Weighed(operation, variables, cost, 1000 * took, b'"errors":' not in body[-2000:])


def _cursor(body: bytes) -> str | None:
    connection = (orjson.loads(body)["data"] or {}).get("articles")
    end: str | None = connection["pageInfo"]["endCursor"] if connection else None
    return end


def _shown(document: str) -> str:
    return document if len(document) <= _LONGEST_SHOWN else f"{document[:_LONGEST_SHOWN]}…"


async def _row(asked: Asking, priced: Priced, count: int) -> list[object]:
    times: tuple[list[float], list[float]] = [], []
    costs = []
    await asked.time(priced.document, asked.variables("a")), await asked.time(priced.beside, asked.variables("a"))
    for _ in range(count):
        variables = [asked.variables(priced.text(asked.words)) for _ in times]
        costs.append(asked.cost(priced.document, variables[0]) - asked.cost(priced.beside, variables[0]))
        for taken, document, values in zip(times, (priced.document, priced.beside), variables, strict=True):
            taken.append(await asked.time(document, _needed(document, values)))
    cost, beside = statistics.fmean(costs), statistics.median(times[1])
    median, slow = (statistics.quantiles(times[0], n=10)[place] - beside for place in (4, 8))
    return [priced.name, cost, cost * UNIT, median, slow, cost * UNIT / median, cost * UNIT / slow]


async def _dearest_row(asked: Asking, name: str) -> list[object]:
    """As many of one selection as are allowed, each about something else."""
    draws: list[Variables] = []
    while len(draws) < Limits().max_aliases:
        more = [*draws, asked.variables(asked.words.misspelt(3))]
        document, variables = repeated(DEAREST[name], more)
        if asked.is_refused(document, variables):
            break
        draws = more
    document, variables = repeated(DEAREST[name], draws)
    times = [await asked.time(document, variables, each) for each in Execution for _ in range(2)]
    return [name, len(draws), asked.cost(document, variables), *(each / 1000 for each in times)]


def _needed(document: str, variables: Variables) -> Variables:
    return {name: value for name, value in variables.items() if f"${name}" in document}


if __name__ == "__main__":
    asyncio.run(main())
