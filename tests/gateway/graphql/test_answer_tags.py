"""GET answers of /graphql are kept and asked for again as caches do it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from gateway.config.settings import DocumentsMode, Draft, Settings
from gateway.graphql.answer_tags import AnswerTags, edition
from gateway.graphql.endpoint import GraphQLEndpoint
from gateway.graphql.http_drafts import RULES
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import RequestReader
from gateway.http.host import ServerUrl
from gateway.http.served import Served
from indexer.memory import Memory
from schema.execution.request import Answer, GraphQLRequest
from tests.gateway.desk import Desk
from tests.gateway.fakes import Broken, Echo, no_stream
from tests.gateway.http_client import serving
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain

LIST = "/?query={articles{totalCount nodes{key} pageInfo{endCursor}}}"
GRAPHQL_RESPONSE = "application/graphql-response+json"


def over(index: Served, *, seconds: int = 0, edition: str = "") -> AsyncClient:
    endpoint = GraphQLEndpoint(
        index,
        documents=PersistedDocuments({}, mode=DocumentsMode.ALLOW, memory=Memory()),
        tags=AnswerTags(seconds=seconds, edition=edition),
        server_url=ServerUrl(None),
        rules=RULES[Draft.YEAR_2024],
        reader=RequestReader(max_body_bytes=2048),
        stream=no_stream,
        page=None,
        max_answer_bytes=2**20,
        memory=Memory(),
    )
    return AsyncClient(transport=ASGITransport(endpoint), base_url="http://n.example")


@asynccontextmanager
async def client(desk: Desk, *, seconds: int = 0) -> AsyncIterator[AsyncClient]:
    await desk.index.refresh()
    async with over(desk.index, seconds=seconds) as http:
        yield http
    await desk.index.close()


async def again(http: AsyncClient, address: str, before: Response) -> Response:
    return await http.get(address, headers={"if-none-match": before.headers["etag"]})


async def test_who_has_an_answer_is_told_so_without_asking_the_index():
    executor = Echo()
    async with over(executor) as http:
        first = await http.get("/?query={a}")
        second = await again(http, "/?query={a}", first)
    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
    assert len(executor.executed) == 1
    assert not first.headers["etag"].startswith("W/")
    for name in ("etag", "cache-control"):
        assert second.headers[name] == first.headers[name]
    assert first.headers["cache-control"] == "no-cache"


async def test_an_answer_with_the_same_tag_is_the_same_to_the_byte():
    """The cursors in it hold a clock."""
    desk = Desk([plain("a"), full("b")])
    async with client(desk) as http:
        first = await http.get(LIST)
        desk.now += timedelta(minutes=59)
        second = await http.get(LIST)
    assert first.json()["data"]["articles"]["totalCount"] == 2
    assert (first.headers["etag"], first.content) == (second.headers["etag"], second.content)


async def test_an_answer_changes_as_soon_as_a_scheduled_article_appears():
    scheduled = replace(plain("b"), published_date_time=NOW + timedelta(minutes=10))
    desk = Desk([plain("a"), scheduled])
    async with client(desk, seconds=3600) as http:
        first = await http.get(LIST)
        desk.now += timedelta(minutes=10) - timedelta(microseconds=1)
        before = await again(http, LIST, first)
        desk.now += timedelta(microseconds=1)
        after = await again(http, LIST, first)
    assert first.headers["cache-control"] == "public, max-age=600"
    assert (before.status_code, before.headers["cache-control"]) == (304, "no-cache")
    assert (after.status_code, after.headers["cache-control"]) == (200, "public, max-age=3600")
    counts = [answer.json()["data"]["articles"]["totalCount"] for answer in (first, after)]
    assert counts == [1, 2]


async def test_an_answer_changes_with_the_generation():
    desk = Desk([plain("a")])
    async with client(desk) as http:
        first = await http.get(LIST)
        await desk.publish(plain("b"))
        second = await again(http, LIST, first)
    assert second.status_code == 200
    assert second.json()["data"]["articles"]["totalCount"] == 2


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/?query={b}", {}),
        ("/?query={a}&variables={%22x%22:1}", {}),
        ("/?query={a}&operationName=A", {}),
        ("/?query={a}", {"accept": GRAPHQL_RESPONSE}),
        ("/?query={a}", {"accept-encoding": "identity"}),
    ],
)
async def test_another_question_and_another_form_have_another_tag(address: str, headers: dict[str, str]):
    async with over(Echo()) as http:
        one, other = await http.get("/?query={a}"), await http.get(address, headers=headers)
    assert one.headers["etag"] != other.headers["etag"]


async def test_the_order_of_variables_and_the_way_a_document_is_named_do_not_matter():
    document = "extensions={%22persistedQuery%22:{%22version%22:1,%22sha256Hash%22:%22"
    async with over(Echo()) as http:
        one = await http.get("/?query={a}&variables={%22x%22:1,%22y%22:2}")
        hashed = f"{document}{sha256(b'{a}').hexdigest()}%22}}}}"
        await http.get(f"/?query={{a}}&{hashed}")
        other = await http.get(f"/?{hashed}&variables={{%22y%22:2,%22x%22:1}}")
    assert one.headers["etag"] == other.headers["etag"]


async def test_after_an_update_or_with_other_settings_answers_have_another_tag():
    assert edition("1", b"a") != edition("2", b"a") != edition("2", b"b") != edition("2", b"", b"b")
    async with over(Echo(), edition="a") as one, over(Echo(), edition="b") as other:
        assert (await one.get("/?query={a}")).headers["etag"] != (await other.get("/?query={a}")).headers["etag"]


async def test_what_failed_is_not_kept():
    async with over(Echo()) as http:
        refused = await http.get("/?query=syntax error", headers={"if-none-match": "*"})
    assert "etag" not in refused.headers
    assert refused.headers["cache-control"] == "no-store"
    desk = Desk([plain("a")])
    async with client(desk) as http:
        failed = await http.get("/?query={article{title}}")
    assert failed.json()["errors"]
    assert failed.headers["cache-control"] == "no-store"


async def test_whoever_has_anything_is_told_so_only_of_what_can_be_kept():
    async with over(Echo()) as http:
        known = await http.get("/?query={a}", headers={"if-none-match": "*"})
        listed = await http.get("/?query={a}", headers={"if-none-match": f'"x", W/{known.headers["etag"]}'})
        other = await http.get("/?query={a}", headers={"if-none-match": '"*", "x"'})
        failed = await http.get("/?query=syntax error", headers={"if-none-match": "*"})
    assert [answer.status_code for answer in (known, listed, other, failed)] == [304, 304, 200, 200]
    assert known.content == b""


async def test_variables_that_are_too_deep_for_a_tag_are_refused():
    async with over(Echo()) as http:
        answers = [await http.get(f"/?query={{a}}&variables={{%22x%22:{'[' * 500}{']' * 500}}}") for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 400
        assert "POST" in answer.json()["errors"][0]["message"]


async def test_long_addresses_have_tags_like_short_ones():
    address = "/?query={" + "a" * 9000 + "}"
    async with over(Echo()) as http:
        first = await http.get(address)
        assert (await again(http, address, first)).status_code == 304


async def test_what_is_posted_is_not_kept():
    async with over(Echo(), seconds=60) as http:
        answer = await http.post("/", json={"query": "{a}"}, headers={"if-none-match": "*"})
    assert answer.status_code == 200
    assert {"etag", "cache-control"}.isdisjoint(answer.headers)


async def test_an_answer_that_another_generation_overtook_is_not_kept():
    class Overtaken(Echo):
        async def execute(self, request: GraphQLRequest) -> Answer:
            self.generation += 1
            return await super().execute(request)

    async with over(Overtaken()) as http:
        assert "etag" not in (await http.get("/?query={a}")).headers


async def test_a_tag_is_checked_before_anything_can_break():
    async with over(Echo()) as http:
        known = await http.get("/?query={a}")
    async with over(Broken()) as http:
        assert (await again(http, "/?query={a}", known)).status_code == 304


async def test_the_whole_application_answers_so_compressed_or_not():
    address = "/graphql?query={articles{nodes{key title excerpt}}__schema{types{name}}}"
    async with serving([replace(plain("a"), published_date_time=NOW - DAY)], Settings(cache_seconds=60)) as http:
        packed = await http.get(address)
        flat = await http.get(address, headers={"accept-encoding": "identity"})
        known = await again(http, address, packed)
        other = await http.get(
            address, headers={"accept-encoding": "identity", "if-none-match": packed.headers["etag"]}
        )
    assert (packed.headers["content-encoding"], "content-encoding" in flat.headers) == ("gzip", False)
    assert packed.headers["etag"] != flat.headers["etag"]
    assert (known.status_code, other.status_code) == (304, 200)
    assert packed.headers["cache-control"] == "public, max-age=60"
    for answer in (packed, flat, known):
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
