from datetime import timedelta

import pytest

from indexer.article import Article, Provider
from indexer.search.ranking import Ranking, Tuning, Window
from indexer.search.requests import SearchRequest
from tests.asking import ask
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import NOW, plain

ALL = Window(size=100)


def request(tuning: Tuning, *, text: str = "") -> SearchRequest:
    return SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, tuning=tuning, window=ALL)


def of(key: str, domain: str = "daily.example", *, hours: float = 1, quality: int | None = None) -> Article:
    moment = NOW - timedelta(hours=hours)
    return replace(plain(key), provider=Provider(domain=domain), published_date_time=moment, quality=quality)


async def keys(open_with: OpenWith, tuning: Tuning, *articles: Article, text: str = "") -> list[str]:
    engine = await open_with(*articles)
    return [hit.article.key for hit in (await ask(engine, request(tuning, text=text))).hits]


async def test_each_part_of_a_score_is_its_weight_times_its_number(open_with: OpenWith) -> None:
    engine = await open_with(replace(of("a", hours=48, quality=50), heat=300))
    parts = {
        Tuning(recency=2.0, half_life_hours=24.0): 2.0 * 0.25,
        Tuning(quality=3.0): 3.0 * 0.5,
        Tuning(heat=4.0): 4.0 * 0.75,
        Tuning(recency=1.0, half_life_hours=48.0, quality=1.0, heat=1.0): 0.5 + 0.5 + 0.75,
    }
    for tuning, score in parts.items():
        [hit] = (await ask(engine, request(tuning))).hits
        assert hit.score == pytest.approx(score, rel=1e-6)


async def test_what_is_missing_or_beyond_its_range_counts_as_the_end_of_it(open_with: OpenWith) -> None:
    engine = await open_with(of("none"), of("much", quality=400), of("less", quality=-5))
    result = await ask(engine, request(Tuning(quality=1.0)))
    assert {hit.article.key: hit.score for hit in result.hits} == {"much": 1.0, "none": 0.0, "less": 0.0}


async def test_a_perfect_match_of_the_words_scores_at_most_about_their_weight(open_with: OpenWith) -> None:
    engine = await open_with(*(replace(of(f"{n}"), title="robot " * n) for n in range(1, 20)))
    result = await ask(engine, request(Tuning(text=5.0, recency=0.001), text="robot"))
    assert [hit.article.key for hit in result.hits][-1] == "1" or result.hits[0].score
    assert all(hit.score is not None and 0 < hit.score < 5.5 for hit in result.hits)


async def test_weights_outdo_the_words_when_they_are_heavier(open_with: OpenWith) -> None:
    old, new = replace(of("old", hours=900), title="robot robot"), replace(of("new"), title="a robot and many words")
    assert await keys(open_with, Tuning(), old, new, text="robot") == ["old", "new"]
    assert await keys(open_with, Tuning(recency=5.0), text="robot") == ["new", "old"]


async def test_providers_take_turns(open_with: OpenWith) -> None:
    articles = [of(f"a{n}", "a.example", hours=n) for n in range(1, 6)] + [of("b", "b.example", hours=90)]
    found = await keys(open_with, Tuning(recency=1.0, max_per_provider=2), *articles)
    assert found == ["a1", "a2", "b", "a3", "a4", "a5"]
    assert await keys(open_with, Tuning(max_per_provider=1)) == ["a1", "b", "a2", "a3", "a4", "a5"]


async def test_turns_count_over_several_builds_and_ties_go_by_key(open_with: OpenWith) -> None:
    await open_with(of("c"), of("d"))
    found = await keys(open_with, Tuning(quality=1.0, max_per_provider=1), of("a"), of("b", "b.example"))
    assert found == ["a", "b", "c", "d"]


async def test_a_tuned_list_is_paged_without_gaps(open_with: OpenWith) -> None:
    articles = [of(f"{n:02}", f"{n % 3}.example", hours=n % 7, quality=n % 5) for n in range(40)]
    engine = await open_with(*articles)
    for tuning in (Tuning(recency=1.0, quality=2.0), Tuning(quality=1.0, max_per_provider=3)):
        whole = (await ask(engine, request(tuning))).hits
        paged, after = [], None
        while True:
            page = await ask(engine, replace(request(tuning), window=Window(size=7, after=after)))
            paged += page.hits
            if not page.has_next:
                break
            after = page.hits[-1].position
        assert [hit.article.key for hit in paged] == [hit.article.key for hit in whole]
        assert len({hit.article.key for hit in paged}) == 40


async def test_tuning_does_not_touch_other_rankings(open_with: OpenWith) -> None:
    engine = await open_with(of("a", hours=3, quality=1), of("b", hours=2, quality=9))
    tuned = replace(request(Tuning(quality=9.0, max_per_provider=1)), ranking=Ranking.OLDEST)
    assert [hit.article.key for hit in (await ask(engine, tuned)).hits] == ["a", "b"]
