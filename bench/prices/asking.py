"""Questions about drawn articles: their declared cost, and the time of their answers."""

import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues

from indexer.engines import open_engine
from prices.priced import Drawn, Variables, Words
from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables as Coercing
from schema.cost.cost import MOST, Cost
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits, Switch
from schema.limits.request_size import too_big, too_many
from schema.schema import build_schema

UNIT = 25
"""Microseconds that one unit of cost stands for."""
_ARTICLES = 3000
_PAGE = """query ($after: String) { articles(first: 100, after: $after) {
  nodes { id key title topics provider { domain } } pageInfo { endCursor }
} }"""


class Asking:
    """Asks for things about articles that are drawn, in each way of execution, and tells what they cost."""

    def __init__(self, executors: dict[Execution, Executor], articles: Sequence[Drawn], source: random.Random) -> None:
        self._executors = executors
        self.articles = articles
        self.random = source
        self.schema = graphql_schema(build_schema())
        self.words = Words(articles, source)

    def variables(self, text: str) -> Variables:
        """Values for all variables."""
        article = self.random.choice(self.articles)
        several = self.random.sample(self.articles, min(100, len(self.articles)))
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
        """The declared cost of the document's only operation."""
        parsed = parse(document)
        node = get_operation_ast(parsed)
        if node is None:
            raise ValueError(document)
        values = Coercing(self.schema, node).coerced(variables)
        if not isinstance(values, VariableValues):
            raise TypeError(values)
        cost = Cost(self.schema, node, parsed, longest_text=Limits().max_search_length)
        return cost.reading + cost.of(values.coerced)

    def is_refused(self, document: str, variables: Variables) -> bool:
        """True if it is too big, or costs too much, for the default limits."""
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

    async def answer(self, document: str, variables: Variables) -> bytes:
        """The answer that a server gives, whatever it is."""
        return (
            await self._executors[Execution.LEARNED].execute(GraphQLRequest(query=document, variables=variables))
        ).body


@asynccontextmanager
async def asking(index: Path, source: random.Random) -> AsyncIterator[Asking]:
    """Open the index, and draw from its newest articles. No operation is too dear here."""
    engine = await open_engine(str(index))
    limits = Limits(max_cost=MOST, development=Switch.ON)
    executors = {
        each: Executor(engine, schema=build_schema(), limits=limits, asset_base_url=None, execution=each)
        for each in Execution
    }
    try:
        yield Asking(executors, await _articles(executors[Execution.COMPILED]), source)
    finally:
        await engine.close()


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
