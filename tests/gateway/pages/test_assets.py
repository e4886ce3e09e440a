import pytest

from gateway.pages.assets import FAVICON, SEARCH_BOX, Asset
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
    asset = Asset(SEARCH_BOX)
    async with serving([]) as http:
        present = await http.get(f"/{asset.address}")
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
async def test_an_asset_is_packed_for_those_who_take_that(coding: str):
    async with serving([]) as http:
        answer = await http.get(f"/{FAVICON}", headers={"accept-encoding": coding})
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.content.startswith(b"<svg")
    assert answer.headers["content-type"] == "image/svg+xml"


def test_a_version_is_that_of_the_content():
    assert Asset(SEARCH_BOX).version == Asset(SEARCH_BOX, address="box.js").version != Asset("icon.svg").version
