"""Engine contract: the parts of scores."""

from dataclasses import fields

import pytest

from indexer.search.ranking import Ranking, Tuning, Window
from indexer.search.requests import Explanation, Hit, SearchRequest
from tests.asking import ask
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import NOW, plain

ARTICLES = [
    replace(plain(f"{n}"), title="Robots " * n, excerpt="A robot walks", topics=("Robots",), quality=n * 9, heat=n)
    for n in range(1, 10)
]
PARTS = [field.name for field in fields(Explanation) if field.name != "score"]


@pytest.mark.parametrize("ranking", Ranking)
@pytest.mark.parametrize("text", ["robots", ""])
async def test_scores_that_no_order_needs_are_told_who_asks(open_with: OpenWith, ranking: Ranking, text: str) -> None:
    engine = await open_with(*ARTICLES)
    request = SearchRequest(now=NOW, text=text, ranking=ranking)
    for asked in (request, replace(request, scores=True), request):
        scores = [hit.score for hit in (await ask(engine, asked)).hits]
        is_told = bool(text) and (asked.scores or ranking is Ranking.RELEVANCE)
        assert scores
        assert all((score is not None) is is_told for score in scores)


def without_explanation(hit: Hit) -> Hit:
    return replace(hit, explanation=None)


@pytest.mark.parametrize("ranking", [Ranking.RELEVANCE, Ranking.HEAT])
@pytest.mark.parametrize("tuning", [Tuning(), Tuning(text=2.0, recency=1.0, quality=0.5, heat=3.0, max_per_provider=2)])
@pytest.mark.parametrize("text", ["robots", "robot walks -nobody", "", "-nobody"])
async def test_parts_add_up_to_the_score_and_the_page_stays_as_it_is(
    open_with: OpenWith, ranking: Ranking, tuning: Tuning, text: str
) -> None:
    engine = await open_with(*ARTICLES)
    request = SearchRequest(now=NOW, text=text, ranking=ranking, tuning=tuning, window=Window(size=4), forgiving=True)
    request = replace(request, scores=True)
    page = await ask(engine, request)
    explained = await ask(engine, replace(request, explanations=True, statistics=page.statistics))
    assert len(page.hits) == 4
    assert tuple(map(without_explanation, explained.hits)) == page.hits
    for hit in explained.hits:
        if hit.score is None:
            assert hit.explanation is None
            continue
        assert hit.explanation is not None
        assert hit.explanation.score == hit.score
        assert sum(getattr(hit.explanation, part) for part in PARTS) == pytest.approx(hit.score, rel=1e-5)
        is_weighed = ranking is Ranking.RELEVANCE and tuning.quality > 0
        assert (hit.explanation.recency > 0, hit.explanation.quality > 0, hit.explanation.heat > 0) == (is_weighed,) * 3
