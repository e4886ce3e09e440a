"""All that a process keeps of requests is bounded, estimated honestly, and freed at once."""

import gc
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count, islice
from pathlib import Path
from random import Random
from string import ascii_lowercase
from types import FunctionType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.memory import Memory
from indexer.whoosh_engine.engine import WhooshEngine
from schema.compiler.plan import Plan
from schema.compiler.resolving import Calls
from schema.execution.executor import Executor
from schema.execution.operations import Operation
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.indexer.whoosh_engine.segments import write_segments
from tests.replacing import replace
from tests.samples import NOW, plain

WORDS = ("harbour", "lighthouse", "robots", "election", "climate", "the", "of", "museum", "orchestra")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = Random(1)  # noqa: S311 - nothing secret is drawn
    articles = [
        replace(plain(f"{number}"), title=" ".join(random.sample(WORDS, 4)), topics=tuple(random.sample(WORDS, 2)))
        for number in range(40)
    ]
    return write_segments(tmp_path_factory.mktemp("index"), [articles[:25], articles[25:]])


@asynccontextmanager
async def executing(folder: Path, memory: Memory) -> AsyncIterator[Callable[[GraphQLRequest], object]]:
    engine = await WhooshEngine.open(folder, memory=memory)
    executor = Executor(
        engine, schema=build_schema(), limits=Limits(), asset_base_url=None, memory=memory, clock=lambda: NOW
    )
    try:
        yield executor.execute
    finally:
        await engine.close()


def asked(query: str, name: str | None = None, **variables: object) -> GraphQLRequest:
    return GraphQLRequest(query=query, variables=variables, operation_name=name)


LISTED = "query ($q: String, $t: String, $n: Int) { articles(search: $q, topic: $t, first: $n) { nodes { title } } }"
FILTERED = "query ($f: ArticleFilter) { articles(filter: $f, first: 1) { totalCount } }"
MISSED = "query ($q: String) { articles(first: 2) { nodes { whyNot(search: $q) { rank } } } }"
WIDE = " ".join(f"a{number}: articles(first: 1) {{ nodes {{ key }} }}" for number in range(10))

texts = st.text(max_size=80) | st.lists(st.sampled_from(WORDS) | st.text(ascii_lowercase, max_size=9), max_size=9).map(
    " ".join
)
requests = st.one_of(
    st.builds(lambda text: asked(LISTED, q=text), texts),
    st.builds(lambda text, size: asked(LISTED, t=text, n=size), texts, st.integers(-1, 101)),
    st.builds(lambda values: asked(FILTERED, f={"topics": {"any": values}}), st.lists(texts, max_size=9)),
    st.builds(lambda text: asked("query ($p: String!) { suggest(prefix: $p) { text } }", p=text), texts),
    st.builds(lambda number: asked(f"query N{number} {{ {WIDE} }}"), st.integers(0, 10**6)),
    st.builds(lambda number: asked(f"query N {{ {WIDE} }}", f"N{number}"), st.integers(0, 10**6)),
    st.builds(lambda text: asked(f"{{ index {{ generation }} }} # {text!r}"), texts),
    st.builds(asked, texts),
    st.builds(
        lambda text: asked(
            "query ($q: String) { articles(first: 2) { nodes { whyNot(search: $q) { rank } } } }", q=text
        ),
        texts,
    ),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(requests, min_size=1, max_size=30), st.sampled_from([0, 20_000, 300_000]))
async def test_whatever_is_asked_no_more_is_kept_than_there_is_memory_for(
    folder: Path, drawn: list[GraphQLRequest], max_bytes: int
) -> None:
    memory = Memory(max_bytes)
    async with executing(folder, memory) as execute:
        for request in drawn:
            await execute(request)
            await execute(request)
            assert memory.bytes <= max_bytes
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(3):
            for request in drawn:
                await execute(request)
        gc.collect()
        assert len(gc.get_objects()) - before <= max_bytes / 50 + 100


def word(random: Random, length: int = 8) -> str:
    return "".join(random.choices(ascii_lowercase, k=length))


KINDS: dict[str, Callable[[int, Random], GraphQLRequest]] = {
    "documents": lambda number, _: asked(f"{{ articles(first: 1) {{ nodes {{ key a{number}: excerpt }} }} }}"),
    "operations": lambda number, _: asked(f"query N{number} {{ {WIDE} }}"),
    "refused documents": lambda number, _: asked("{ " + " ".join(f"n{number}_{each}" for each in range(50)) + " }"),
    "broken documents": lambda number, _: asked(f"{{ articles(first: {number}"),
    "comments": lambda number, _: asked(f"{{ index {{ generation }} }} # {number} {'x' * 5000}"),
    "arguments": lambda number, _: asked(LISTED, t=f"{number} {'x' * 400}"),
    "filters": lambda number, _: asked(FILTERED, f={"topics": {"any": [f"{number} {each}" for each in range(60)]}}),
    "misspelt searches": lambda _, random: asked(LISTED, q=f"{word(random)} robtos {word(random)}"),
    "long searches": lambda _, random: asked(LISTED, q=" ".join(word(random, 3) for _ in range(30))),
    "prefixes": lambda _, random: asked("query ($p: String!) { suggest(prefix: $p) { text } }", p=word(random)),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_the_size_of_what_is_kept_is_estimated_honestly(folder: Path, kind: str) -> None:
    """It is no more than estimated, and not less than a tenth of that."""
    random, memory = Random(2), Memory()  # noqa: S311
    drawn = (KINDS[kind](number, random) for number in count())
    async with executing(folder, memory) as execute:

        async def ask(times: int) -> None:
            for request in islice(drawn, times):
                await execute(request)
                await execute(request)

        await ask(3)
        gc.collect()
        estimated = -memory.bytes
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            await ask(30)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        estimated += memory.bytes
        assert estimated / 10 <= after - before <= 1.1 * estimated


@pytest.mark.usefixtures("no_collector")
async def test_what_is_given_up_is_freed_without_the_collector(folder: Path) -> None:
    memory = Memory(150_000)

    def alive() -> int:
        kept = (Operation, Plan, Calls)
        return sum(
            isinstance(one, kept) or (isinstance(one, FunctionType) and one.__code__.co_filename == "<operation>")
            for one in gc.get_objects()
        )

    counts = []
    async with executing(folder, memory) as execute:
        for number in range(60):
            for _ in range(2):
                await execute(asked(f"query N{number} {{ {WIDE} }}"))
            counts.append(alive())
    assert max(counts[30:]) <= max(counts[:30])


@pytest.mark.usefixtures("no_collector")
async def test_searches_leave_nothing_for_the_collector(folder: Path) -> None:
    random = Random(3)  # noqa: S311
    async with executing(folder, Memory()) as execute:

        async def search(times: int) -> None:
            for _ in range(times):
                await execute(asked(LISTED, q=f"{word(random)} robtos lighthuose {word(random)}"))

        await search(2)  # reads and compiles the document, which leaves some
        gc.collect()
        await search(100)
        assert gc.collect() == 0
