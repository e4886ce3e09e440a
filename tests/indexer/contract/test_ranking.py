"""Engine contract: in which order articles are listed."""

import pytest

from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from tests.asking import ALL, ask, found
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, plain


async def test_newest_and_oldest_tell_microseconds_apart(open_with: OpenWith) -> None:
    newer = replace(plain("a"), published_date_time=NOW - DAY + MOMENT)
    before_1970 = replace(plain("b"), published_date_time=NOW - 30_000 * DAY)
    engine = await open_with(before_1970, plain("c"), newer)
    assert await found(engine, ranking=Ranking.NEWEST) == ["a", "c", "b"]
    assert await found(engine, ranking=Ranking.OLDEST) == ["b", "c", "a"]


@pytest.mark.parametrize("ranking", Ranking)
async def test_the_key_breaks_ties_by_code_point(open_with: OpenWith, ranking: Ranking) -> None:
    engine = await open_with(*map(plain, ("b", "a/c", "é", "a", "B", "a-c", "🗞")))
    assert await found(engine, "harvest", ranking=ranking) == ["B", "a", "a-c", "a/c", "b", "é", "🗞"]


async def test_quality_ranks_the_newer_of_two_equals_first_and_those_without_last(open_with: OpenWith) -> None:
    engine = await open_with(
        replace(plain("none"), quality=None, published_date_time=NOW),
        replace(plain("negative"), quality=-5),
        replace(plain("zero"), quality=0),
        replace(plain("good, older"), quality=90, published_date_time=NOW - 2 * DAY),
        replace(plain("good"), quality=90),
    )
    assert await found(engine, ranking=Ranking.QUALITY) == ["good", "good, older", "zero", "negative", "none"]


async def test_heat_ranks_the_newer_of_two_equals_first_and_those_without_last(open_with: OpenWith) -> None:
    engine = await open_with(
        replace(plain("none, older"), published_date_time=NOW - 2 * DAY),
        replace(plain("none"), quality=100),
        replace(plain("cold"), heat=0),
        replace(plain("hot, older"), heat=2**31 - 2, published_date_time=NOW - 2 * DAY),
        replace(plain("hot"), heat=2**31 - 2),
        replace(plain("hotter"), heat=2**31 - 1, published_date_time=NOW - 3 * DAY),
    )
    ranked = ["hotter", "hot", "hot, older", "cold", "none", "none, older"]
    assert await found(engine, ranking=Ranking.HEAT) == ranked


async def test_trending_is_heat_halved_every_24_hours(open_with: OpenWith) -> None:
    engine = await open_with(
        replace(plain("none"), published_date_time=NOW),
        replace(plain("cold"), heat=0, published_date_time=NOW),
        replace(plain("101 now"), heat=101, published_date_time=NOW),
        replace(plain("200 yesterday"), heat=200, published_date_time=NOW - DAY),
        replace(plain("412 the day before"), heat=412, published_date_time=NOW - 2 * DAY),
    )
    ranked = ["412 the day before", "101 now", "200 yesterday", "cold", "none"]
    assert await found(engine, ranking=Ranking.TRENDING) == ranked


async def test_what_trends_depends_on_nothing_but_heat_and_age(open_with: OpenWith) -> None:
    # Every heat halves at the same pace: time passing changes the values, never the order.
    engine = await open_with(*(replace(plain(f"{heat}"), heat=heat) for heat in (3, 5, 107)))
    for clock in (NOW, NOW + DAY, NOW + 900 * DAY):
        result = await ask(engine, SearchRequest(now=clock, ranking=Ranking.TRENDING))
        assert [hit.article.heat for hit in result.hits] == [107, 5, 3]


@pytest.mark.parametrize("text", ["", "   ", "-nowhere", "\u200b"])
async def test_relevance_without_words_to_look_for_is_newest(open_with: OpenWith, text: str) -> None:
    engine = await open_with(plain("b"), replace(plain("a"), published_date_time=NOW - 2 * DAY), plain("c"))
    request = SearchRequest(now=NOW, text=text, ranking=Ranking.NEWEST)
    newest = await ask(engine, request)
    relevant = await ask(engine, replace(request, ranking=Ranking.RELEVANCE))
    assert [hit.position for hit in relevant.hits] == [hit.position for hit in newest.hits]
    assert [hit.score for hit in relevant.hits] == [None, None, None]


async def test_relevance_ranks_by_score(open_with: OpenWith) -> None:
    engine = await open_with(
        replace(plain("excerpt"), excerpt="One robot and many people."),
        replace(plain("title"), title="Robot begins", excerpt="Another robot and a robot."),
        plain("neither"),
    )
    result = await ask(engine, SearchRequest(now=NOW, text="robot", ranking=Ranking.RELEVANCE))
    assert [hit.article.key for hit in result.hits] == ["title", "excerpt"]
    scores = [hit.score for hit in result.hits if hit.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


@pytest.mark.parametrize("ranking", Ranking)
async def test_every_ranking_tells_the_score_of_a_text(open_with: OpenWith, ranking: Ranking) -> None:
    engine = await open_with(plain("a"))
    [hit] = (await ask(engine, SearchRequest(now=NOW, text="harvest", ranking=ranking, scores=True))).hits
    assert hit.score is not None
    assert hit.score > 0


@pytest.mark.parametrize("ranking", Ranking)
async def test_positions_sort_as_their_hits_do(open_with: OpenWith, ranking: Ranking) -> None:
    articles = (replace(plain(f"{n}"), heat=n % 3, quality=n % 2 or None, excerpt="harvest " * n) for n in range(9))
    engine = await open_with(*articles)
    result = await ask(engine, SearchRequest(now=NOW, text="harvest", ranking=ranking, window=ALL))
    places = [(tuple(-value for value in hit.position.values), hit.position.key) for hit in result.hits]
    assert len(places) == 9
    assert places == sorted(places)
    assert [hit.position.key for hit in result.hits] == [hit.article.key for hit in result.hits]


async def test_later_pages_are_scored_as_the_first_was(open_with: OpenWith, place: Place) -> None:
    # Otherwise news about robots would, by making the word common, move articles past a reader's cursor.
    old = [replace(plain(f"old {n}"), title="robot " * (n + 1), excerpt="harvest " * n) for n in range(4)]
    engine = await open_with(*old)
    request = SearchRequest(now=NOW, text="robot harvest OR begins", ranking=Ranking.RELEVANCE, window=ALL)
    first = await ask(engine, request)
    write(place, (replace(plain(f"new {n}"), title="robot", excerpt="begins " * n) for n in range(9)))
    assert await engine.refresh()
    second = await ask(engine, replace(request, statistics=first.statistics))
    assert len(second.hits) == 3 + 8
    then = {hit.article.key: hit.score for hit in first.hits}
    now = {hit.article.key: hit.score for hit in second.hits if hit.article.key in then}
    assert now == pytest.approx(then, rel=1e-12)
