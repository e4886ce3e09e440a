"""Nobody learns of what is hidden: through every door, the server answers as if it did not exist, byte for byte.

Two servers have the same clock and the same visible articles, and one of them has hidden ones besides. Only the number
and the time of a build may tell them apart, so both are given the same.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.app import create_app
from gateway.config.settings import Settings
from indexer.engines import open_engine
from indexer.search.engine import IndexStatus, SearchEngine
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.storage import index_folder
from schema.limits.limits import Limits, Switch
from schema.schema import build_schema, graphql_schema
from schema.types.node import NodeKind, global_id
from tests.engine_place import UrlPlace, write
from tests.hidden import DRAFTS, KEYS, VISIBLE, prefixes, texts, typed, write_hidden
from tests.replacing import replace
from tests.samples import NOW
from tests.schema.walk import Candidates, questions

READ_ONLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
SETTINGS = Settings(
    limits=Limits(max_cost=10**9, max_tokens=100_000, max_depth=100, max_fields=100_000, development=Switch.ON),
    cache_seconds=600,
    asset_base_url="https://assets.example",
    deadline_seconds=3600,
)
"""No article appears within the time that caches may answer for: when the next one does, shows in `Cache-Control`."""

KEY = bytes(range(32))
ARTICLE = """
  key title excerpt topics authors language extras ampWebUrl related { title article { key } }
  provider { name articleCount }
"""
LISTS = f"""
query (
  $search: String $topic: String $filter: ArticleFilter $ranking: Ranking $tuning: RankingTuning $prefix: String
  $first: Int $after: String $last: Int $before: String $typing: Boolean
) {{
  articles(
    search: $search topic: $topic filter: $filter ranking: $ranking tuning: $tuning
    first: $first after: $after last: $last before: $before typing: $typing
  ) {{
    totalCount
    pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }}
    search {{ didYouMean relaxed leftOut words {{ word match found }} }}
    facets {{
      topics(prefix: $prefix) {{ totalCount values {{ value name count }} }}
      providers(prefix: $prefix, orderBy: NAME) {{ totalCount values {{ value name count }} }}
      authors {{ totalCount values {{ value name count }} }}
      categories {{ totalCount values {{ value name count }} }}
      types {{ totalCount values {{ value name count }} }}
      months {{ totalCount values {{ value name count }} }}
      quality {{ min max mean count }}
      heat {{ min max mean count }}
    }}
    edges {{
      cursor
      score
      explain {{ score title excerpt topic provider nearness recency quality heat }}
      highlights {{ title {{ html }} excerpt {{ html fragment {{ html }} }} }}
      node {{
        {ARTICLE}
        relatedBy {{ key }}
        similar(first: 3) {{ {ARTICLE} }}
        whyNot(search: $search, topic: $topic, filter: $filter, tuning: $tuning, typing: $typing) {{
          rank reasons {{ kind what message }}
        }}
      }}
    }}
  }}
}}
"""
SUGGESTIONS = "query ($prefix: String! $first: Int) { suggest(prefix: $prefix, first: $first) { kind text count } }"
WHY_NOT = """
query ($key: String $search: String) {
  article(key: $key) { key similar { key } whyNot(search: $search) { rank reasons { message } } }
}
"""

Variables = dict[str, object]


class Undated:
    """An engine that says nothing of the number and the time of its build."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def present(self) -> "Undated":
        return Undated(self._engine.present())

    async def status(self, *, now: datetime) -> IndexStatus:
        return replace(await self._engine.status(now=now), generation=1, built_at=NOW)


@dataclass(frozen=True, slots=True)
class Servers:
    """Clients of both servers."""

    hiding: AsyncClient
    bare: AsyncClient

    async def same(self, path: str, *, body: object = None, **headers: str) -> Response:
        """The answer of both, which must be the same."""
        answers = [await self._answer(http, path, body, headers) for http in (self.hiding, self.bare)]
        told = [(one.status_code, sorted(one.headers.multi_items()), one.content) for one in answers]
        assert told[0] == told[1]
        assert told[0][0] < 500
        return answers[0]

    async def posted(self, query: str, **variables: object) -> Variables:
        """The answers of both to a GraphQL request by POST."""
        answer: Variables = (await self.same("/graphql", body={"query": query, "variables": variables})).json()
        return answer

    @staticmethod
    async def _answer(http: AsyncClient, path: str, body: object, headers: dict[str, str]) -> Response:
        headers = {"X-Request-ID": "same", **headers}
        if body is None:
            return await http.get(path, headers=headers)
        return await http.post(path, headers=headers, json=body)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The index with hidden articles, and the one without."""
    hiding, bare = tmp_path_factory.mktemp("hiding") / "index", tmp_path_factory.mktemp("bare") / "index"
    write_hidden(UrlPlace(str(hiding)))
    write(UrlPlace(str(bare)), VISIBLE)
    return hiding, bare


def opening(folder: Path) -> Callable[[], Awaitable[Undated]]:
    async def opened() -> Undated:
        engine = await open_engine(str(folder))
        assert isinstance(engine, WhooshEngine)
        return Undated(engine)

    return opened


@pytest.fixture
async def servers(folders: tuple[Path, Path]) -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        clients = []
        for folder in folders:
            app = create_app(SETTINGS, open_engine=opening(folder), cursor_key=lambda: KEY, clock=lambda: NOW)
            await stack.enter_async_context(app.router.lifespan_context(app))
            client = AsyncClient(transport=ASGITransport(app), base_url="http://n.example")
            clients.append(await stack.enter_async_context(client))
        yield Servers(*clients)


def one_of(*values: object) -> st.SearchStrategy[object]:
    return st.sampled_from((None, None, *values))


variables = st.fixed_dictionaries(
    {
        "search": texts,
        "topic": one_of("harbours", "Embargowort"),
        "filter": one_of(
            {"topics": {"any": ["machine learning", "embargowort"]}},
            {"not": {"provider": {"any": ["harbor.example", "weekly.example"]}}},
            {"hasImage": True, "heatAtLeast": 3},
            {"authors": {"any": ["Embargowort", "Gold"]}},
            {"not": {"extra": [{"name": "series", "equals": "harbor"}]}},
        ),
        "ranking": one_of("RELEVANCE", "NEWEST", "TRENDING", "QUALITY"),
        "tuning": one_of({"recency": 1, "quality": 1}, {"maxPerProvider": 1}),
        "prefix": st.none() | prefixes,
        "typing": st.booleans(),
    }
)


@READ_ONLY
@given(asked=variables, size=st.integers(1, 4), end=st.sampled_from(("first", "last")))
async def test_lists_and_the_pages_after_them_are_the_same(
    servers: Servers, asked: Variables, size: int, end: str
) -> None:
    cursors: Variables = {}
    for _ in range(3):
        answer = await servers.posted(LISTS, **asked, **{end: size}, **cursors)
        if not answer["data"]:  # a combination of arguments that is refused
            break
        place = answer["data"]["articles"]["pageInfo"]
        cursors = {"after": place["endCursor"]} if end == "first" else {"before": place["startCursor"]}


@READ_ONLY
@given(prefix=typed, first=st.sampled_from((1, 2, 8, 100)))
async def test_suggestions_are_the_same(servers: Servers, prefix: str, first: int) -> None:
    await servers.posted(SUGGESTIONS, prefix=prefix, first=first)


@READ_ONLY
@given(key=st.sampled_from(KEYS), search=texts)
async def test_single_articles_are_the_same(servers: Servers, key: str, search: str) -> None:
    await servers.posted(WHY_NOT, key=key, search=search)


parameters = st.fixed_dictionaries(
    {"q": texts},
    optional={
        "topic": st.sampled_from(("harbours", "Embargowort")),
        "provider": st.sampled_from(("daily.example", "harbor.example")),
        "ranking": st.sampled_from(("RELEVANCE", "newest", "heat")),
        "first": st.sampled_from(("1", "3", "100")),
        "typing": st.just("1"),
    },
)


@READ_ONLY
@given(asked=parameters, path=st.sampled_from(("/search.json", "/feed.atom", "/feed.json", "/")))
async def test_plain_lists_are_the_same_and_so_are_their_tags(
    servers: Servers, asked: dict[str, str], path: str
) -> None:
    answer = await servers.same(f"{path}?{urlencode(asked)}")
    if tag := answer.headers.get("etag"):
        assert (await servers.same(f"{path}?{urlencode(asked)}", **{"If-None-Match": tag})).status_code == 304
    if path == "/search.json" and answer.status_code == 200 and (after := answer.json()["next"]):
        await servers.same(f"{path}?{urlencode({**asked, 'after': after})}")


@READ_ONLY
@given(asked=variables, encoding=st.sampled_from(("gzip", "identity")))
async def test_answers_to_addresses_have_the_same_tags_and_sizes(
    servers: Servers, asked: Variables, encoding: str
) -> None:
    address = f"/graphql?{urlencode({'query': LISTS, 'variables': json.dumps({**asked, 'first': 3})})}"
    accepted = {"Accept-Encoding": encoding}
    answer = await servers.same(address, **accepted)
    if tag := answer.headers.get("etag"):  # an answer with errors has none
        assert (await servers.same(address, **accepted, **{"If-None-Match": tag})).status_code == 304


def quoted(values: Sequence[str]) -> list[str]:
    return [json.dumps(value, ensure_ascii=False) for value in values]


async def candidates(servers: Servers) -> Candidates:
    """Arguments of every name, of which most ask for what is hidden."""
    lists = (
        await servers.posted(
            "{ articles(first: 3) { edges { cursor } } topics { edges { cursor } } providers { edges { cursor } } }"
        )
    )["data"]
    cursors = quoted([edge["cursor"] for each in lists.values() for edge in each["edges"]])
    keys = [VISIBLE[0].key, *KEYS[90::15]]
    ids = quoted([*(global_id(NodeKind.ARTICLE, key) for key in keys), global_id(NodeKind.PROVIDER, "harbor.example")])
    searches = (
        "harbour embargowrt",
        "crane -embargowrt",
        "harbor",
        "secret plan",
        "secretplan",
        "title:zepelin",
        "ha*",
    )
    return {
        "id": ids,
        "ids": [f"[{', '.join(ids)}]"],
        "key": quoted(keys),
        "webUrl": quoted([f"https://daily.example/{key}" for key in keys]),
        "search": quoted(searches),
        "topic": quoted(("Embargowort", "harbours")),
        "provider": quoted(("harbor.example", "daily.example")),
        "name": quoted(("embargowort", "HARBOURS", "Golden Plans")),
        "domain": quoted(("harbor.example", "daily.example")),
        "filter": ['{topics: {any: ["Embargowort", "Gold"]}}', '{provider: {none: ["daily.example"]}}'],
        "ranking": ["RELEVANCE", "NEWEST", "TRENDING"],
        "tuning": ["{recency: 1, heat: 1, quality: 1}", "{maxPerProvider: 1}"],
        "first": ["1", "100", "-1"],
        "last": ["1", "100"],
        "offset": ["1"],
        "after": cursors,
        "before": cursors,
        "fragmentLength": ["9"],
        "orderBy": ["COUNT", "NAME"],
        "prefix": quoted(("emb", "ha", "harbo", "golden p", "zepp", "cran")),
        "mark": ['"em"'],
        "unit": ["UTF16"],
        "typing": ["true"],
    }


async def test_every_field_with_every_argument_is_the_same(servers: Servers) -> None:
    for _, query in questions(graphql_schema(build_schema()), await candidates(servers)):
        await servers.posted(query)


@pytest.mark.parametrize(
    "path", ["/readyz", "/healthz", "/", "/graphql", "/search.json?first=x", "/feed.atom?after=x", "/nowhere"]
)
async def test_other_doors_are_the_same(servers: Servers, path: str) -> None:
    await servers.same(path)


@pytest.mark.parametrize("text", ["embargowrt", "harbour embargowrt", "crane -embargowrt", "title:embargowrt"])
async def test_a_word_that_is_nowhere_is_shown_as_it_was_typed(servers: Servers, text: str) -> None:
    query = "query ($text: String) { articles(search: $text) { search { didYouMean leftOut words { word found } } } }"
    answer = json.dumps(await servers.posted(query, text=text))
    assert "embargowort" not in answer


async def test_what_all_this_compares_is_there_to_be_found(folders: tuple[Path, Path]) -> None:
    """The tests above prove nothing unless the index holds hidden articles, deleted ones in several segments too."""
    table, _ = index_folder.readable(folders[0])
    assert len(table.segments) >= 3
    assert sum(bool(segment.deleted_count()) for segment in table.segments) >= 2
    engine = await open_engine(str(folders[0]))
    assert (await engine.status(now=NOW)).next_change is not None
    assert not any(await engine.fetch([draft.key for draft in DRAFTS], now=NOW))
    await engine.close()
