"""Engine contract: drafts and articles of the future are invisible everywhere, until their time comes."""

from datetime import UTC, datetime

import pytest

from indexer.article import Article
from indexer.search.facets import FacetRequest
from indexer.search.filters import AllOf, Not, TermField
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from tests.asking import ask, keys
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, full

VISIBLE = full("visible")
DRAFT = replace(full("draft"), published=False)
TOMORROWS = replace(full("tomorrows"), published_date_time=NOW + DAY)
HIDDEN = (DRAFT, TOMORROWS)


@pytest.mark.parametrize("ranking", Ranking)
@pytest.mark.parametrize("text", ["", "café", "-nothing"])
async def test_no_hit_and_no_total_tells_of_what_is_invisible(open_with: OpenWith, ranking: Ranking, text: str) -> None:
    engine = await open_with(VISIBLE, *HIDDEN)
    result = await ask(engine, SearchRequest(now=NOW, text=text, ranking=ranking, total=True))
    assert (keys(result), result.total) == (["visible"], 1)
    assert (result.has_previous, result.has_next) == (False, False)


async def test_not_even_a_negated_filter_finds_what_is_invisible(open_with: OpenWith) -> None:
    engine = await open_with(VISIBLE, *HIDDEN)
    assert keys(await ask(engine, SearchRequest(now=NOW, filter=Not(Not(AllOf()))))) == ["visible"]


@pytest.mark.parametrize("field", TermField)
async def test_facets_do_not_count_what_is_invisible(open_with: OpenWith, field: TermField) -> None:
    engine = await open_with(VISIBLE, *HIDDEN)
    [facet] = (await ask(engine, SearchRequest(now=NOW, facets=(FacetRequest(field=field),)))).facets
    assert {value.count for value in facet.values} == {1}


async def test_a_value_of_invisible_articles_only_is_in_no_facet(open_with: OpenWith) -> None:
    engine = await open_with(VISIBLE, *(replace(article, topics=("Secret",)) for article in HIDDEN))
    [facet] = (await ask(engine, SearchRequest(now=NOW, facets=(FacetRequest(field=TermField.TOPIC),)))).facets
    assert facet.total == len(VISIBLE.topics)
    assert "secret" not in {value.value for value in facet.values}


async def test_fetching_finds_nothing_that_is_invisible(open_with: OpenWith) -> None:
    engine = await open_with(VISIBLE, *HIDDEN)
    addresses = [url for a in HIDDEN for url in (a.web_url, a.amp_web_url, a.cdn_amp_web_url) if url]
    assert await engine.fetch(["draft", "visible", "tomorrows"], now=NOW) == [None, VISIBLE, None]
    assert await engine.fetch_by_url(addresses, now=NOW) == [None] * 6


@pytest.mark.parametrize("hidden", HIDDEN)
async def test_an_invisible_article_does_not_stand_before_a_visible_one_with_the_same_url(
    open_with: OpenWith, hidden: Article
) -> None:
    shared = "https://cdn.example/shared"
    engine = await open_with(replace(hidden, key="a", web_url=shared), replace(VISIBLE, amp_web_url=shared))
    [article] = await engine.fetch_by_url([shared], now=NOW)
    assert article is not None
    assert article.key == "visible"


async def test_the_status_counts_visible_articles(open_with: OpenWith) -> None:
    engine = await open_with(VISIBLE, *HIDDEN)
    assert (await engine.status(now=NOW)).article_count == 1
    assert (await engine.status(now=NOW + DAY)).article_count == 2


async def test_the_status_tells_when_an_article_appeared_and_when_the_next_one_will(open_with: OpenWith) -> None:
    """A draft never appears, so that nobody learns of its time."""
    draft = replace(DRAFT, published_date_time=NOW + DAY / 2)
    engine = await open_with(VISIBLE, draft, TOMORROWS, replace(TOMORROWS, key="b", published_date_time=NOW + 3 * DAY))
    changes = [
        (status.last_change, status.next_change)
        for days in (0, 1, 2, 3)
        for status in [await engine.status(now=NOW + days * DAY)]
    ]
    first, second, third = VISIBLE.published_date_time, NOW + DAY, NOW + 3 * DAY
    assert changes == [(first, second), (second, third), (second, third), (third, None)]


async def test_the_last_moment_there_is_can_be_told(open_with: OpenWith) -> None:
    engine = await open_with(replace(VISIBLE, published_date_time=datetime.max.replace(tzinfo=UTC)))
    following = (await engine.status(now=NOW)).next_change
    assert following is not None
    assert following.year == 9999


async def test_an_article_becomes_visible_by_time_alone_and_to_the_microsecond(open_with: OpenWith) -> None:
    engine = await open_with(TOMORROWS)
    for now, expected in ((NOW + DAY - MOMENT, []), (NOW + DAY, ["tomorrows"])):
        for ranking in Ranking:
            request = SearchRequest(now=now, text="café", ranking=ranking, total=True)
            result = await ask(engine, request)
            assert (keys(result), result.total) == (expected, len(expected))
        assert await engine.fetch(["tomorrows"], now=now) == [TOMORROWS if expected else None]
        assert await engine.fetch_by_url([TOMORROWS.web_url], now=now) == [TOMORROWS if expected else None]


async def test_time_does_not_publish_a_draft(open_with: OpenWith) -> None:
    engine = await open_with(DRAFT)
    assert keys(await ask(engine, SearchRequest(now=NOW + 1000 * DAY))) == []
