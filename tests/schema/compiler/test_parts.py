"""Encoded articles are kept where they are the same whoever asks, and nobody notices but by speed."""

import gc
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from weakref import ref

import orjson
import pytest
from graphql import GraphQLObjectType, get_operation_ast, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from indexer.article import Article, Provider
from indexer.memory import Memory
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from schema.compiler.parts import Part, dependencies, parts
from schema.compiler.resolving import graphql_schema
from schema.compiler.selection import Selections, fragments_of
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, full, plain
from tests.schema.engines import CountingEngine
from tests.schema.remembering_engine import RememberingEngine
from tests.seal import CURSOR_KEY

QUERIES = (
    "{ articles { nodes { key title } } }",
    "{ articles { nodes { title key t: title } edges { node { key } cursor } } }",
    """query ($wanted: Boolean = false) { articles { nodes {
      key heat @include(if: $wanted) ...Card @skip(if: $wanted) provider { name domain }
    } } } fragment Card on Article { excerpt provider { images { url } } related { title images { url } } }""",
    """{ one: article(key: "a") { key title } two: article(key: "a") { title key }
      three: article(key: "b") { ...Card } four: article(key: "b") { ...Card key } }
      fragment Card on Article { id title provider { domain id } }""",
    "{ articles { nodes { key title provider { articleCount } } } }",
    "{ articles { nodes { key provider { name images { url } } credit { name } related { provider { id name } } } } }",
    "{ articles { nodes { key related { title article { key title } } relatedBy { key title } similar { title } } } }",
    '{ nodes(ids: ["QXJ0aWNsZTph", "QXJ0aWNsZTpi"]) { __typename id ... on Article { title heat } } }',
    """{ articles(first: 1) { totalCount pageInfo { endCursor hasNextPage } nodes { title images { url } }
      edges { cursor score node { key images { url } provider { name } } } } }""",
    """{ articles(search: "one OR two", last: 2) { edges { cursor score node { key } } page: pageInfo { startCursor }
      more: edges { explain { score } highlights { title { html } } node { title } } } }""",
    "{ articles(first: 0) { pageInfo { hasNextPage } edges { cursor } nodes { key provider { articleCount } } } }",
)


class Copying(CountingEngine):
    """Hands out each article as a new object, which goes with the answer."""

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        found = await super().search(requests)
        return [
            replace(result, hits=tuple(replace(hit, article=copy(hit.article)) for hit in result.hits))
            for result in found
        ]

    async def fetch(self, keys: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        return [article and copy(article) for article in await super().fetch(keys, now=now)]

    async def fetch_by_url(self, urls: Sequence[str], *, now: datetime) -> Sequence[Article | None]:
        return [article and copy(article) for article in await super().fetch_by_url(urls, now=now)]


class Watched(str):
    """The key of a copied article, of which it can be seen whether it, and so the copy, is still there."""

    __slots__ = ("__weakref__",)


def copy(article: Article) -> Article:
    return structs.replace(article, key=Watched(article.key))


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


CLOCK = Clock()


def over(
    engine: SearchEngine,
    *,
    max_bytes: int = 0,
    memory: Memory | None = None,
    execution: Execution = Execution.COMPILED,
) -> Executor:
    return Executor(
        engine,
        schema=build_schema(),
        limits=Limits(max_aliases=100),
        memory=memory or Memory(max_bytes),
        asset_base_url=None,
        cursor_key=CURSOR_KEY,
        clock=CLOCK,
        execution=execution,
    )


ENGINE = PlainEngine()
REMEMBERING = RememberingEngine(ENGINE, [NOW + timedelta(hours=hours) for hours in range(-1, 4)])
OTHERS = [
    over(engine, max_bytes=size) for engine in (ENGINE, Copying(ENGINE), REMEMBERING) for size in (2**26, 2_000, 9_000)
]
WITHOUT = over(ENGINE, max_bytes=0, execution=Execution.STOCK)
articles = st.builds(
    lambda key, title, heat, name, hours: replace(
        full(key),
        title=title,
        heat=heat,
        provider=replace(full(key).provider, name=name),
        published_date_time=NOW + timedelta(hours=hours),
    ),
    st.sampled_from("abc"),
    st.sampled_from(["One", "Two", "“Three”"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, "Naïve", "Wise"]),
    st.integers(-1, 3),
)
clocks = st.builds(lambda hours: NOW + timedelta(hours=hours), st.integers(0, 4))
requests = st.builds(
    lambda query, wanted, server_url: GraphQLRequest(
        query=query, variables={"wanted": wanted} if "$wanted" in query else None, server_url=server_url
    ),
    st.sampled_from(QUERIES),
    st.booleans(),
    st.sampled_from([None, "http://a.example", "https://b.example:8443", 'https://“c”.example/"']),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(requests | articles | articles.map(lambda article: article.key) | clocks, max_size=25))
async def test_answers_are_the_same_whatever_was_kept_before(steps: list[object]) -> None:
    CLOCK.now = NOW
    ENGINE.add(full("a"), plain("b"))
    REMEMBERING.forget()
    for step in steps:
        match step:
            case Article():
                ENGINE.add(step)
                REMEMBERING.forget()
            case str():
                ENGINE.delete(step)
                REMEMBERING.forget()
            case datetime():
                CLOCK.now = step
            case GraphQLRequest():
                expected = await WITHOUT.execute(step)
                for executor in OTHERS:
                    assert await executor.execute(step) == expected
                assert not expected.error_codes


@pytest.mark.parametrize("max_bytes", [3_000, 20_000, 2**26])
async def test_no_part_is_taken_for_another_article_that_came_to_lie_in_its_place(max_bytes: int) -> None:
    """Articles come and go, so that the same addresses are used again and again."""
    random, engine = Random(7), PlainEngine()  # noqa: S311 - nothing secret is drawn
    executor = over(Copying(engine), max_bytes=max_bytes)
    query = GraphQLRequest(query="{ articles(first: 5) { nodes { key title } edges { node { title } } } }")
    seen = set()
    for number in range(300):
        engine.add(replace(plain(random.choice("abcdefgh")), title=f"{number}"))
        data = orjson.loads((await executor.execute(query)).body)["data"]["articles"]
        expected = sorted(engine.articles.values(), key=lambda one: one.key)[:5]
        assert data["nodes"] == [{"key": one.key, "title": one.title} for one in expected]
        assert [edge["node"]["title"] for edge in data["edges"]] == [one.title for one in expected]
        seen |= {node["title"] for node in data["nodes"]}
    assert len(seen) > 50


class Watching(Copying):
    """Remembers what it handed out, without keeping it."""

    def __init__(self, engine: SearchEngine) -> None:
        super().__init__(engine)
        self.handed_out: list[ref[Article]] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        found = await super().search(requests)
        self.handed_out += [ref(hit.article.key) for result in found for hit in result.hits]
        return found

    def still_there(self) -> int:
        gc.collect()
        return sum(one() is not None for one in self.handed_out)


async def test_parts_keep_articles_until_they_are_given_up() -> None:
    engine = Watching(PlainEngine([full("a"), plain("b")]))
    executor = over(engine, max_bytes=200_000)
    await executor.execute(GraphQLRequest(query=QUERIES[0]))
    assert engine.still_there() == 2
    for number in range(50):
        await executor.execute(GraphQLRequest(query=f"{{ a{number}: index {{ generation }} }}"))
    assert engine.still_there() == 0
    assert (await executor.execute(GraphQLRequest(query=QUERIES[0]))).error_codes == ()
    assert engine.still_there() == 2


@pytest.mark.parametrize("execution", [Execution.STOCK, Execution.COMPILED])
async def test_where_no_memory_is_given_nothing_is_kept(execution: Execution) -> None:
    engine = Watching(PlainEngine([full("a")]))
    executor = over(engine, max_bytes=0, execution=execution)
    for _ in range(2):
        await executor.execute(GraphQLRequest(query=QUERIES[0]))
    assert (len(engine.handed_out), engine.still_there()) == (2, 0)


async def test_a_provider_in_a_kept_part_is_that_of_the_moment() -> None:
    """Neither a scheduled article that appears nor one that is added leaves an older name in a part."""
    CLOCK.now = NOW
    later = replace(plain("b"), provider=Provider(domain="daily.example", name="Later"), published_date_time=NOW + DAY)
    counting = CountingEngine(PlainEngine([replace(plain("a"), provider=Provider(domain="daily.example")), later]))
    executor = over(counting, max_bytes=2**20)
    query = GraphQLRequest(query='{ article(key: "a") { provider { name } } }')

    async def name_and_calls() -> tuple[object, int]:
        counting.lookups.clear()
        data = orjson.loads((await executor.execute(query)).body)["data"]
        return data["article"]["provider"]["name"], len(counting.lookups)

    assert [await name_and_calls() for _ in range(2)] == [(None, 1), (None, 0)]
    CLOCK.now = NOW + DAY - MOMENT
    assert await name_and_calls() == (None, 0)
    CLOCK.now = NOW + DAY
    assert [await name_and_calls() for _ in range(2)] == [("Later", 1), ("Later", 0)]
    CLOCK.now = NOW


async def test_what_the_index_knows_is_asked_each_time() -> None:
    counting = CountingEngine(PlainEngine([full("a"), plain("b")]))
    executor = over(counting, max_bytes=2**20)
    calls = []
    for _ in range(3):
        counting.calls.clear()
        await executor.execute(GraphQLRequest(query='{ article(key: "a") { key related { title article { key } } } }'))
        await executor.execute(GraphQLRequest(query='{ article(key: "a") { key provider { articleCount } } }'))
        calls.append(sorted(counting.calls))
    assert calls == [["fetch", "fetch", "fetch_by_url", "search"]] * 3


def test_a_part_keeps_its_value_and_counts_more_than_its_bytes() -> None:
    value = copy(plain("a"))
    watched, part = ref(value.key), Part(value, [b'{"a":1}'])
    del value
    assert isinstance(part.value, Article)
    assert watched() is part.value.key
    assert part.nbytes > 7
    assert orjson.dumps([part.json]) == b'[{"a":1}]'


def test_all_places_share_the_memory() -> None:
    memory = Memory(10_000)
    one, other = parts(memory), parts(memory)
    one.put(1, Part("a", [b"a"]))
    for number in range(20):
        other.put(number, Part("b", [b"b"]))
    assert one.find(1) is None


async def test_addresses_that_clients_ask_for_take_no_memory() -> None:
    """Any client may name any host."""
    memory = Memory(2**26)
    executor = over(PlainEngine([full("a"), full("b")]), memory=memory)
    query = "{ articles { nodes { images { url } provider { images { url } } } } }"
    sizes = set()
    for number in range(200):
        server_url = f"http://host{number % 150:03}.example"
        answer = await executor.execute(GraphQLRequest(query=query, server_url=server_url))
        assert answer.body.count(f'"{server_url}/assets/portrait.png"'.encode()) == 4
        sizes.add(memory.bytes_by_shelf()["parts"])
    assert len(sizes) == 1


def test_a_part_takes_its_base_as_json_has_it() -> None:
    part = Part(None, [b'{"a":"', b'/1","b":"', b'/2"}'])
    for base in ("", "http://n.example", 'a"b\\é'):
        assert orjson.loads(orjson.dumps(part.at(base))) == {"a": f"{base}/1", "b": f"{base}/2"}
        assert part.base == base


SCHEMA = graphql_schema(build_schema())


def around(selected: str, *, fragments: str = "", **conditions: bool) -> frozenset[str] | None:
    """The things beside itself that an article depends on of which this is selected; None for more than a part may."""
    declared = ", ".join(f"${name}: Boolean!" for name in conditions)
    head = f"query ({declared})" if declared else "query"
    document = parse(f'{head} {{ article(key: "a") {{ {selected} }} }} {fragments}')
    assert not validate(SCHEMA, document)
    operation = get_operation_ast(document)
    assert operation is not None
    selections = Selections(schema=SCHEMA, operation=operation, fragments=fragments_of(document), conditions=conditions)
    article = SCHEMA.get_type("Article")
    assert isinstance(article, GraphQLObjectType)
    [nodes] = selections.root(SCHEMA.query_type).values()
    return dependencies(article, selections.within(article, nodes), selections)


@pytest.mark.parametrize(
    "selected",
    [
        "key",
        "__typename id title excerpt body category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl",
        "a: topics b: topics",
        "images { url width height title __typename }",
        "credit { name domain images { url } }",
        "related { title excerpt publishedDateTime webUrl type quality credit { name } images { url } }",
        "... { key ... on Node { id } ... on Article { title } }",
    ],
)
def test_what_is_read_from_the_article_itself_is_fixed(selected: str) -> None:
    assert around(selected) == frozenset()


@pytest.mark.parametrize(
    "selected",
    [
        "provider { id name domain images { url } }",
        "title related { credit { name } provider { id name } }",
        "key ... { ... on Article { p: provider { __typename } } }",
    ],
)
def test_providers_depend_on_the_moment_as_well(selected: str) -> None:
    assert around(selected) == {"moment"}


@pytest.mark.parametrize(
    "selected",
    [
        "provider { articleCount }",
        "provider { articles { nodes { key } } }",
        "related { article { key } }",
        "related { title provider { domain articleCount } }",
        "relatedBy { key }",
        "similar { key }",
        "similar(first: 1) { key }",
        'whyNot(search: "a") { rank }',
        "key ... { title ... on Node { ... on Article { provider { n: articleCount } } } }",
    ],
)
def test_what_the_index_knows_is_not(selected: str) -> None:
    assert around(selected) is None
    assert around(f"key {selected} title") is None


def test_a_fragment_counts_for_what_it_selects() -> None:
    assert around("...Card", fragments="fragment Card on Article { key provider { name } }") == {"moment"}
    assert around("...Card", fragments="fragment Card on Article { key provider { articleCount } }") is None


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_condition_leaves_out_does_not_count(wanted: bool) -> None:  # noqa: FBT001 - the variable's value
    assert (around("key similar @include(if: $wanted) { key }", wanted=wanted) is None) is wanted
    assert (around("key provider { articleCount @skip(if: $wanted) name }", wanted=wanted) is None) is not wanted
    assert around("key provider @skip(if: $wanted) { name }", wanted=wanted) == (set() if wanted else {"moment"})


def test_nodes_of_one_field_count_together() -> None:
    assert around("provider { name } ... { provider { articleCount } }") is None
