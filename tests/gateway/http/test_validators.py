from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from httpx2 import AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from gateway.config.settings import Settings
from gateway.http.validators import Freshness
from tests.gateway.http_client import application, serving, status_of
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

FEEDS = ("/feed.atom", "/feed.json")
ARTICLES = [replace(plain(f"{number}"), published_date_time=NOW - number * DAY) for number in range(5)]
VERSION = Freshness(tag="abc", modified=NOW + timedelta(milliseconds=500))


def test_a_version_is_named_by_a_weak_tag_and_a_date_in_whole_seconds():
    assert VERSION.headers == {
        "ETag": 'W/"abc"',
        "Last-Modified": "Sat, 01 Jun 2024 12:00:00 GMT",
        "Cache-Control": "no-cache",
    }


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({}, False),
        ({"if-none-match": 'W/"abc"'}, True),
        ({"if-none-match": '"abc"'}, True),
        ({"if-none-match": '"x",W/"abc" , "y"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"abcd"'}, False),
        ({"if-none-match": "abc"}, False),
        ({"if-none-match": ""}, False),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 GMT"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 13:00:00 +0100"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 -0000"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 11:59:59 GMT"}, False),
        ({"if-modified-since": "lately"}, False),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 GMT", "if-none-match": '"x"'}, False),
    ],
)
def test_a_tag_decides_and_without_one_the_date(asked: dict[str, str], known: bool):  # noqa: FBT001 - what is expected
    assert VERSION.is_known(Headers(asked)) is known


def test_a_client_that_repeats_what_it_was_given_has_this_version():
    given = VERSION.headers
    assert VERSION.is_known(Headers({"if-none-match": given["ETag"]}))
    assert VERSION.is_known(Headers({"if-modified-since": given["Last-Modified"]}))


@given(st.text(alphabet=st.characters(max_codepoint=255, exclude_categories=["Nd"], exclude_characters='"*')))
def test_what_cannot_be_read_is_no_condition(text: str):
    header = text.encode("latin-1")
    assert not any(VERSION.is_known(Headers(raw=[(name, header)])) for name in (b"if-none-match", b"if-modified-since"))


@given(st.from_regex(r"\w{3}, \d+ \w{3} \d+ [\d:]+ [+-]?\w+", fullmatch=True))
def test_a_date_that_cannot_be_is_no_condition(date: str):
    """A date that can be read is at least not later than a version that is made after it."""
    later = Freshness(tag="abc", modified=datetime.max.replace(tzinfo=UTC))
    assert not later.is_known(Headers(raw=[(b"if-modified-since", date.encode("latin-1", "replace"))]))


async def answers(http: AsyncClient, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = await http.get(path, headers=named)
    assert bool(response.content) == (response.status_code == 200)
    assert response.headers["etag"].startswith('W/"')
    return response.status_code


@pytest.mark.parametrize("path", [f"{path}{query}" for path in FEEDS for query in ("", "?first=2")])
async def test_a_reader_that_has_the_feed_is_told_so(path: str):
    """Also where there is a next page, whose address is another one at each moment."""
    async with serving(ARTICLES) as http:
        tag = (await http.get(path)).headers["etag"]
        assert await answers(http, path, if_none_match=tag) == 304
        assert await answers(http, path, if_none_match=f'"x", {tag.removeprefix("W/")}') == 304
        assert await answers(http, path, if_none_match="*") == 304
        assert await answers(http, path, if_none_match='"x"') == 200
    async with serving(ARTICLES[1:]) as http:
        assert await answers(http, path, if_none_match=tag) == 200


@pytest.mark.parametrize("path", FEEDS)
async def test_a_reader_may_ask_by_date(path: str):
    async with serving(ARTICLES) as http:
        modified = (await http.get(path)).headers["last-modified"]
        assert await answers(http, path, if_modified_since=modified) == 304
        assert await answers(http, path, if_modified_since="Mon, 01 Jan 1990 00:00:00 GMT") == 200
        assert await answers(http, path, if_modified_since=modified, if_none_match='"x"') == 200
        assert await answers(http, path, if_modified_since="soon") == 200


@pytest.mark.parametrize("path", FEEDS)
async def test_by_date_a_feed_changes_with_each_build(path: str):
    """An article that was corrected or deleted makes no newer one."""
    async with serving(ARTICLES) as http:
        status = (await http.post("/graphql", json={"query": "{ index { builtAt } }"})).json()["data"]["index"]
        modified = parsedate_to_datetime((await http.get(path)).headers["last-modified"])
    assert modified == datetime.fromisoformat(status["builtAt"]).replace(microsecond=0)


@given(st.binary(max_size=40).map(lambda octets: octets.translate(None, b"\r\n\x00")))
@settings(max_examples=15)
async def test_no_condition_makes_a_feed_fail(condition: bytes):
    async with application([plain("a")], Settings(public_url="https://api.example")) as app:
        for name in (b"if-none-match", b"if-modified-since"):
            assert await status_of(app, "/feed.atom", b"", [(name, condition)]) in {200, 304}
