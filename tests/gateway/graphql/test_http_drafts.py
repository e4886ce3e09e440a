"""Statuses and media types, under each draft of GraphQL over HTTP."""

import pytest
from httpx2 import Response

from gateway.config.settings import Draft, Settings
from tests.gateway.http_client import serving
from tests.samples import plain

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
OLD, NEW = Draft.YEAR_2024, Draft.YEAR_2026
BOTH = f"{RESPONSE}, {JSON};q=0.9"
UNKNOWN_HASH = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}


async def told(draft: Draft, accept: str | None, content: object, *, method: str = "POST") -> tuple[int, str]:
    """The status and media type of the answer to a body, or to a query in an address."""
    async with serving([plain("a")], Settings(http_draft=draft, max_batch=2, max_body_bytes=2048)) as http:
        if accept is None:
            del http.headers["accept"]
        headers = {} if accept is None else {"accept": accept}
        if method == "GET":
            answer: Response = await http.get("/graphql", params={"query": str(content)}, headers=headers)
        elif isinstance(content, bytes):
            headers["content-type"] = JSON
            answer = await http.post("/graphql", content=content, headers=headers)
        else:
            answer = await http.post("/graphql", json=content, headers=headers)
    return answer.status_code, answer.headers["content-type"].removesuffix("; charset=utf-8")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("accept", "old", "new"),
    [
        (None, JSON, RESPONSE),
        ("*/*", JSON, RESPONSE),
        ("application/*", JSON, RESPONSE),
        (JSON, JSON, JSON),
        (RESPONSE, RESPONSE, RESPONSE),
        (BOTH, RESPONSE, RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.9", JSON, JSON),
    ],
)
async def test_who_does_not_care_gets_what_the_draft_likes_best(method: str, accept: str | None, old: str, new: str):
    asked: object = "{ __typename }" if method == "GET" else {"query": "{ __typename }"}
    assert await told(OLD, accept, asked, method=method) == (200, old)
    assert await told(NEW, accept, asked, method=method) == (200, new)


@pytest.mark.parametrize(
    ("content", "old_json", "old", "new"),
    [
        (b"{", 400, 400, 400),
        ({"qeury": "{ __typename }"}, 400, 400, 422),
        ({"query": "{ __typename }", "variables": [7]}, 400, 400, 422),
        ({"query": "{"}, 200, 400, 400),
        ({"query": "{ nonsense }"}, 200, 400, 422),
        ({"query": "query A { __typename } query B { __typename }"}, 200, 400, 422),
        ({"query": "query ($x: ID!) { node(id: $x) { id } }", "variables": {"x": None}}, 200, 400, 422),
        ({"query": "mutation { __typename }"}, 200, 400, 422),
        ({"query": "{a" * 13 + "}" * 13}, 200, 400, 422),
        (UNKNOWN_HASH, 200, 200, 422),
        ({"documentId": "unknown"}, 400, 400, 400),
        (b" " * 4096, 413, 413, 413),
    ],
    ids=[
        "no JSON",
        "no request",
        "no variables",
        "no document",
        "not valid",
        "no operation",
        "not coerced",
        "mutation",
        "too deep",
        "unknown hash",
        "unknown id",
        "too large",
    ],
)
async def test_what_is_refused_has_the_status_and_media_type_of_the_draft(
    content: object, old_json: int, old: int, new: int
):
    assert await told(OLD, JSON, content) == (old_json, JSON)
    assert await told(OLD, RESPONSE, content) == (old, RESPONSE)
    assert await told(NEW, JSON, content) == (new, RESPONSE)
    assert await told(NEW, RESPONSE, content) == (new, RESPONSE)


@pytest.mark.parametrize("query", ["{ __typename article { title } }", '{ articles(after: "?") { totalCount } }'])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_answer_with_errors_is_a_partial_success(method: str, query: str):
    """In the second no data is left."""
    asked: object = query if method == "GET" else {"query": query}
    assert [await told(OLD, accept, asked, method=method) for accept in (JSON, RESPONSE)] == [
        (200, JSON),
        (200, RESPONSE),
    ]
    assert [await told(NEW, accept, asked, method=method) for accept in (JSON, RESPONSE)] == [
        (200, JSON),
        (294, RESPONSE),
    ]


@pytest.mark.parametrize("draft", Draft)
async def test_a_batch_succeeds_whatever_is_in_it(draft: Draft):
    batch = [{"query": "{"}, {"query": "{ article { title } }"}]
    assert await told(draft, RESPONSE, batch) == (200, RESPONSE)


@pytest.mark.parametrize("draft", Draft)
async def test_a_client_that_takes_neither_is_refused(draft: Draft):
    assert await told(draft, "image/png", {"query": "{ __typename }"}) == (406, JSON)
