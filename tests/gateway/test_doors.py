"""Every address answers by the same rules of compression, tags and Vary."""

import gzip
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import product

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from gateway.app import create_app
from gateway.config.settings import Draft, Settings
from indexer import work
from indexer.errors import DeadlineExceeded, Overloaded
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from indexer.work import Work
from schema.limits.limits import Limits, Switch
from tests.gateway.http_client import application, serving
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.engines import BrokenEngine, CountingEngine

BROWSER = {"accept": "text/html,*/*;q=0.8"}
TITLE = "Harvest of all the fields that lie beyond the river"
ARTICLES = [replace(plain(f"{number}"), title=TITLE, published_date_time=NOW - number * DAY) for number in range(30)]
DOORS: dict[str, tuple[str, dict[str, str]]] = {
    "graphql": ("/graphql?query={articles{nodes{key title webUrl}}}", {}),
    "short graphql": ("/graphql?query={__typename}", {}),
    "no query": ("/graphql", {}),
    "invalid query": ("/graphql?query={nothing}", {}),
    "page": ("/graphql", BROWSER),
    "search": ("/search.json?q=harvest", {}),
    "short search": ("/search.json?q=zebra", {}),
    "bad search": ("/search.json?first=all", {}),
    "atom": ("/feed.atom", {}),
    "short atom": ("/feed.atom?topic=none", {}),
    "json feed": ("/feed.json", {}),
    "bad feed": ("/feed.json?first=all", {}),
    "static": ("/static/graphiql/5.4.0-2/graphiql.js", {}),
    "no static": ("/static/nothing.js", {}),
    "nowhere": ("/nowhere", {}),
    "alive": ("/healthz", {}),
    "ready": ("/readyz", {}),
    "home": ("/", {}),
    "results": ("/?q=harvest", {}),
    "bad results": ("/?first=all", {}),
    "search box": ("/search-box.js", {}),
    "icon": ("/favicon.ico", {}),
    "schema": ("/schema.graphql", {}),
    "opensearch": ("/opensearch.xml", {}),
}
PAGES = ("home", "results", "search box", "icon", "schema", "opensearch")
LISTS = ("search", "short search", "atom", "short atom", "json feed")
TAGGED = ("graphql", "short graphql", "page", *LISTS, "static", *PAGES)
LONG = {
    "graphql",
    "page",
    "search",
    "atom",
    "json feed",
    "static",
    "home",
    "results",
    "bad results",
    "search box",
    "schema",
}
CODINGS = {
    "": False,
    "gzip": True,
    "GZIP;q=0.5": True,
    "br, x-gzip": True,
    "*": True,
    "gzip;q=0": False,
    "gzip; q=0.0, *": False,
    "*;q=0": False,
    "identity;q=0": False,
    "identity;q=0, gzip": True,
    "identity, gzip;q=0.1": False,
    "xgzip, gzipped": False,
    "br": False,
}
ORIGINS: tuple[dict[str, str], ...] = ({}, {"origin": "https://other.example"})


def listed(answer: Response) -> list[str]:
    [vary] = answer.headers.get_list("vary")
    return [name.strip() for name in vary.split(",")]


async def raw(http: AsyncClient, door: str, method: str = "GET", **headers: str) -> tuple[Response, bytes]:
    """The answer at a door, and its body as it was sent."""
    address, own = DOORS[door]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.stream(method, address, headers={**own, **named}) as answer:
        body = b"".join([piece async for piece in answer.aiter_raw()])
    return answer, body


@pytest.mark.parametrize("door", DOORS)
async def test_an_answer_is_packed_only_for_who_takes_it_and_every_answer_says_so(door: str):
    async with serving(ARTICLES) as http:
        _, flat = await raw(http, door, accept_encoding="identity")
        for (coding, takes_gzip), origin in product(CODINGS.items(), ORIGINS):
            answer, body = await raw(http, door, accept_encoding=coding, **origin)
            is_packed = answer.headers.get("content-encoding") == "gzip"
            assert is_packed == (takes_gzip and door in LONG), coding
            assert (gzip.decompress(body) if is_packed else body) == flat
            assert answer.headers["content-length"] == str(len(body))
            names = listed(answer)
            assert {"Accept-Encoding", "Origin"} <= set(names), coding
            assert len(names) == len(set(names))


@pytest.mark.parametrize("door", [door for door in DOORS if door not in {"page", "no query"}])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("origin", ORIGINS)
async def test_head_has_the_headers_of_get(door: str, coding: str, origin: dict[str, str]):
    async with serving(ARTICLES) as http:
        get, _ = await raw(http, door, accept_encoding=coding, x_request_id="a", **origin)
        head, _ = await raw(http, door, "HEAD", accept_encoding=coding, x_request_id="a", **origin)
    assert head.status_code == get.status_code
    assert dict(head.headers) == dict(get.headers)
    assert head.headers.get_list("vary") == get.headers.get_list("vary")


@pytest.mark.parametrize("door", TAGGED)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_who_has_an_answer_is_told_so_with_the_same_vary(
    door: str, coding: str, origin: dict[str, str], method: str
):
    async with serving(ARTICLES) as http:
        answer, _ = await raw(http, door, accept_encoding=coding, **origin)
        tag = answer.headers["etag"]
        plain_tag = tag.removeprefix("W/")
        for condition, is_known in {
            tag: True,
            plain_tag: True,
            f"W/{plain_tag}": True,
            f'"x", {tag} ,"y"': True,
            f',{tag},, "a,b"': True,
            "*": True,
            '"a,*,b"': False,
            '"*"': False,
            f'"a,{plain_tag[1:-1]},b"': False,
            f'*, "{tag}"': False,
            '*, "x"': False,
            f"w/{plain_tag}": False,
            plain_tag.strip('"'): False,
            f'{tag} "x"': False,
            f'"x{tag}': False,
        }.items():
            again, body = await raw(http, door, method, accept_encoding=coding, if_none_match=condition, **origin)
            assert again.status_code == (304 if is_known else 200), condition
            assert listed(again) == listed(answer)
            if is_known:
                assert body == b""
                assert "content-type" not in again.headers
                for name in ("etag", "cache-control", "access-control-allow-origin"):
                    assert again.headers.get(name) == answer.headers.get(name)


@pytest.mark.parametrize("door", [door for door in DOORS if door not in TAGGED])
async def test_what_is_refused_has_no_tag_and_is_never_not_modified(door: str):
    async with serving(ARTICLES) as http:
        answer, _ = await raw(http, door, if_none_match="*")
    assert "etag" not in answer.headers
    assert answer.status_code != 304


async def test_a_search_that_a_client_has_is_not_made_again():
    engine = CountingEngine(PlainEngine(ARTICLES))

    async def open_engine() -> SearchEngine:
        return engine

    app = create_app(Settings(), open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        first = await http.get("/search.json?q=harvest&first=3")
        named = {"if-none-match": first.headers["etag"]}
        assert engine.calls.count("search") == 1
        again = await http.get("/search.json?first=3&q=harvest", headers=named)
        assert engine.calls.count("search") == 1
        other = await http.get("/search.json?q=harvest&first=4", headers=named)
    assert (again.status_code, other.status_code) == (304, 200)
    assert other.headers["etag"] != first.headers["etag"]


@asynccontextmanager
async def failing(settings: Settings) -> AsyncIterator[AsyncClient]:
    """A client of an application all of whose addresses fail."""

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    async with application(ARTICLES, settings) as app:
        for route in app.router.routes:
            route.handle = fail  # type: ignore[method-assign] # what fails must lie below all middleware
        yield AsyncClient(transport=ASGITransport(app), base_url="http://n.example")


@pytest.mark.parametrize("origins", [("*",), ("https://other.example",)])
@pytest.mark.parametrize("address", ["/graphql?query={__typename}", "/search.json", "/feed.atom", "/healthz"])
async def test_pages_of_other_sites_may_read_a_failure_and_its_id(origins: tuple[str, ...], address: str):
    async with failing(Settings(cors_origins=origins)) as http:
        answer = await http.get(address, headers={"origin": "https://other.example"})
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == origins[0]
    assert answer.headers["access-control-expose-headers"] == "X-Request-ID"
    assert answer.headers["x-request-id"]
    assert {"Accept-Encoding", "Origin"} <= set(listed(answer))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize(
    ("query", "name", "status"),
    [
        ("mutation{a}", "", 405),
        ("subscription{a}", "", 405),
        ("mutation M{a} query Q{__typename}", "M", 405),
        ("mutation M{a} query Q{__typename}", "Q", None),
        ("mutation{a", "", None),
        ("{mutation}", "", None),
        ("query mutation{__typename}", "", 200),
    ],
)
async def test_only_queries_are_taken_by_get(method: str, accept: str, query: str, name: str, status: int | None):
    parameters = {"query": query, **({"operationName": name} if name else {})}
    async with serving(ARTICLES) as http:
        answer = await http.request(method, "/graphql", params=parameters, headers={"accept": accept})
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)
    assert answer.status_code == (status or (200 if accept == "application/json" else 400))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PATCH"])
async def test_browsers_take_every_answer_for_what_it_says_it_is(door: str, method: str):
    async with serving(ARTICLES) as http:
        answer, _ = await raw(http, door, method)
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    ("origin", "method", "problem"),
    [
        ("https://daily.example", "PUT", "Disallowed CORS method"),
        ("https://other.example", "GET", "Disallowed CORS origin"),
        ("https://other.example", "PUT", "Disallowed CORS origin, method"),
    ],
)
async def test_a_page_of_another_site_that_may_not_ask_is_told_so_in_json(origin: str, method: str, problem: str):
    headers = {"origin": origin, "access-control-request-method": method}
    async with serving(ARTICLES, Settings(cors_origins=("https://daily.example",))) as http:
        for door in ("/graphql", "/search.json", "/nowhere"):
            answer = await http.options(door, headers=headers)
            assert answer.status_code == 400
            assert answer.headers.get_list("content-type") == ["application/json; charset=utf-8"]
            assert answer.headers["content-length"] == str(len(answer.content))
            [error] = answer.json()["errors"]
            assert error["message"] == f"{problem}: pages of other sites may not send this request"
            assert error["extensions"] == {"code": "BAD_USER_INPUT"}
            assert answer.headers.get("access-control-allow-origin") in (None, "https://daily.example")
            assert len(answer.headers.get_list("vary")) == 1


MISTAKES: list[dict[str, object]] = [
    {"query": query, "variables": variables}
    for query, variables in [
        ("{ article { titel } }", {}),
        ("{ articels { nodes { key } } }", {}),
        ('{ articles(serach: "a") { totalCount } }', {}),
        ("{ articles(ranking: NEWST) { totalCount } }", {}),
        ('{ articles(ranking: "NEWEST") { totalCount } }', {}),
        ("{ articles(filter: { topcs: { any: [] } }) { totalCount } }", {}),
        ("{ articles { totalCount @skp(if: true) } }", {}),
        ("{ articles { totalCount @skip(iff: true) } }", {}),
        ('{ node(id: "a") { title } }', {}),
        ('{ node(id: "a") { ... on Articel { key } } }', {}),
        ("{ articles { ...Fielts } } fragment Fields on ArticleConnection { totalCount }", {}),
        ("fragment F on Articel { key } { articles { nodes { ...F } } }", {}),
        ("query ($f: ArticelFilter) { articles(filter: $f) { totalCount } }", {}),
        ("query ($r: Ranking = NEWST) { articles(ranking: $r) { totalCount } }", {}),
        ("query ($r: Ranking) { articles(ranking: $r) { totalCount } }", {"r": "NEWST"}),
        ("query ($r: Ranking) { articles(ranking: $r) { totalCount } }", {"r": 1}),
        ("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }", {"f": {"topcs": None}}),
        ("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }", {"f": {"not": {"topcs": None}}}),
        ("query ($t: [String!]) { articles(filter: { topics: { any: $t, nonne: $t } }) { totalCount } }", {"t": []}),
        ("query Front { __typename } query Back { __typename }", {}),
        ("subscription { articels }", {}),
    ]
]
ADDRESSES = [
    f"/{file}?{question}"
    for file in ("search.json", "feed.atom", "feed.json")
    for question in ("frist=1", "ranking=newst", "qq=a", "topics=a", "Topic=a", "first=1&fist=2")
]


def in_address(request: dict[str, object]) -> dict[str, str]:
    return {"query": str(request["query"]), "variables": json.dumps(request["variables"])}


async def test_without_hints_no_error_says_which_name_was_meant():
    said = {Switch.ON: 0, Switch.OFF: 0}
    for hints in said:
        settings = Settings(limits=Limits(schema_hints=hints), max_batch=len(MISTAKES))
        async with serving(ARTICLES, settings) as http:
            answers = [
                *[await http.post("/graphql", json=each) for each in MISTAKES],
                await http.post("/graphql", json=MISTAKES),
                *[await http.get("/graphql", params=in_address(each)) for each in MISTAKES],
                *[await http.get(address) for address in ADDRESSES],
            ]
        assert all("errors" in answer.text for answer in answers)
        said[hints] = sum("did you mean" in answer.text.lower() for answer in answers)
    assert said[Switch.ON] > 30
    assert said[Switch.OFF] == 0


@pytest.mark.parametrize("path", ["/search.json", "/feed.atom", "/feed.json"])
async def test_a_plain_door_says_that_a_request_took_too_long(path: str):
    error = DeadlineExceeded("The request took too long")

    async def open_engine() -> SearchEngine:
        return BrokenEngine(PlainEngine(ARTICLES), error)

    app = create_app(Settings(), open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {"errors": [{"message": str(error), "extensions": {"code": "DEADLINE_EXCEEDED"}}]}


async def test_all_that_is_done_for_a_request_is_work_of_its_client_until_the_deadline():
    seen: list[Work] = []

    class Watched(CountingEngine):
        async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
            seen.append(work.current())
            return await super().search(requests)

    async def open_engine() -> SearchEngine:
        return Watched(PlainEngine(ARTICLES))

    app = create_app(Settings(deadline_seconds=3600), open_engine=open_engine)
    transport = ASGITransport(app, client=("192.0.2.7", 1234))
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        await http.get("/search.json")
        await http.post("/graphql", json={"query": "{ articles { totalCount } }"})
    assert {each.client for each in seen} == {"192.0.2.7"}
    assert len(seen) == len(set(map(id, seen))) == 2
    assert all(0 < each.seconds_left <= 3600 for each in seen)


@pytest.mark.parametrize("door", ["/search.json?first=30", "/feed.atom?first=30", "/feed.json?first=30"])
async def test_a_list_that_would_be_too_large_is_refused(door: str):
    settings = Settings(limits=Limits(max_answer_bytes=4000))
    async with serving(ARTICLES, settings) as http:
        large, small = await http.get(door), await http.get(door.replace("30", "1"))
    assert (large.status_code, small.status_code) == (400, 200)
    [error] = large.json()["errors"]
    assert error["message"].startswith("The answer is larger than 4000 bytes, the most that is sent. Ask for")
    assert error["extensions"]["code"] == "ANSWER_TOO_LARGE"
    assert "etag" not in large.headers


async def test_the_answers_of_a_batch_are_counted_together():
    settings = Settings(limits=Limits(max_answer_bytes=4000), max_batch=50)
    page, short = {"query": "{ articles(first: 10) { nodes { title } } }"}, {"query": "{ __typename }"}
    async with serving(ARTICLES, settings) as http:
        one = (await http.post("/graphql", json=page)).content
        answers = (await http.post("/graphql", json=[page] * 10 + [short])).json()
    codes = [answer["errors"][0]["extensions"]["code"] if "errors" in answer else "" for answer in answers]
    count = 4000 // len(one)
    assert codes == [""] * count + ["ANSWER_TOO_LARGE"] * (10 - count) + [""]
    assert "Send fewer at once" in answers[count]["errors"][0]["message"]


@pytest.mark.parametrize(
    ("draft", "accept", "status"),
    [
        (Draft.YEAR_2024, "application/json", 200),
        (Draft.YEAR_2024, "application/graphql-response+json", 400),
        (Draft.YEAR_2026, "application/graphql-response+json", 422),
    ],
)
async def test_an_answer_that_would_be_too_large_is_one_that_is_not_executed(draft: Draft, accept: str, status: int):
    settings = Settings(limits=Limits(max_answer_bytes=2000), http_draft=draft)
    query = "{ articles(first: 30) { nodes { title webUrl } } }"
    async with serving(ARTICLES, settings) as http:
        for answer in (
            await http.post("/graphql", json={"query": query}, headers={"accept": accept}),
            await http.get("/graphql", params={"query": query}, headers={"accept": accept}),
        ):
            assert answer.status_code == status
            assert answer.json()["errors"][0]["extensions"] == {"code": "ANSWER_TOO_LARGE", "maxAnswerBytes": 2000}
            assert "etag" not in answer.headers


class Busy(PlainEngine):
    """An engine with too much to do."""

    def __init__(self) -> None:
        super().__init__(ARTICLES)
        self.searches: list[SearchRequest] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self.searches += requests
        raise Overloaded("There are more long searches than this server can answer")


@pytest.mark.parametrize(
    "door", ["/graphql?query={articles{totalCount}}", "/search.json?q=a", "/feed.atom", "/feed.json"]
)
@pytest.mark.parametrize("origin", ORIGINS)
async def test_an_engine_with_too_much_to_do_is_told_of_by_every_address(door: str, origin: dict[str, str]):
    engine = Busy()

    async def open_engine() -> SearchEngine:
        return engine

    app = create_app(Settings(), open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        for times in range(1, 4):  # the third time, an operation is compiled
            answer = await http.get(door, headers=origin)
            assert answer.status_code == 503
            assert answer.headers.get_list("retry-after") == ["1"]
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
            [error] = answer.json()["errors"]
            assert error["extensions"] == {"code": "OVERLOADED"}
            assert error["message"] == "There are more long searches than this server can answer; try again soon"
            assert len(engine.searches) == times
