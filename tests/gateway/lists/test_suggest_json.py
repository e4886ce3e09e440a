"""/suggest.json: suggestions without GraphQL."""

from typing import Any

import pytest
from httpx2 import AsyncClient

from gateway.config.settings import Settings
from indexer.article import Provider
from schema.limits.limits import Limits
from tests.gateway.http_client import serving, without_index
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

WEEKLY = Provider(domain="weekly.example", name="The Weekly")
ARTICLES = (
    replace(plain("robots"), title="Robots <b> learn", topics=("Robotics", "AI")),
    replace(plain("dance"), title="Robots dance", provider=WEEKLY, published_date_time=NOW - 2 * DAY),
    replace(plain("draft"), title="Robots unseen", topics=("Robotics",), published=False),
    replace(plain("later"), title="Robots to come", published_date_time=NOW + 365_000 * DAY),
)


async def ask(http: AsyncClient, **parameters: str | list[str]) -> Any:
    response = await http.get("/suggest.json", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


async def texts(**parameters: str | list[str]) -> list[str]:
    async with serving(ARTICLES) as http:
        return [each["text"] for each in (await ask(http, **parameters))["suggestions"]]


async def test_a_suggestion_has_what_a_search_box_shows():
    async with serving(ARTICLES) as http:
        answer = await ask(http, q="Robots le")
    assert answer == {
        "query": "Robots le",
        "suggestions": [
            {
                "kind": "title",
                "text": "Robots <b> learn",
                "html": "<mark>Robots</mark> &lt;b&gt; <mark>le</mark>arn",
                "ranges": [[0, 6], [11, 13]],
                "count": 1,
                "article": {
                    "key": "robots",
                    "publishedDateTime": "2024-05-31T12:00:00Z",
                    "webUrl": ARTICLES[0].web_url,
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"q": "rob"}, ["Robotics", "Robots <b> learn", "Robots dance", "robots"]),
        ({"prefix": "rob"}, ["Robotics", "Robots <b> learn", "Robots dance", "robots"]),
        ({"q": "rob", "first": "2"}, ["Robotics", "Robots <b> learn"]),
        ({"q": "rob", "first": "0"}, []),
        ({"q": "rob", "topic": "ai"}, ["Robotics", "Robots <b> learn"]),
        ({"q": "rob", "topic": ["nothing", "AI"]}, ["Robotics", "Robots <b> learn"]),
        ({"q": "rob", "provider": "Weekly.example"}, ["Robots dance"]),
        ({"q": "rob", "provider": "weekly.example", "topic": "ai"}, []),
        ({"q": "rob", "topic": " ", "first": ""}, ["Robotics", "Robots <b> learn", "Robots dance", "robots"]),
        ({"q": "robots"}, ["Robots <b> learn", "Robots dance", "robots"]),
        ({"q": "dan "}, []),
        ({"q": "dance "}, ["Robots dance"]),
        ({"q": ""}, []),
        ({}, []),
        ({"q": "#"}, []),
    ],
)
async def test_the_beginning_of_a_word_is_completed(parameters: dict[str, str | list[str]], expected: list[str]):
    assert await texts(**parameters) == expected


async def test_it_suggests_what_graphql_does():
    async with serving(ARTICLES) as http:
        query = '{ suggest(prefix: "ro", first: 20) { text count } }'
        there = (await http.post("/graphql", json={"query": query})).json()["data"]["suggest"]
        here = (await ask(http, q="ro", first="20"))["suggestions"]
    assert [(each["text"], each["count"]) for each in here] == [(each["text"], each["count"]) for each in there]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("q=rob&first=21", "first: 21 is out of range; ask for 0 to 20 suggestions"),
        ("q=rob&first=-1", "first: -1 is out of range; ask for 0 to 20 suggestions"),
        ("q=rob&first=many", "first: 'many' is no whole number; ask for 0 to 20 suggestions"),
        ("q=rob&q=ot", "q: it is given more than once; only topic and provider may be"),
        ("q=rob&prefix=ot", "prefix: it means the same as q; give one of them"),
        (
            "q=rob&ranking=newest",
            "'ranking': there is no such parameter; there are q, prefix, topic, provider and first",
        ),
        ("q=rob&frist=1", "'frist': there is no such parameter; did you mean first?"),
        ("q=%ff", "address: it must be percent-encoded UTF-8, with at most 100 parameters"),
        (f"q={'x' * 501}", "q: 501 characters, and at most 500 are allowed; send the last words only"),
        (f"prefix={'x' * 501}", "prefix: 501 characters, and at most 500 are allowed; send the last words only"),
    ],
)
async def test_a_parameter_without_sense_is_named_with_a_remedy(address: str, message: str):
    async with serving(ARTICLES) as http:
        response = await http.get(f"/suggest.json?{address}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == message


async def test_a_tag_is_answered_without_suggestions():
    async with serving(ARTICLES) as http:
        first = await http.get("/suggest.json?q=rob")
        tag = {"if-none-match": first.headers["etag"]}
        again = await http.get("/suggest.json?q=rob", headers=tag)
        others = [
            await http.get(f"/suggest.json?{other}", headers=tag) for other in ("q=rob%20", "q=rob&topic=ai", "q=ro")
        ]
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert [other.status_code for other in others] == [200, 200, 200]


async def test_it_is_served_as_searches_are():
    async with serving(ARTICLES) as http:
        response = await http.get("/suggest.json?q=rob", headers={"origin": "https://site.example"})
        posted, head = await http.post("/suggest.json"), await http.head("/suggest.json?q=rob")
        search = await http.get("/search.json?q=rob", headers={"origin": "https://site.example"})
    named = ("access-control-allow-origin", "cache-control", "content-type", "vary", "x-content-type-options")
    assert {name: response.headers.get(name) for name in named} == {name: search.headers.get(name) for name in named}
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", response.headers["etag"])


async def test_what_costs_more_than_is_allowed_is_refused():
    async with serving(ARTICLES, Settings(limits=Limits(max_cost=500))) as http:
        plain_one, narrowed = await http.get("/suggest.json?q=rob"), await http.get("/suggest.json?q=rob&topic=ai")
    assert (plain_one.status_code, narrowed.status_code) == (200, 400)
    assert "at most 500 is allowed" in narrowed.json()["errors"][0]["message"]


async def test_without_an_index_suggestions_are_unavailable_for_now():
    async with without_index() as http:
        response = await http.get("/suggest.json?q=apples")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["errors"][0]["extensions"]["code"] == "INDEX_UNAVAILABLE"
