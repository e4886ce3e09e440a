"""Engine contract: every answer is the one that is given where hidden articles do not exist, to the last digit."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.search.engine import IndexStatus, SearchEngine
from indexer.search.facets import Calendar, FacetOrder, FacetRequest, SpreadRequest
from indexer.search.filters import EVERYTHING, AllOf, Among, AtLeast, HasImage, Not, NumberField, TermField
from indexer.search.ranking import End, Ranking, Tuning, Window
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from tests.asking import ask
from tests.engine_place import Place, write
from tests.hidden import ALL_APPEARED, KEYS, SCHEDULED, VISIBLE, prefixes, texts, typed, words, write_hidden
from tests.replacing import replace
from tests.samples import DAY, NOW
from tests.strategies import offsets

# The engines are only read from, so that examples may share them.
READ_ONLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


@dataclass(frozen=True, slots=True)
class Pair:
    """An engine whose index has hidden articles, and one without any, as it is at `now`."""

    hiding: SearchEngine
    bare: SearchEngine
    now: datetime


Indexes = tuple[Place, Place, datetime]


@pytest.fixture(scope="module", params=["now", "later"])
def indexes(new_place: Callable[[], Place], request: pytest.FixtureRequest) -> Indexes:
    """The index with hidden articles, and the one without: scheduled ones are visible later."""
    hiding, bare = new_place(), new_place()
    write_hidden(hiding)
    later = request.param == "later"
    write(bare, (*VISIBLE, *SCHEDULED) if later else VISIBLE)
    return hiding, bare, ALL_APPEARED if later else NOW


@pytest.fixture
async def pair(indexes: Indexes) -> AsyncIterator[Pair]:
    hiding, bare, now = indexes
    engines = await hiding.open_engine(), await bare.open_engine()
    yield Pair(*engines, now)
    for engine in engines:
        await engine.close()


conditions = st.sampled_from(
    (
        EVERYTHING,
        EVERYTHING,
        Among(TermField.TOPIC, frozenset({"machine learning", "embargowort"})),
        Not(Among(TermField.PROVIDER, frozenset({"daily.example"}))),
        AllOf((HasImage(), AtLeast(NumberField.HEAT, 3))),
        Among(TermField.AUTHOR, frozenset({"gold", "embargowort"})),
        Among(TermField.EXTRA, frozenset({'series="harbour"', 'series="harbor"'})),
    )
)
facets = st.builds(
    FacetRequest,
    field=st.sampled_from((*TermField, *Calendar)),
    size=st.integers(1, 5),
    order=st.sampled_from(FacetOrder),
    prefix=st.just("") | prefixes,
    filter=st.none() | conditions,
)
requests = st.builds(
    SearchRequest,
    now=st.just(NOW),
    text=texts,
    filter=conditions,
    ranking=st.just(Ranking.RELEVANCE) | st.sampled_from(Ranking),
    tuning=st.sampled_from((Tuning(), Tuning(), Tuning(recency=1, heat=1), Tuning(quality=1, max_per_provider=1))),
    window=st.builds(Window, size=st.integers(0, 7), offset=offsets, end=st.sampled_from(End)),
    total=st.booleans(),
    facets=st.lists(facets, max_size=2).map(tuple),
    spreads=st.sampled_from(((), (SpreadRequest(field=NumberField.HEAT),))),
    forgiving=st.booleans(),
    typing=st.booleans(),
    understanding=st.booleans(),
    scores=st.booleans(),
    explanations=st.booleans(),
)


@READ_ONLY
@given(request=requests)
async def test_searches_and_their_next_pages_find_the_same(pair: Pair, request: SearchRequest) -> None:
    request = replace(request, now=pair.now)
    answer = await ask(pair.hiding, request)
    assert answer == await ask(pair.bare, request)
    if answer.hits:
        window = replace(request.window, after=answer.hits[-1].position, end=End.START)
        following = replace(request, window=window, statistics=answer.statistics)
        assert await ask(pair.hiding, following) == await ask(pair.bare, following)


@READ_ONLY
@given(prefix=typed, size=st.sampled_from((1, 2, 3, 8, 100)))
async def test_suggestions_are_the_same(pair: Pair, prefix: str, size: int) -> None:
    request = SuggestRequest(now=pair.now, prefix=prefix, size=size)
    assert await pair.hiding.suggest(request) == await pair.bare.suggest(request)


@pytest.mark.parametrize("size", [1, 6, 100])
async def test_the_same_articles_are_similar(pair: Pair, size: int) -> None:
    hiding, bare = [await engine.similar(KEYS, size=size, now=pair.now) for engine in (pair.hiding, pair.bare)]
    assert hiding == bare


@READ_ONLY
@given(key=st.sampled_from(KEYS), request=requests)
async def test_what_keeps_an_article_out_is_the_same(pair: Pair, key: str, request: SearchRequest) -> None:
    request = replace(request, now=pair.now)
    assert await pair.hiding.why_not(key, request) == await pair.bare.why_not(key, request)


async def test_keys_addresses_and_the_status_are_those_of_what_is_visible(pair: Pair) -> None:
    urls = [f"https://{host}.example/{path}" for host in ("daily", "amp") for path in (*KEYS, *map(str, range(40)))]
    for fetched in (
        [await engine.fetch(KEYS, now=pair.now) for engine in (pair.hiding, pair.bare)],
        [await engine.fetch_by_url(urls, now=pair.now) for engine in (pair.hiding, pair.bare)],
        [_told(await engine.status(now=pair.now)) for engine in (pair.hiding, pair.bare)],
    ):
        assert fetched[0] == fetched[1]


def _told(status: IndexStatus) -> tuple[int, datetime | None]:
    return status.article_count, status.last_change


@READ_ONLY
@given(text=words, now=st.sampled_from((NOW, NOW - DAY, ALL_APPEARED)))
async def test_the_clock_of_one_answer_does_not_show_in_the_next(pair: Pair, text: str, now: datetime) -> None:
    """Anything that is remembered of a text is remembered of a moment."""
    request = SearchRequest(now=now, text=text, ranking=Ranking.RELEVANCE, forgiving=True, understanding=True)
    await ask(pair.hiding, request)
    now_asked = replace(request, now=pair.now)
    assert await ask(pair.hiding, now_asked) == await ask(pair.bare, now_asked)


@pytest.mark.parametrize("published", [True, False])
async def test_a_draft_that_was_never_shown_is_no_change(place: Place, *, published: bool) -> None:
    draft = replace(VISIBLE[1], published=published)
    numbers = write(place, VISIBLE[:1]), write(place, [draft])
    assert (numbers[0] != numbers[1]) is published


async def test_an_article_that_becomes_a_draft_goes_and_comes_back(place: Place) -> None:
    write(place, VISIBLE[:2])
    served = []
    for published in (False, True):
        write(place, [replace(VISIBLE[1], published=published)])
        engine = await place.open_engine()
        served.append(await engine.fetch([VISIBLE[1].key], now=NOW))
        await engine.close()
    assert served == [[None], [VISIBLE[1]]]
