import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from gateway.app import create_app
from gateway.config.settings import Settings
from gateway.http.host import PREFIX
from indexer.errors import IndexMissing
from indexer.search.engine import SearchEngine
from schema.cost.prices import DOCUMENT, TOKEN
from schema.limits.limits import Switch
from tests.gateway.http_client import application
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import full, plain
from tests.schema.test_hostile import REFUSALS

SETTINGS = Settings(refresh_seconds=0.01)
ROOMY = Settings(refresh_seconds=0.01, max_body_bytes=2**20)
"""So much that the limits of the schema come before that of bodies."""


@asynccontextmanager
async def serving(
    settings: Settings = SETTINGS, *, engine: SearchEngine | None = None, missing: bool = False
) -> AsyncIterator[AsyncClient]:
    """A client of the application, from start to end of its lifespan."""
    served = engine or PlainEngine([plain("a"), full("b")])

    async def open_engine() -> SearchEngine:
        if missing:
            raise IndexMissing("there is no index yet")
        return served

    app = create_app(settings, open_engine=open_engine)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://n.example") as http:
        yield http


async def test_a_query_goes_all_the_way():
    async with serving() as http:
        response = await http.post("/graphql", json={"query": '{ article(key: "a") { title } }'})
    assert response.json() == {"data": {"article": {"title": "Harvest begins"}}}


async def test_the_settings_reach_the_execution():
    settings = replace(SETTINGS, asset_base_url="https://img.example", limits=replace(SETTINGS.limits, max_depth=3))
    async with serving(settings) as http:
        image = await http.post("/graphql", json={"query": '{ article(key: "b") { images { url } } }'})
        deep = await http.post("/graphql", json={"query": "{ articles { nodes { provider { name } } } }"})
    assert image.json()["data"]["article"]["images"][0]["url"] == "https://img.example/assets/portrait.png"
    assert deep.json()["errors"][0]["extensions"]["code"] == "QUERY_TOO_DEEP"


IMAGES = "{ articles { nodes { images { url } provider { images { url } } } } }"


@pytest.mark.parametrize("cache", [Switch.ON, Switch.OFF])
async def test_each_client_gets_the_addresses_of_the_server_that_it_asked(cache: Switch):
    """Whatever is kept of answers: whole ones, their parts, and their tags."""
    hosts = ["one.example", "two.example:8000", "one.example"]
    settings, tags = replace(SETTINGS, response_cache=cache), {}
    async with serving(settings) as http:
        for path in ("/search.json", "/feed.json", "/feed.atom", f"/graphql?query={IMAGES}", "/graphql"):
            for host in hosts:
                headers = {"host": host, "accept": "application/json, */*;q=0.1"}
                known = {"if-none-match": ", ".join(tags.get((path, other), '"-"') for other in hosts if other != host)}
                for _ in range(3):  # the third time a compiled operation answers
                    posted = {"json": {"query": IMAGES}} if path == "/graphql" else {}
                    method = "POST" if posted else "GET"
                    answer = await http.request(method, path, headers={**headers, **known}, **posted)
                    assert answer.status_code == 200
                    assert f"http://{host}/assets/portrait.png" in answer.text
                    assert not any(f"http://{other}/" in answer.text for other in hosts if other != host)
                tags[path, host] = answer.headers.get("etag", '"-"')


async def test_the_public_url_is_where_pictures_are_unless_they_have_a_base_of_their_own():
    public = replace(SETTINGS, public_url="https://n.example/news/")
    for settings, base in (
        (public, "https://n.example/news"),
        (replace(public, asset_base_url="https://img.example/"), "https://img.example"),
    ):
        async with serving(settings) as http:
            for path in ("/search.json", "/feed.json", "/feed.atom", f"/graphql?query={IMAGES}"):
                assert f"{base}/assets/portrait.png" in (await http.get(path)).text


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), ("application/graphql-response+json", 400)])
async def test_what_costs_too_much_is_refused_with_what_it_costs(accept: str, status: int):
    settings = replace(SETTINGS, limits=replace(SETTINGS.limits, max_cost=100))
    query = {"query": "{ articles(first: 99) { nodes { key } } }"}
    async with serving(settings) as http:
        asked = [
            await http.post("/graphql", json=query, headers={"accept": accept}),
            await http.get("/graphql", params=query, headers={"accept": accept}),
        ]
    for answer in asked:
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {
            "code": "OPERATION_TOO_COSTLY",
            "cost": DOCUMENT + TOKEN * 14 + 208,
            "maxCost": 100,
        }
        assert "data" not in answer.json()
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ __schema { types { name } } }", "INTROSPECTION_DISABLED"),
        ("{ articls { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_nothing_is_told_about_the_schema_where_that_is_switched_off(query: str, code: str):
    limits = replace(SETTINGS.limits, introspection=Switch.OFF, schema_hints=Switch.OFF)
    async with serving(replace(SETTINGS, limits=limits)) as http:
        answers = [
            await http.get("/graphql", params={"query": query}),
            await http.post("/graphql", json={"query": query}),
        ]
    for answer in answers:
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == code
        assert "switched off" in error["message"] or error["message"].endswith("'articls' on type 'Query'.")


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "{a" * 5000},
        {"query": "{" + "...{" * 190 + "__typename" + "}" * 191},
        {"query": "{ articles(filter: " + "{not:" * 190 + "{}" + "}" * 190 + ") { totalCount } }"},
        {"query": "{ __typename }", "variables": {"a": [0] * 100_000}},
        {"query": "{ __typename }" + "\n" * 500_000},
    ],
    ids=["fields", "inline", "filters", "variables", "lines"],
)
async def test_hostile_requests_are_answered_or_refused(asked: dict[str, object]):
    accept = {"accept": "application/graphql-response+json"}
    async with serving(ROOMY) as http:
        answer = await http.post("/graphql", json=asked, headers=accept)
    assert answer.status_code in (200, 400)
    assert {error["extensions"]["code"] for error in answer.json().get("errors", [])} <= REFUSALS


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
async def test_json_that_nests_without_end_is_refused(opening: bytes):
    body = b'{"query": "{ __typename }", "variables": {"a": ' + opening * 100_000
    async with serving(ROOMY) as http:
        answer = await http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


async def test_a_process_with_an_index_is_alive_and_ready():
    async with serving() as http:
        alive, ready = await http.get("/healthz"), await http.get("/readyz")
    assert (alive.status_code, alive.json()["status"]) == (200, "ok")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "generation": 1, "articles": 2})


async def test_the_bytes_that_are_kept_are_told_by_kind_with_their_limit():
    async with serving(settings=Settings(memory_bytes=5_000_000)) as http:
        await http.post("/graphql", json={"query": "{ index { generation } }"})
        answer = await http.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    samples = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert samples["newsstand_memory_limit_bytes"] == "5000000"
    assert 0 < int(samples['newsstand_memory_bytes{shelf="documents"}']) < 50_000


async def test_a_process_without_an_index_is_alive_but_not_ready():
    """It is started before the first build has ended, and becomes ready by itself."""
    async with serving(missing=True) as http:
        alive, ready = await http.get("/healthz"), await http.get("/readyz")
        answer = await http.post("/graphql", json={"query": "{ __typename }"})
    assert alive.status_code == 200
    assert (ready.status_code, ready.json()["reason"]) == (503, "there is no index yet")
    assert answer.status_code == 503
    assert answer.json()["errors"][0] == {
        "message": "There is no index to answer from yet; try again soon",
        "extensions": {"code": "INDEX_UNAVAILABLE"},
    }


async def test_the_engine_is_closed_at_the_end():
    engine = PlainEngine()
    async with serving(engine=engine):
        assert not engine._is_closed  # noqa: SLF001 - the fake has no other way to tell
    assert engine._is_closed  # noqa: SLF001 - as above


async def test_without_a_home_page_the_root_leads_to_the_api():
    async with serving(replace(SETTINGS, home=Switch.OFF)) as http:
        response = await http.get("/")
    assert response.status_code == 307
    assert response.headers["location"] == "graphql"


async def test_addresses_are_those_that_clients_of_a_proxy_ask_for():
    async with application([plain("a")], Settings(home=Switch.OFF)) as app:

        async def behind_proxy(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "scheme": "https", PREFIX: "/news"}, receive, send)

        async with AsyncClient(transport=ASGITransport(behind_proxy), base_url="http://n.example") as http:
            feed, root = await http.get("/feed.json"), await http.get("/")
            bare, elsewhere = await http.get("/news?q=x"), await http.get("/newsroom")
    assert feed.json()["feed_url"] == "https://n.example/news/feed.json"
    assert root.headers["location"] == "/news/graphql"
    assert (bare.status_code, bare.headers["location"]) == (307, "/news/?q=x")
    assert elsewhere.status_code == 404


async def test_a_slash_too_much_is_not_redirected():
    """A redirect would make a client post its query twice, or lose it."""
    async with serving() as http:
        response = await http.post("/graphql/", json={"query": "{ __typename }"})
    assert response.status_code == 404


async def test_other_sites_may_ask():
    async with serving() as http:
        preflight = await http.options(
            "/graphql",
            headers={
                "origin": "https://site.example",
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            },
        )
        answer = await http.get("/graphql?query={__typename}", headers={"origin": "https://site.example"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "X-Request-ID"


async def test_only_the_sites_that_are_set_may_ask():
    settings = replace(SETTINGS, cors_origins=("https://site.example",))
    async with serving(settings) as http:
        ours = await http.get("/graphql?query={__typename}", headers={"origin": "https://site.example"})
        other = await http.get("/graphql?query={__typename}", headers={"origin": "https://other.example"})
    assert ours.headers["access-control-allow-origin"] == "https://site.example"
    assert "access-control-allow-origin" not in other.headers


async def test_long_answers_are_compressed_and_short_ones_are_not():
    async with serving() as http:
        long = await http.get("/graphql?query={__schema{types{name description}}}")
        short = await http.get("/graphql?query={__typename}")
    assert long.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in short.headers


async def test_the_page_and_its_files_are_served_together_or_not_at_all():
    browser = {"accept": "text/html,*/*;q=0.8"}
    script = "/static/graphiql/5.4.0-2/graphiql.js"
    async with serving() as http:
        assert "Newsstand" in (await http.get("/graphql", headers=browser)).text
        assert (await http.get("/graphql", headers=browser)).headers.get_list("vary") == [
            "Accept, Accept-Encoding, Origin"
        ]
        assert (await http.get(script)).status_code == 200
    async with serving(replace(SETTINGS, graphiql=Switch.OFF)) as http:
        assert (await http.get("/graphql", headers=browser)).status_code == 400
        assert (await http.get(script)).status_code == 404


async def test_what_clients_ask_is_not_in_the_log_but_the_name_of_the_operation_is():
    query = 'query Findings($x: String) { articles(search: $x, topic: "hidden") { nodes { nonsense } } }'
    with capture_logs() as lines:
        async with serving() as http:
            await http.post("/graphql", json={"query": query, "variables": {"x": "sesame"}})
            await http.post(
                "/graphql", json={"query": query.replace("nonsense", "title"), "variables": {"x": "sesame"}}
            )
    refused, answered = (line for line in lines if line["event"] == "request")
    assert refused["error_codes"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert (answered["operation"], answered["error_codes"]) == ("Findings", [])
    assert not any(secret in str(lines) for secret in ("sesame", "hidden", "nonsense"))


def test_a_worker_process_loads_nothing_of_the_command_line():
    code = "import sys, gateway.app; assert not {'rich.progress', 'typer', 'gateway.cli'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - code of ours


async def test_processes_with_one_cursor_key_answer_the_same_bytes_under_the_same_tag_and_others_do_not():
    query = {"query": "{ articles(first: 1) { pageInfo { endCursor } } }"}
    engine = PlainEngine([plain("a"), plain("b")])

    async def open_engine() -> SearchEngine:
        return engine

    answers = []
    async with AsyncExitStack() as serving_all:
        for key in (b"x" * 32, b"x" * 32, b"y" * 32):
            app = create_app(SETTINGS, open_engine=open_engine, cursor_key=lambda key=key: key)
            await serving_all.enter_async_context(app.router.lifespan_context(app))
            async with AsyncClient(transport=ASGITransport(app), base_url="http://n.example") as http:
                answers.append(await http.get("/graphql", params=query))
    assert [answer.status_code for answer in answers] == [200] * 3
    one, same, other = ((answer.content, answer.headers["etag"]) for answer in answers)
    assert one == same
    assert (one[0] == other[0], one[1] == other[1]) == (False, False)


def test_a_search_in_a_thread_lets_the_event_loop_go_on_soon():
    """In a process of its own, since it is the whole process that is set so."""
    program = "import sys, gateway.app; gateway.app.from_environment(); print(sys.getswitchinterval())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert float(told.stdout.split()[-1]) == pytest.approx(0.001)
