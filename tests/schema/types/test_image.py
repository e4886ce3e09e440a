"""Addresses of pictures."""

import pytest

from indexer.article import Image
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client


@pytest.mark.parametrize(
    ("base", "url", "expected"),
    [
        ("https://www.example", "/assets/a.png", "https://www.example/assets/a.png"),
        ("https://www.example/", "/assets/a.png", "https://www.example/assets/a.png"),
        ("https://cdn.example/site", "/assets/a.png", "https://cdn.example/site/assets/a.png"),
        ("https://www.example", "https://i.example/a.png", "https://i.example/a.png"),
        ("https://www.example", "//i.example/a.png", "https://i.example/a.png"),
        (None, "/assets/a.png", "http://asked.example:8000/assets/a.png"),
        (None, "https://i.example/a.png", "https://i.example/a.png"),
    ],
)
async def test_addresses_are_absolute_behind_the_base_of_assets_or_else_the_server_as_asked(
    base: str | None, url: str, expected: str
):
    engine = PlainEngine([replace(plain("a"), images=(Image(url=url),))])
    client = Client(engine, asset_base_url=base, server_url="http://asked.example:8000")
    data = await client.data("{ articles { nodes { images { url } } } }")
    assert data["articles"]["nodes"] == [{"images": [{"url": expected}]}]
