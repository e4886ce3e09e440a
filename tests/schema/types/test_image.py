"""Addresses of pictures."""

from dataclasses import replace

import pytest

from indexer.article import Image
from tests.plain_engine import PlainEngine
from tests.samples import plain
from tests.schema.client import Client


@pytest.mark.parametrize(
    ("base", "url", "expected"),
    [
        ("https://www.example", "/assets/a.png", "https://www.example/assets/a.png"),
        ("https://www.example/", "/assets/a.png", "https://www.example/assets/a.png"),
        ("https://cdn.example/site", "/assets/a.png", "https://cdn.example/site/assets/a.png"),
        ("https://www.example", "https://i.example/a.png", "https://i.example/a.png"),
        ("https://www.example", "//i.example/a.png", "//i.example/a.png"),
        (None, "/assets/a.png", "/assets/a.png"),
    ],
)
async def test_an_address_on_the_site_is_resolved_against_its_base(base: str | None, url: str, expected: str):
    engine = PlainEngine([replace(plain("a"), images=(Image(url=url),))])
    data = await Client(engine, asset_base_url=base).data("{ articles { nodes { images { url } } } }")
    assert data["articles"]["nodes"] == [{"images": [{"url": expected}]}]
