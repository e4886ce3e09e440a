"""The shortcut leads to where the ordinary way leads, and is taken by those only who may."""

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from gateway.config.settings import Settings
from gateway.http.middleware import Cors, Shortcut, cors_headers
from tests.gateway.fakes import receiving
from tests.gateway.http_client import application, serving
from tests.samples import full, plain

QUERY = "/graphql?query={articles{nodes{key title}}}"


def crossing() -> AsyncClient:
    """A client that is told which way its request went."""
    ways = PlainTextResponse("ordinary"), PlainTextResponse("short")
    shortcut = Shortcut(ways[0], path="/graphql", methods=frozenset({"GET", "POST"}), to=ways[1])
    return AsyncClient(transport=ASGITransport(shortcut), base_url="http://n.example")


@pytest.mark.parametrize(
    ("method", "path", "headers", "way"),
    [
        ("GET", "/graphql", {}, "short"),
        ("POST", "/graphql", {}, "short"),
        ("GET", "/graphql?query={a}", {"referer": "https://other.example"}, "short"),
        ("PUT", "/graphql", {}, "ordinary"),
        ("OPTIONS", "/graphql", {}, "ordinary"),
        ("HEAD", "/graphql", {}, "ordinary"),
        ("GET", "/graphql/", {}, "ordinary"),
        ("GET", "/GraphQL", {}, "ordinary"),
        ("GET", "/", {}, "ordinary"),
        ("GET", "/graphql", {"origin": "https://other.example"}, "ordinary"),
        ("POST", "/graphql", {"Origin": "null"}, "ordinary"),
        ("POST", "/graphql", {"origin": ""}, "ordinary"),
    ],
)
async def test_only_what_is_asked_of_the_path_and_by_no_other_site_goes_short(
    method: str, path: str, headers: dict[str, str], way: str
):
    async with crossing() as http:
        answer = await http.request(method, path, headers=headers)
    assert answer.text == ("" if method == "HEAD" else way)
    assert answer.headers["content-length"] == str(len(way))


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
async def test_what_is_no_request_goes_the_ordinary_way(kind: str):
    went: list[Scope] = []

    async def ordinary(scope: Scope, *_: object) -> None:
        went.append(scope)

    async def short(*_: object) -> None:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError(message)

    shortcut = Shortcut(ordinary, path="/graphql", methods=frozenset({"GET"}), to=short)
    scope = {"type": kind, "path": "/graphql", "headers": []}
    await shortcut(scope, receiving(), send)
    assert went == [scope]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", QUERY, None),
        ("GET", "/graphql?query={nothing}", None),
        ("GET", "/graphql?query=mutation{a}", None),
        ("GET", "/graphql", None),
        ("POST", "/graphql", {"query": "{ articles { totalCount } }"}),
        ("POST", "/graphql", {"query": "{ article(key: 1, key: 2) { key } }"}),
        ("POST", "/graphql", ["no", "batch"]),
    ],
)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_both_ways_lead_to_the_same_answer(method: str, path: str, body: object, coding: str):
    articles = [full("a"), *(plain(f"{number}") for number in range(40))]
    settings = Settings(cors_origins=("https://other.example",), cache_seconds=60)
    headers = {"accept-encoding": coding, "accept": "application/json", "x-request-id": "a"}
    async with (
        application(articles, settings) as app,
        AsyncClient(transport=ASGITransport(app), base_url="http://n.example") as http,
    ):
        short = await http.request(method, path, json=body, headers=headers)
        ordinary = await http.request(method, path, json=body, headers={**headers, "origin": "https://other.example"})
    assert (short.status_code, short.content) == (ordinary.status_code, ordinary.content)
    of_other_sites = {"access-control-allow-origin", "access-control-expose-headers"}
    expected = {name: value for name, value in ordinary.headers.items() if name not in of_other_sites}
    assert {**short.headers, "vary": ""} == {**expected, "vary": ""}
    assert "Origin" in short.headers["vary"]


ORIGIN = "https://daily.example"


@pytest.mark.parametrize("origins", [("*",), (ORIGIN,)])
@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "https://other.example"}])
@pytest.mark.parametrize("address", ["/graphql?query={__typename}", "/search.json?q=a"])
async def test_caches_are_told_once_that_answers_depend_on_the_origin(
    origins: tuple[str, ...], headers: dict[str, str], address: str
):
    async with serving([plain("a")], Settings(cors_origins=origins)) as http:
        answer = await http.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["vary"].split(", ").count("Origin") == 1
    is_allowed = headers.get("origin") == ORIGIN or ("origin" in headers and origins == ("*",))
    assert ("access-control-allow-origin" in answer.headers) == is_allowed


@pytest.mark.parametrize("origins", [(), ("*",), ("https://daily.example", "https://owl.example")])
@pytest.mark.parametrize("origin", ["https://daily.example", "https://other.example", "null", "", "*"])
async def test_a_refusal_before_the_middleware_may_be_read_by_the_pages_that_may_read_answers(
    origins: tuple[str, ...], origin: str
):
    app = Cors(PlainTextResponse("answer"), origins=origins)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://n.example") as http:
        answer = await http.get("/", headers={"origin": origin})
    names = [name for name in answer.headers if name.startswith("access-control-allow")]
    headers = {name.lower(): value for name, value in cors_headers(origins, origin).items()}
    assert {name: headers.get(name) for name in names} == {name: answer.headers[name] for name in names}
    assert ("access-control-allow-origin" in headers) == bool(names)
    assert headers["vary"] == answer.headers["vary"] == "Origin"
