"""Pages that an engine has at hand are encoded once, from the second time on that they are asked for."""

from datetime import timedelta

import orjson
import pytest

from indexer.memory import Memory
from schema.compiler.part_maker import PartMaker
from schema.compiler.run import Run
from schema.execution.executor import Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from schema.results import article_page
from schema.results.article_page import ArticleEdge
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.samples import NOW, full, plain
from tests.schema.remembering_engine import RememberingEngine
from tests.seal import CURSOR_KEY, SEAL

PAGE = "{ articles(first: 3) { pageInfo { endCursor } edges { cursor node { key images { url } } } } }"


class Counted:
    """Counts the cursors that are made for edges."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cursors = 0
        cursor = ArticleEdge.cursor.fget  # type: ignore[attr-defined] # a property
        assert cursor is not None

        def counted(edge: ArticleEdge) -> str:
            self.cursors += 1
            return str(cursor(edge))

        monkeypatch.setattr(article_page.ArticleEdge, "cursor", property(counted))


class Asked:
    """One executor over an engine that has at hand what it was asked before."""

    def __init__(self, *, size: int = 3) -> None:
        self.engine = RememberingEngine(PlainEngine([full("a"), *(plain(f"b{n}") for n in range(size - 1))]), [NOW])
        self.memory = Memory()
        self.executor = Executor(
            self.engine,
            schema=build_schema(),
            limits=Limits(),
            memory=self.memory,
            asset_base_url=None,
            cursor_key=CURSOR_KEY,
            clock=lambda: NOW,
        )

    async def body(self, query: str = PAGE, **options: object) -> bytes:
        answer = await self.executor.execute(GraphQLRequest(query=query, **options))  # type: ignore[arg-type]
        assert not answer.error_codes
        return answer.body


async def test_a_page_is_made_until_it_was_met_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    counted, asked = Counted(monkeypatch), Asked()
    bodies, made = set(), []
    for _ in range(6):
        bodies.add(await asked.body())
        made.append(counted.cursors)
    assert len(bodies) == 1
    assert made == [3, 6, 9, 9, 9, 9]  # by the stock executor, met, kept


async def test_a_kept_page_has_the_base_of_each_request() -> None:
    asked = Asked()
    for number in range(12):
        base = f"http://host{number % 3}.example"
        assert f'"{base}/assets/portrait.png"'.encode() in await asked.body(server_url=base)


async def test_another_clock_or_seal_gives_other_cursors() -> None:
    asked = Asked()
    bodies = {await asked.body(now=NOW + timedelta(minutes=number // 5)) for number in range(20)}
    assert len(bodies) == 4
    asked.executor.reseal(b"x" * 32)
    assert await asked.body(now=NOW) not in bodies


@pytest.mark.parametrize(
    "query",
    [
        PAGE.replace("key ", "key provider { articleCount } "),
        PAGE.replace("cursor", "explain { score }"),
        PAGE.replace("cursor", "highlights { title { html } }"),
    ],
)
async def test_what_depends_on_more_is_made_each_time(query: str) -> None:
    asked = Asked()
    stock = [await Asked().body(query) for _ in range(3)]
    assert [await asked.body(query) for _ in range(6)] == [stock[0]] * 6


async def test_an_empty_page_is_never_taken_for_another() -> None:
    asked = Asked()
    queries = [
        f'{{ articles(first: {first}, topic: "{topic}") {{ pageInfo {{ hasNextPage }} edges {{ cursor }} }} }}'
        for first, topic in ((0, "ai"), (1, "nothing"))
    ]
    expected = [await Asked().body(query) for query in queries]
    for _ in range(5):
        assert [await asked.body(query) for query in queries] == expected
    assert expected[0] != expected[1]


def context() -> RequestContext:
    return RequestContext(engine=PlainEngine(), now=NOW, limits=Limits(), seal=SEAL)


def run() -> Run:
    return Run(context(), None)  # type: ignore[arg-type] # no variables are read


def test_a_large_list_stays_blank() -> None:
    maker, value = PartMaker(Memory()), object()
    large = [orjson.Fragment(b'"%b"' % (b"x" * 400_000)) for _ in range(3)]
    makes = 0

    def make(*_: object) -> object:
        nonlocal makes
        makes += 1
        return large

    parts = [maker.again(value, None, make, run(), ()) for _ in range(4)]
    assert [part.is_blank for part in parts] == [True] * 4
    assert makes == 1
    assert maker.parts.bytes < 10_000


def test_a_small_one_is_encoded_once() -> None:
    maker, value = PartMaker(Memory()), object()
    parts = [maker.again(value, None, lambda *_: [1, {"a": None}], run(), (1,)) for _ in range(4)]
    assert [part.is_blank for part in parts] == [True, False, False, False]
    assert orjson.dumps(parts[-1].json) == b'[1,{"a":null}]'
    assert parts[1] is parts[3]
