"""Documents are named as Apollo's clients, Relay and others do it, by POST and by GET."""

from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from httpx2 import AsyncClient, Response

from gateway.config.settings import DocumentsMode, Settings
from tests.gateway.http_client import serving
from tests.samples import plain

QUERY = "query Title($key: String!) { article(key: $key) { title } }"
VARIABLES = {"key": "a"}
TITLE = {"data": {"article": {"title": "Harvest begins"}}}


def digest(query: str) -> str:
    return sha256(query.encode()).hexdigest()


def hashed(text: str = QUERY, /, **more: object) -> dict[str, object]:
    """The parameters that Apollo's clients send: the hash, and `more`."""
    persisted = {"version": 1, "sha256Hash": digest(text)}
    return {"variables": VARIABLES, "extensions": {"persistedQuery": persisted}, **more}


async def ask(http: AsyncClient, method: str, parameters: dict[str, object], **headers: str) -> Response:
    if method == "POST":
        return await http.post("/graphql", json=parameters, headers=headers)
    texts = {name: written(value) for name, value in parameters.items()}
    return await http.get("/graphql", params=texts, headers=headers)


def written(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def code(response: Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


def listed(folder: Path, mode: DocumentsMode, **documents: str) -> Settings:
    path = folder / "documents.json"
    path.write_bytes(orjson.dumps(documents))
    return Settings(documents=path, documents_mode=mode)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("accept", ["*/*", "application/graphql-response+json, application/json;q=0.9"])
async def test_a_document_that_was_sent_once_is_known_by_its_hash(method: str, accept: str):
    async with serving([plain("a")]) as http:
        unknown = await ask(http, method, hashed(), accept=accept)
        sent = await ask(http, method, hashed(query=QUERY), accept=accept)
        known = await ask(http, method, hashed(), accept=accept)
    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert unknown.headers["cache-control"] == "private, no-cache, must-revalidate"
    assert (sent.json(), known.json()) == (TITLE, TITLE)


async def test_a_hash_of_something_else_is_refused_and_not_remembered():
    async with serving([plain("a")]) as http:
        wrong = await ask(http, "POST", hashed("{ other }", query=QUERY))
        assert (wrong.status_code, code(wrong)) == (400, "PERSISTED_QUERY_MISMATCH")
        assert code(await ask(http, "POST", hashed("{ other }"))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_document_that_is_refused_is_not_remembered():
    """Or else anyone could push out what others use."""
    async with serving([plain("a")]) as http:
        await ask(http, "POST", hashed("{ nonsense }", query="{ nonsense }"))
        assert code(await ask(http, "POST", hashed("{ nonsense }"))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_without_memory_for_them_clients_are_told_to_stop_trying():
    async with serving([plain("a")], Settings(memory_bytes=0)) as http:
        answer = await ask(http, "POST", hashed())
        assert (await ask(http, "POST", hashed(query=QUERY))).json() == TITLE
    assert (answer.status_code, code(answer)) == (200, "PERSISTED_QUERY_NOT_SUPPORTED")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("mode", DocumentsMode)
async def test_listed_documents_are_found_by_their_ids(tmp_path: Path, method: str, mode: DocumentsMode):
    settings = listed(tmp_path, mode, **{f"sha256:{digest(QUERY)}": QUERY, "short": QUERY})
    async with serving([plain("a")], settings) as http:
        for id_ in (f"sha256:{digest(QUERY)}", digest(QUERY), "short"):
            assert (await ask(http, method, {"documentId": id_, "variables": VARIABLES})).json() == TITLE
        assert (await ask(http, method, hashed())).json() == TITLE
        unknown = await ask(http, method, {"documentId": "sha256:unknown"})
    assert (unknown.status_code, code(unknown)) == (400, "PERSISTED_QUERY_NOT_FOUND")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_only_listed_documents_are_allowed_others_are_refused(tmp_path: Path, method: str):
    async with serving([plain("a")], listed(tmp_path, DocumentsMode.ONLY, titles=QUERY)) as http:
        other = await ask(http, method, {"query": "{ __typename }"})
        registering = await ask(http, method, hashed("{ __typename }", query="{ __typename }"))
        by_hash = await ask(http, method, hashed("{ __typename }"))
        in_full = await ask(http, method, {"query": QUERY, "variables": VARIABLES})
    assert (other.status_code, code(other)) == (403, "PERSISTED_QUERY_ONLY")
    assert (registering.status_code, code(registering)) == (403, "PERSISTED_QUERY_ONLY")
    assert code(by_hash) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert in_full.json() == TITLE
