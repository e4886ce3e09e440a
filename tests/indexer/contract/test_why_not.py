"""Engine contract: what keeps an article out of a search, or where it stands there."""

from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.tree import Word
from indexer.search.engine import SearchEngine
from indexer.search.filters import AtLeast, NumberField
from indexer.search.ranking import Ranking, Tuning, Window
from indexer.search.requests import SearchRequest
from indexer.search.why_not import Unmatched, WhyNot
from tests import strategies
from tests.asking import ALL, ask, keys
from tests.engine_place import OpenWith, Place, write
from tests.library import LIBRARY
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

tunings = st.sampled_from((Tuning(), Tuning(recency=1.0), Tuning(text=2.0, quality=1.0, max_per_provider=2)))


@pytest.fixture(scope="module")
def library(new_place: Callable[[], Place]) -> Place:
    place = new_place()
    write(place, LIBRARY[::2])
    write(place, LIBRARY[1::2])
    return place


@pytest.fixture
async def engine(library: Place) -> AsyncIterator[SearchEngine]:
    engine = await library.open_engine()
    yield engine
    await engine.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    key=st.sampled_from([*(article.key for article in LIBRARY), "nowhere"]),
    request=strategies.requests,
    tuning=tunings,
)
async def test_an_article_has_the_rank_it_is_listed_at_or_what_the_plain_engine_says_keeps_it_out(
    engine: SearchEngine, key: str, request: SearchRequest, tuning: Tuning
) -> None:
    request = replace(request, tuning=tuning)
    answer, expected = await engine.why_not(key, request), await PlainEngine(LIBRARY).why_not(key, request)
    if answer is None or expected is None:
        assert answer is expected is None
        return
    listed = keys(await ask(engine, replace(request, window=ALL)))
    assert answer.rank == (listed.index(key) + 1 if key in listed else None)
    assert (answer.unmatched, answer.failed) == (expected.unmatched, expected.failed)
    assert (answer.rank is None) == bool(answer.unmatched or answer.failed)


async def test_an_article_that_cannot_be_seen_cannot_be_asked_about(open_with: OpenWith) -> None:
    engine = await open_with(
        replace(plain("draft"), published=False), replace(plain("later"), published_date_time=NOW + DAY)
    )
    request = SearchRequest(now=NOW, text="harvest")
    assert [await engine.why_not(key, request) for key in ("draft", "later", "nowhere")] == [None] * 3
    assert await engine.why_not("later", replace(request, now=NOW + DAY)) == WhyNot(rank=1)


async def test_the_window_does_not_matter_to_the_rank(open_with: OpenWith) -> None:
    engine = await open_with(*(replace(plain(f"{n}"), published_date_time=NOW - n * DAY) for n in range(5)))
    request = SearchRequest(now=NOW, ranking=Ranking.OLDEST, window=Window(size=1))
    assert [(await engine.why_not(f"{n}", request)) for n in range(5)] == [WhyNot(rank=5 - n) for n in range(5)]
    first = (await ask(engine, request)).hits[0].position
    assert await engine.why_not("4", replace(request, window=Window(after=first))) == WhyNot(rank=1)


async def test_words_and_conditions_are_both_named(open_with: OpenWith) -> None:
    engine = await open_with(replace(plain("a"), quality=3))
    condition = AtLeast(NumberField.QUALITY, 4)
    answer = await engine.why_not("a", SearchRequest(now=NOW, text="harvest owl", filter=condition))
    assert answer == WhyNot(unmatched=(Unmatched(Word("owl")),), failed=(condition,))


async def test_an_article_that_a_forgiving_search_finds_has_a_rank(open_with: OpenWith) -> None:
    engine = await open_with(*(replace(plain(f"{n}"), title="Facial recognition") for n in range(9)), plain("other"))
    request = SearchRequest(now=NOW, text="facial recognition", ranking=Ranking.RELEVANCE, forgiving=True)
    assert await engine.why_not("4", request) == WhyNot(rank=5)
    answer = await engine.why_not("other", request)
    assert answer is not None
    assert [one.query for one in answer.unmatched] == [Word("facial"), Word("recognition")]
