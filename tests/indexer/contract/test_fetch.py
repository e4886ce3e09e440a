"""Engine contract: articles by key and by URL, and many questions in one call."""

import pytest

from indexer.article import Provider
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest
from tests.asking import ask, keys, newest
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, full, plain


async def test_an_article_comes_back_as_it_went_in(open_with: OpenWith) -> None:
    # Serving reads the index only: every field of every part must be in it.
    engine = await open_with(full("news/2024/a"), plain("b"))
    assert await engine.fetch(["news/2024/a", "b"], now=NOW) == [full("news/2024/a"), plain("b")]
    result = await ask(engine, SearchRequest(now=NOW))
    assert [hit.article for hit in result.hits] == [plain("b"), full("news/2024/a")]


async def test_instants_come_back_in_utc(open_with: OpenWith) -> None:
    engine = await open_with(full("a"))
    [article] = await engine.fetch(["a"], now=NOW)
    assert article is not None
    assert article.published_date_time.tzinfo is NOW.tzinfo


async def test_fetching_answers_in_the_order_asked_with_none_for_what_is_not_there(open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "abc"))
    assert await engine.fetch(["c", "nowhere", "a", "c", ""], now=NOW) == [
        plain("c"),
        None,
        plain("a"),
        plain("c"),
        None,
    ]
    assert await engine.fetch([], now=NOW) == []


async def test_keys_are_equal_only_to_the_letter(open_with: OpenWith) -> None:
    engine = await open_with(plain("news/a"))
    assert await engine.fetch(["News/a", "news/A", "a", "news/a/", "news/a "], now=NOW) == [None] * 5


@pytest.mark.parametrize(
    "url",
    [
        "https://naive.example/a",
        "http://NAIVE.example/a/#top",
        "https://naive.example/amp/a",
        "https://cdn.example/%61",
    ],
)
async def test_any_of_the_three_urls_finds_the_article_in_any_spelling(open_with: OpenWith, url: str) -> None:
    engine = await open_with(plain("b"), full("a"))
    assert await engine.fetch_by_url([url], now=NOW) == [full("a")]


async def test_urls_answer_in_the_order_asked_with_none_for_what_is_not_there(open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "ab"))
    urls = ["https://daily.example/b", "https://daily.example/c", "https://daily.example/a", "no URL", ""]
    assert await engine.fetch_by_url(urls, now=NOW) == [plain("b"), None, plain("a"), None, None]
    assert await engine.fetch_by_url([], now=NOW) == []


async def test_a_quoted_url_is_no_url_of_the_article(open_with: OpenWith) -> None:
    engine = await open_with(full("a"))
    assert await engine.fetch_by_url(["https://daily.example/quoted"], now=NOW) == [None]


async def test_of_two_articles_with_one_amp_url_the_one_with_the_lower_key_is_meant(open_with: OpenWith) -> None:
    shared = "https://cdn.example/shared"
    lower, higher = replace(plain("a"), cdn_amp_web_url=shared), replace(plain("b"), amp_web_url=shared)
    engine = await open_with(higher, lower)
    assert await engine.fetch_by_url([shared], now=NOW) == [lower]


async def test_a_web_url_goes_before_the_amp_url_of_another_article(open_with: OpenWith) -> None:
    other = replace(plain("a"), amp_web_url=plain("b").web_url)
    engine = await open_with(other, plain("b"))
    assert await engine.fetch_by_url([plain("b").web_url], now=NOW) == [plain("b")]


async def test_the_newest_article_with_a_value_is_found_in_any_spelling_and_ties_go_by_key(open_with: OpenWith) -> None:
    older = replace(plain("a"), topics=("AI",), published_date_time=NOW - 3 * DAY)
    tied = [replace(plain(key), topics=("ai", "Robots"), published_date_time=NOW - 2 * DAY) for key in "cb"]
    other = replace(plain("d"), provider=Provider(domain="weekly.example"), published_date_time=NOW)
    engine = await open_with(older, *tied, other)
    assert await newest(engine, TermField.TOPIC, "AI", now=NOW) == tied[1]
    assert await newest(engine, TermField.TOPIC, " aI", now=NOW) == tied[1]
    assert await newest(engine, TermField.PROVIDER, "Weekly.Example", now=NOW) == other
    assert await newest(engine, TermField.PROVIDER, "daily.example", now=NOW - 3 * DAY) == older
    assert await newest(engine, TermField.TOPIC, "nothing", now=NOW) is None
    assert await newest(engine, TermField.AUTHOR, "ai", now=NOW) is None


async def test_the_newest_article_is_neither_a_draft_nor_one_to_come_nor_a_deleted_one(
    open_with: OpenWith, place: Place
) -> None:
    """It changes with the moment, and with the generation, also where it was asked for before."""
    visible = replace(plain("b"), published_date_time=NOW - DAY)
    draft = replace(plain("a"), published=False, published_date_time=NOW)
    later = replace(plain("c"), published_date_time=NOW + DAY)
    engine = await open_with(visible, draft, later)
    for now, expected in ((NOW, visible), (NOW + DAY - MOMENT, visible), (NOW + DAY, later), (NOW, visible)):
        for _ in range(2):
            assert await newest(engine, TermField.PROVIDER, "daily.example", now=now) == expected
    assert await newest(engine, TermField.PROVIDER, "daily.example", now=NOW - DAY - MOMENT) is None
    write(place, [replace(plain("d"), published_date_time=NOW)], without=["c"])
    await engine.refresh()
    found = await newest(engine, TermField.PROVIDER, "daily.example", now=NOW + DAY)
    assert found is not None
    assert found.key == "d"


async def test_moments_are_equal_where_the_same_articles_are_visible(open_with: OpenWith, place: Place) -> None:
    engine = await open_with(plain("a"), replace(plain("b"), published_date_time=NOW + DAY))
    now, later, at_last = (engine.moment(NOW + offset) for offset in (0 * DAY, DAY - MOMENT, DAY))
    assert now == later != at_last
    write(place, [plain("c")])
    await engine.refresh()
    assert engine.moment(NOW) not in {now, at_last}


async def test_searches_in_one_call_are_answered_each_on_its_own_and_in_order(open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "ab"), replace(plain("c"), title="Robots"))
    asked = [SearchRequest(now=NOW, text=text, total=True) for text in ("robot", "harvest", "", "nothing")]
    results = await engine.search(asked)
    assert [keys(result) for result in results] == [["c"], ["a", "b"], ["a", "b", "c"], []]
    assert await engine.search([]) == []
