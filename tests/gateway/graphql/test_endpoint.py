from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import quote

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import HTMLResponse
from starlette.types import Message, Scope

from gateway.config.settings import DocumentsMode, Draft
from gateway.graphql.answer_tags import AnswerTags
from gateway.graphql.endpoint import GraphQLEndpoint
from gateway.graphql.http_drafts import RULES
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import RequestReader
from gateway.http.host import ServerUrl
from gateway.http.served import Served
from indexer.memory import Memory
from schema.execution.request import Answer, GraphQLRequest
from tests.gateway.fakes import Absent, Echo, no_stream, receiving

GRAPHQL_RESPONSE = "application/graphql-response+json"
LIMIT = 2048


async def graphiql() -> HTMLResponse:
    return HTMLResponse("GraphiQL")


def endpoint(
    index: Served | None = None,
    *,
    max_batch: int = 0,
    max_body_bytes: int = LIMIT,
    page: Callable[[], Awaitable[HTMLResponse]] | None = graphiql,
) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        index or Echo(),
        documents=PersistedDocuments({"abc": "{ listed }"}, mode=DocumentsMode.ALLOW, memory=Memory(LIMIT)),
        tags=AnswerTags(seconds=0, edition=""),
        server_url=ServerUrl(None),
        rules=RULES[Draft.YEAR_2024],
        reader=RequestReader(max_body_bytes=max_body_bytes, max_batch=max_batch),
        stream=no_stream,
        page=page,
        max_answer_bytes=2**20,
        memory=Memory(),
    )


def client(index: Served | None = None) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(endpoint(index)), base_url="http://newsstand.example")


def code(response: Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_a_request_is_posted_as_json():
    async with client() as http:
        response = await http.post("/", json={"query": "query A($x: Int) { a }", "variables": {"x": 1}})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json()["data"]["variables"] == {"x": 1}


async def test_a_request_may_be_in_the_address():
    variables = quote('{"x": "é"}')
    address = f"/?query={quote('query A { a }')}&operationName=A&variables={variables}"
    async with client() as http:
        response = await http.get(address)
    assert response.json()["data"] == {"query": "query A { a }", "variables": {"x": "é"}, "operationName": "A"}


@pytest.mark.parametrize("variables", [{}, {"x": "é"}, {"x": "y" * 20_000}])
async def test_a_body_is_read_the_same_each_time_however_long_it_is(variables: dict[str, str]):
    asked = {"query": "query A { a }", "variables": variables, "operationName": "A"}
    transport = ASGITransport(endpoint(max_body_bytes=2**20))
    async with AsyncClient(transport=transport, base_url="http://newsstand.example") as http:
        for _ in range(3):
            assert (await http.post("/", json=asked)).json()["data"] == asked


async def test_the_same_body_is_answered_for_the_address_that_each_client_knows():
    class Told(Echo):
        async def execute(self, request: GraphQLRequest) -> Answer:
            body = f'{{"data":{{"at":"{request.server_url}"}}}}'.encode()
            return Answer(body=body, executed=True, operation=None, error_codes=())

    async with client(Told()) as http:
        for host in ("one.example", "two.example", "one.example"):
            answer = await http.post("/", json={"query": "{ a }"}, headers={"Host": host})
            assert answer.json()["data"]["at"] == f"http://{host}"


async def test_a_body_that_is_no_request_is_refused_each_time():
    async with client() as http:
        for _ in range(3):
            assert (await http.post("/", json={"query": 1})).status_code == 400
            assert (await http.post("/", content=b"{", headers={"Content-Type": "application/json"})).status_code == 400


@pytest.mark.parametrize("length", [1, 10_000])
async def test_an_address_is_read_the_same_each_time_however_long_it_is(length: int):
    text = "a" * length
    async with client() as http:
        for _ in range(2):
            assert (await http.get(f"/?query={text}")).json()["data"]["query"] == text


async def test_an_address_that_holds_no_request_is_refused_each_time():
    async with client() as http:
        for _ in range(2):
            assert (await http.get("/?query=")).status_code == 400


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("application/json", "{ a }", 200),
        ("application/json", "syntax error", 200),
        (GRAPHQL_RESPONSE, "{ a }", 200),
        (GRAPHQL_RESPONSE, "syntax error", 400),
        (f"{GRAPHQL_RESPONSE}, application/json;q=0.9", "syntax error", 400),
    ],
)
async def test_the_form_of_the_answer_decides_on_the_status_of_a_refused_request(accept: str, query: str, status: int):
    """Old clients take any status but 200 for a failure of the server; new ones rely on 400."""
    async with client() as http:
        response = await http.post("/", json={"query": query}, headers={"accept": accept})
    assert response.status_code == status
    assert response.headers["content-type"].partition(";")[0] == accept.partition(",")[0]
    assert response.headers["vary"] == "Accept, Accept-Encoding, Origin"


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_RESPONSE])
async def test_what_is_no_graphql_request_is_a_bad_request_in_both_forms(accept: str):
    async with client() as http:
        response = await http.post("/", json=["{ a }"], headers={"accept": accept})
    assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")
    assert response.headers["content-type"].startswith(accept)


async def test_each_request_of_a_batch_has_its_place_in_the_answer():
    batch = [{"query": "{ a }"}, {"query": "syntax error"}, {"documentId": "unknown"}, {"query": "{ b }"}]
    transport = ASGITransport(endpoint(max_batch=4))
    async with AsyncClient(transport=transport, base_url="http://newsstand.example") as http:
        response = await http.post("/", json=batch, headers={"accept": GRAPHQL_RESPONSE})
        single = await http.post("/", json=batch[0])
        refusals = [await http.post("/", json=wrong) for wrong in ([], [*batch, *batch], [1], "{ a }")]
    first, invalid, unknown, last = response.json()
    assert response.status_code == 200
    assert (first["data"]["query"], last["data"]["query"]) == ("{ a }", "{ b }")
    assert invalid == {"errors": [{"message": "no"}]}
    assert unknown["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert single.json() == first
    assert {(refusal.status_code, code(refusal)) for refusal in refusals} == {(400, "BAD_USER_INPUT")}


async def test_a_client_that_takes_no_json_is_told_what_there_is():
    async with client() as http:
        response = await http.post("/", json={"query": "{ a }"}, headers={"accept": "image/png"})
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")
    assert GRAPHQL_RESPONSE in response.text


async def test_a_header_that_comes_several_times_is_one():
    repeated = [("accept", "image/png"), ("accept", GRAPHQL_RESPONSE), ("x", "1"), ("x", "2")]
    async with client() as http:
        response = await http.post("/", json={"query": "{ a }"}, headers=repeated)
    assert response.headers["content-type"].startswith(GRAPHQL_RESPONSE)


async def test_content_other_than_json_is_refused():
    """A form of another site could post text/plain without asking the browser first."""
    async with client() as http:
        response = await http.post("/", content=b'{"query": "{ a }"}', headers={"content-type": "text/plain"})
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_large_body_is_refused():
    async with client() as http:
        response = await http.post("/", json={"query": "x" * LIMIT})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")
    assert str(LIMIT) in response.text


async def test_a_large_body_without_a_length_is_not_read_to_its_end():
    """A body may come in pieces without end; what counts is what has come so far."""
    pieces = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal pieces
        while True:
            pieces += 1
            yield b" " * 1024

    async with client() as http:
        response = await http.post("/", content=without_end(), headers={"content-type": "application/json"})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")
    assert response.headers["connection"] == "close"
    assert pieces <= 4


async def test_browsers_get_graphiql():
    async with client() as http:
        response = await http.get("/", headers={"accept": "text/html,*/*;q=0.8"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "GraphiQL" in response.text


async def test_browsers_that_ask_something_get_graphiql_which_shows_it():
    async with client() as http:
        response = await http.get("/?query={a}&variables={}", headers={"accept": "text/html,*/*;q=0.8"})
    assert "GraphiQL" in response.text


@pytest.mark.parametrize("asked", ["documentId=abc", "documentId=sha256%3Aabc"])
async def test_browsers_that_name_a_document_get_its_answer(asked: str):
    async with client() as http:
        response = await http.get(f"/?{asked}", headers={"accept": "text/html,*/*;q=0.8"})
    assert response.json()["data"]["query"] == "{ listed }"


async def test_without_graphiql_browsers_are_treated_as_any_client():
    plain = endpoint(page=None)
    async with AsyncClient(transport=ASGITransport(plain), base_url="http://newsstand.example") as http:
        response = await http.get("/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")


async def test_without_an_index_the_service_is_unavailable_for_now():
    async with client(Absent()) as http:
        response = await http.post("/", json={"query": "{ a }"}, headers={"accept": GRAPHQL_RESPONSE})
    assert (response.status_code, code(response)) == (503, "INDEX_UNAVAILABLE")
    assert response.headers["retry-after"] == "1"
    assert "try again soon" in response.text
    assert "attic" not in response.text


@pytest.mark.parametrize("codes", [("INDEX_UNREACHABLE",), ("BAD_USER_INPUT", "INDEX_UNREACHABLE")])
async def test_an_answer_that_could_not_reach_the_index_is_no_answer(codes: tuple[str, ...]) -> None:
    class OutOfReach(Echo):
        async def execute(self, _request: GraphQLRequest) -> Answer:
            return Answer(body=b'{"data":{"a":null}}', executed=True, operation=None, error_codes=codes)

    async with client(OutOfReach()) as http:
        response = await http.post("/", json={"query": "{ a }"}, headers={"accept": GRAPHQL_RESPONSE})
    assert (response.status_code, code(response)) == (503, "INDEX_UNREACHABLE")
    assert response.headers["retry-after"] == "1"


async def test_nobody_is_answered_after_the_client_went_away():
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
    }
    gone = receiving({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"})
    await endpoint()(scope, gone, send)
    assert sent == []


@given(
    body=st.binary(max_size=LIMIT + 100),
    accept=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)),
    content_type=st.sampled_from(["application/json", "application/json; charset=\x7f", "", "text/plain", ";;;="]),
)
async def test_no_body_makes_the_endpoint_fail(body: bytes, accept: str, content_type: str):
    headers = {"accept": accept, "content-type": content_type}
    async with client() as http:
        response = await http.post("/", content=body, headers=headers)
    assert response.status_code in {400, 406, 413, 415}
    assert response.json()["errors"][0]["message"]


@given(st.binary(max_size=200))
async def test_no_address_makes_the_endpoint_fail(query_string: bytes):
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "headers": [], "query_string": query_string}
    await endpoint()(scope, receiving(), send)
    assert sent[0]["status"] in {200, 400}
