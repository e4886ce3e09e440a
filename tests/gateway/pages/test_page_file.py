import pytest

from gateway.pages.page_file import FAVICON, SEARCH_BOX, PageFile
from tests.gateway.http_client import serving

MOST_BYTES = 12_000  # of the search box, packed


async def test_the_search_box_is_small_and_asked_anew_at_its_plain_address():
    async with serving([]) as http:
        answer = await http.get(f"/{SEARCH_BOX}", headers={"accept-encoding": "gzip"})
        again = await http.get(f"/{SEARCH_BOX}", headers={"if-none-match": answer.headers["etag"]})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert int(answer.headers["content-length"]) < MOST_BYTES
    assert again.status_code == 304


async def test_only_the_address_of_the_present_version_may_be_kept():
    file = PageFile(SEARCH_BOX)
    async with serving([]) as http:
        present = await http.get(f"/{file.address}")
        older = await http.get(f"/{SEARCH_BOX}?v=0123456789ab")
    assert "immutable" in present.headers["cache-control"]
    assert older.headers["cache-control"] == "no-cache"
    assert present.content == older.content


async def test_pages_of_any_site_may_load_the_search_box():
    async with serving([]) as http:
        answer = await http.get(f"/{SEARCH_BOX}", headers={"origin": "https://blog.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"Origin", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_file_is_packed_for_those_who_take_that(coding: str):
    async with serving([]) as http:
        answer = await http.get(f"/{SEARCH_BOX}", headers={"accept-encoding": coding})
    assert answer.headers.get("content-encoding", "identity") == coding
    assert b"newsstand-search" in answer.content


async def test_browsers_find_an_icon_where_they_look_for_one():
    async with serving([]) as http:
        answer = await http.get(f"/{FAVICON}")
    assert answer.content.startswith(b"<svg")
    assert answer.headers["content-type"] == "image/svg+xml"


def test_a_version_is_that_of_the_content():
    assert (
        PageFile(SEARCH_BOX).version == PageFile(SEARCH_BOX, address="box.js").version != PageFile("icon.svg").version
    )
