"""Synonyms in force: what a search finds by them, on an index opened from its URL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from indexer import engines
from indexer.query.synonyms import Synonyms
from indexer.query.understanding import Match
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from tests.asking import ALL, ask, keys
from tests.engine_place import UrlPlace, write
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

ARTICLES = (
    replace(plain("typed"), title="Quiet talk", excerpt="Somewhere in a long and winding text it says VW but once"),
    *(replace(plain(f"other/{number}"), title="VW halts", excerpt="Factory") for number in range(20)),
    replace(plain("meant"), title="Volkswagen, Volkswagen", excerpt="Volkswagen factory"),
    replace(plain("short"), title="AI laws"),
    replace(plain("long"), title="Laws for artificial intelligence"),
    replace(plain("apart"), title="Intelligence of artificial laws"),
    replace(plain("draft"), title="Volkswagen AI artificial intelligence", published=False),
    replace(plain("later"), title="Volkswagen AI artificial intelligence", published_date_time=NOW + DAY),
)
SYNONYMS = Synonyms.of([["AI", "artificial intelligence"]], {"VW": ["Volkswagen"]})


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SearchEngine]:
    url = f"whoosh://{tmp_path}/index"
    write(UrlPlace(url), ARTICLES)
    opened = await engines.open_engine(url, synonyms=SYNONYMS)
    yield opened
    await opened.close()


def request(text: str) -> SearchRequest:
    return SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, window=ALL, forgiving=True, understanding=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ai", {"short", "long"}),
        ("artificial intelligence", {"short", "long", "apart"}),
        ("artificial intelligence laws", {"short", "long", "apart"}),
        ("volkswagen", {"meant"}),
        ("vw -volkswagen -halts", {"typed"}),
    ],
)
async def test_what_means_the_same_is_found_but_nothing_hidden(
    engine: SearchEngine, text: str, expected: set[str]
) -> None:
    assert set(keys(await ask(engine, request(text)))) == expected


async def test_what_is_meant_as_typed_finds_no_synonyms(engine: SearchEngine) -> None:
    assert keys(await ask(engine, replace(request("ai"), forgiving=False))) == ["short"]


async def test_a_word_that_was_typed_counts_before_its_synonym(engine: SearchEngine) -> None:
    # The synonym is rare, short and in the title; the word is common, and typed once in a long excerpt.
    found = keys(await ask(engine, request("vw")))
    assert found.index("typed") < found.index("meant") == len(found) - 1
    assert keys(await ask(engine, request("ai"))) == ["short", "long"]  # a phrase counts no more than a word


async def test_it_is_told_which_words_are_synonyms(engine: SearchEngine) -> None:
    understanding = (await ask(engine, request("vw"))).understanding
    assert understanding
    assert [(word.terms, word.match) for word in understanding.words] == [
        (("vw",), Match.EXACT),
        (("volkswagen",), Match.SYNONYM),
    ]


async def test_synonyms_stay_in_force_with_a_new_generation(engine: SearchEngine, tmp_path: Path) -> None:
    write(UrlPlace(f"whoosh://{tmp_path}/index"), [replace(plain("new"), title="Artificial intelligence again")])
    assert await engine.refresh()
    assert set(keys(await ask(engine, request("ai")))) == {"short", "long", "new"}
