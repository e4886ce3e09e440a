"""The understanding of a search, as clients ask for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine_place import UrlPlace, write
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client

QUERY = """query ($search: String) { articles(search: $search) { totalCount nodes { key }
  search { words { word match found } didYouMean relaxed leftOut } } }"""
ARTICLES = [
    *(replace(plain(f"c{number}"), title="Crude oil prices", excerpt=None) for number in range(30)),
    replace(plain("gold"), title="Gold reserves grow", excerpt=None),
    replace(plain("hidden"), title="Zeppelins reserved", excerpt=None, published=False),
]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    place = UrlPlace(f"whoosh://{tmp_path}/index")
    write(place, ARTICLES)
    engine = await place.open_engine()
    yield Client(engine)
    await engine.close()


async def answer(client: Client, search: str | None) -> dict[str, Any]:
    data: dict[str, Any] = (await client.data(QUERY, search=search))["articles"]
    return data


async def test_a_misspelt_word_is_told_with_what_it_stands_for(client: Client) -> None:
    told = await answer(client, "Gold resevres")
    assert [node["key"] for node in told["nodes"]] == ["gold"]
    assert told["totalCount"] == 1
    assert told["search"] == {
        "words": [
            {"word": "gold", "match": "EXACT", "found": ["gold"]},
            {"word": "reserves", "match": "FUZZY", "found": ["reserves"]},
        ],
        "didYouMean": "Gold reserves",
        "relaxed": False,
        "leftOut": [],
    }


async def test_words_that_were_given_up_are_told(client: Client) -> None:
    told = await answer(client, "gold oil price* growing")
    assert told["totalCount"] == len(told["nodes"]) == 1
    assert told["search"] == {
        "words": [
            {"word": "gold", "match": "EXACT", "found": ["gold"]},
            {"word": "growing", "match": "STEM", "found": ["grow"]},
            {"word": "oil", "match": "EXACT", "found": ["oil"]},
            {"word": "price", "match": "PREFIX", "found": ["prices"]},
        ],
        "didYouMean": None,
        "relaxed": True,
        "leftOut": ["oil", "price*"],
    }


@pytest.mark.parametrize("search", [None, "", " ", "-gold"])
async def test_without_words_there_is_nothing_to_tell(client: Client, search: str | None) -> None:
    assert (await answer(client, search))["search"] is None


@pytest.mark.parametrize("search", ["...", "#", "?"])
async def test_signs_alone_are_told_as_a_word_that_no_article_has(client: Client, search: str) -> None:
    told = await answer(client, search)
    assert (told["totalCount"], told["nodes"]) == (0, [])
    words = [{"word": search, "match": "NONE", "found": []}]
    assert told["search"] == {"words": words, "didYouMean": None, "relaxed": False, "leftOut": []}


async def test_a_word_that_only_a_hidden_article_has_is_in_none(client: Client) -> None:
    # That the vocabulary has the word must not show.
    told = await answer(client, "zeppelins")
    assert told["search"]["words"] == [{"word": "zeppelins", "match": "NONE", "found": []}]
    assert told["totalCount"] == 0
