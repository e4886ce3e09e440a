"""Searches while a person is typing: no article vanishes from letter to letter, and nothing is guessed too early."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.engines import open_engine, open_writer
from indexer.query.parser import parse
from indexer.query.understanding import Understanding
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult
from indexer.text.analysis import terms
from indexer.text.typed_prefix import searched_text
from tests.plain_text import plain_match
from tests.samples import NOW
from tests.titled import titled

WHO = (
    "Women\u2019s 100m",
    "J.K.Rowling",
    "The U.S. Army",
    "O'Brien",
    "x.com",
    "“Äther” café",
    "AT&T",
    "İstanbul",
    "Bob\u2019s",
)
DOES = (
    "beats",
    "- and loses to",
    "vs.",
    "buys 1,250,000 of",
    "paid 12,50,000 for",
    "OR",
    "1990\u2019s",
    "on 9/11 at 12:30",
)
WHAT = ("Wi-Fi 6E", "C++ and .NET", "GPT-4o", "3½ %", "東京タワー、大阪", "กำลังใจ", "Straße", "5️⃣ 👩‍💻", "العـربية")
TITLES = [f"{who} {does} {what}" for who in WHO for does in DOES for what in WHAT][::2][:300]
ARTICLES = [titled(f"t{number}", title) for number, title in enumerate(TITLES)]
OTHERS = [
    titled("clearview", "Clearview AI is fined"),
    titled("clear", "Clear skies over the sea"),
    *(titled(f"us{number}", "It is for us and a few") for number in range(5)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    with open_writer(str(folder)) as writer:
        writer.add([*ARTICLES, *OTHERS])
        writer.commit(b"")
    return folder


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[SearchEngine]:
    opened = await open_engine(str(folder))
    yield opened
    await opened.close()


async def typed(engine: SearchEngine, text: str) -> SearchResult:
    request = SearchRequest(
        now=NOW,
        text=searched_text(text, typing=True),
        typing=True,
        forgiving=True,
        understanding=True,
        ranking=Ranking.RELEVANCE,
        window=Window(size=len(ARTICLES) + len(OTHERS)),
    )
    [result] = await engine.search([request])
    return result


def understood(result: SearchResult) -> Understanding:
    assert result.understanding
    return result.understanding


def beginnings(article: Article) -> list[str]:
    title = article.title
    return [title[:end] for end in range(1, len(title) + 1) if terms(title[:end])]


def test_three_hundred_titles_are_typed() -> None:
    assert len(set(TITLES)) == 300


@pytest.mark.parametrize("number", range(0, 300, 30))
async def test_no_article_vanishes_while_its_title_is_typed(engine: SearchEngine, number: int) -> None:
    for article in ARTICLES[number : number + 30]:
        for text in beginnings(article):
            result = await typed(engine, text)
            assert article.key in {hit.article.key for hit in result.hits}, text
            assert plain_match(article, parse(searched_text(text, typing=True), typing=True)), text


async def test_a_word_that_goes_on_is_not_corrected(engine: SearchEngine) -> None:
    result = await typed(engine, "clearv")
    assert [hit.article.key for hit in result.hits] == ["clearview"]
    assert [(word.match.name, word.terms) for word in understood(result).words] == [("PREFIX", ("clearview",))]
    assert understood(result).did_you_mean is None


@pytest.mark.parametrize("text", ["q", "qe", "qea", "clear q", "clear ser", "clear ser "])
async def test_for_words_below_four_letters_nothing_is_offered(engine: SearchEngine, text: str) -> None:
    assert understood(await typed(engine, text)).did_you_mean is None


async def test_a_word_that_is_long_enough_and_begins_no_other_is_corrected(engine: SearchEngine) -> None:
    result = await typed(engine, "clearveiw")
    assert [hit.article.key for hit in result.hits] == ["clearview"]
    assert understood(result).did_you_mean == "clearview"
    assert understood(await typed(engine, "qlear")).did_you_mean == "clear"


async def test_a_word_and_what_begins_so_are_one_word(engine: SearchEngine) -> None:
    words = understood(await typed(engine, "clear")).words
    assert [(word.match.name, word.terms) for word in words] == [("EXACT", ("clear",))]
    assert [word.match.name for word in understood(await typed(engine, "zzzz")).words] == ["NONE"]
