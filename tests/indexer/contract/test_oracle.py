"""Engine contract: whatever is indexed and asked, every engine answers as the slow and plain one does."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import NewsstandError
from indexer.search.engine import SearchEngine
from indexer.search.facets import FacetRequest, FacetValue
from indexer.search.filters import EVERYTHING
from indexer.search.ranking import End, Ranking, Window
from indexer.search.requests import Hit, SearchRequest, SearchResult
from indexer.varints import packed
from tests import strategies
from tests.asking import ALL, ask, keys, positions
from tests.engine_place import Place, write
from tests.library import LIBRARY
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import NOW

# The engines are only read from, so that examples may share them.
READ_ONLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two engines on the same articles: one to prove, and the oracle."""

    engine: SearchEngine
    oracle: PlainEngine


@pytest.fixture(scope="module")
def library(new_place: Callable[[], Place]) -> Place:
    """An index that came about in several builds, with articles replaced and deleted on the way."""
    place = new_place()
    write(place, [replace(article, title="replaced", topics=("AI",)) for article in LIBRARY[::2]])
    write(place, LIBRARY[: len(LIBRARY) // 2])
    write(place, (replace(article, key=f"deleted/{article.key}") for article in LIBRARY[::3]))
    write(place, LIBRARY[len(LIBRARY) // 2 :], without=[f"deleted/{article.key}" for article in LIBRARY])
    return place


@pytest.fixture
async def pair(library: Place) -> AsyncIterator[Pair]:
    engine = await library.open_engine()
    yield Pair(engine, PlainEngine(LIBRARY))
    await engine.close()


def gist(result: SearchResult) -> object:
    """All that engines must agree on."""
    facets = [
        (facet.field, [(value.value, value.count) for value in facet.values], facet.has_next, facet.total)
        for facet in result.facets
    ]
    return keys(result), result.has_previous, result.has_next, result.total, facets, result.spreads


@READ_ONLY
@given(asked=st.lists(strategies.requests, min_size=1, max_size=4))
async def test_answers_are_those_of_the_plain_engine(pair: Pair, asked: list[SearchRequest]) -> None:
    asked = [replace(r, ranking=Ranking.NEWEST) if r.ranking is Ranking.RELEVANCE else r for r in asked]
    answers, expected = await pair.engine.search(asked), await pair.oracle.search(asked)
    assert [gist(answer) for answer in answers] == [gist(answer) for answer in expected]


@READ_ONLY
@given(
    request=strategies.requests,
    ranking=st.sampled_from([ranking for ranking in Ranking if ranking is not Ranking.RELEVANCE]),
    after=st.integers(-1, 20),
    length=st.integers(1, 20),
)
async def test_windows_are_those_of_the_plain_engine(
    pair: Pair, request: SearchRequest, ranking: Ranking, after: int, length: int
) -> None:
    # Positions of one engine mean nothing to another: each gets its own, of the same two articles.
    request = replace(request, ranking=ranking, facets=())
    answers = []
    for engine in (pair.engine, pair.oracle):
        found = await positions(engine, replace(request, filter=EVERYTHING))
        start, stop = (found[place] if 0 <= place < len(found) else None for place in (after, after + length))
        answers.append(await ask(engine, replace(request, window=replace(request.window, after=start, before=stop))))
    assert gist(answers[0]) == gist(answers[1])


@READ_ONLY
@given(request=strategies.requests, text=strategies.texts)
async def test_relevance_finds_the_same_articles_and_ranks_them_by_score(
    pair: Pair, request: SearchRequest, text: str
) -> None:
    request = replace(request, text=text, ranking=Ranking.RELEVANCE, window=ALL, total=True)
    answer, expected = await ask(pair.engine, request), await ask(pair.oracle, request)
    assert sorted(keys(answer)) == sorted(keys(expected))
    assert (answer.total, answer.has_previous, answer.has_next) == (expected.total, False, False)
    assert gist(replace(answer, hits=())) == gist(replace(expected, hits=()))
    assert [hit.score is None for hit in answer.hits] == [hit.score is None for hit in expected.hits]
    ranked = [(-hit.score, hit.article.key) for hit in answer.hits if hit.score is not None]
    assert ranked == sorted(ranked)
    assert all(minus_score <= 0 for minus_score, _ in ranked)


@READ_ONLY
@given(request=strategies.requests, size=st.integers(1, 7))
async def test_pages_from_either_end_make_up_the_whole_list(pair: Pair, request: SearchRequest, size: int) -> None:
    request = replace(request, facets=())
    everything = await ask(pair.engine, replace(request, window=ALL))
    request = replace(request, statistics=everything.statistics)
    assert await walked(pair.engine, request, Window(size=size)) == list(everything.hits)
    backwards = await walked(pair.engine, request, Window(size=size, end=End.FINISH))
    assert backwards == list(reversed(everything.hits))


@READ_ONLY
@given(request=strategies.requests, size=st.integers(0, 7), offset=st.integers(0, 30))
async def test_a_page_by_number_is_a_slice_of_the_whole_list(
    pair: Pair, request: SearchRequest, size: int, offset: int
) -> None:
    request = replace(request, facets=())
    everything = (await ask(pair.engine, replace(request, window=ALL))).hits
    page = await ask(pair.engine, replace(request, window=Window(size=size, offset=offset)))
    assert page.hits == everything[offset : offset + size]
    assert (page.has_previous, page.has_next) == (offset > 0 and everything != (), offset + size < len(everything))
    stop = max(len(everything) - offset, 0)
    backwards = await ask(pair.engine, replace(request, window=Window(size=size, offset=offset, end=End.FINISH)))
    assert backwards.hits == everything[max(stop - size, 0) : stop]
    following = await ask(
        pair.engine,
        replace(request, window=Window(size=9, after=page.hits[-1].position), statistics=page.statistics)
        if page.hits
        else request,
    )
    if page.hits:
        assert following.hits == everything[offset + size : offset + size + 9]


async def walked(engine: SearchEngine, request: SearchRequest, window: Window) -> list[Hit]:
    """All hits, page by page from the end that the window begins at; those of a list without end are cut short."""
    hits: list[Hit] = []
    while len(hits) < 100:
        page = await ask(engine, replace(request, window=window))
        if window.end is End.START:
            hits += page.hits
            is_last = not page.has_next
        else:
            hits += reversed(page.hits)
            is_last = not page.has_previous
        if is_last:
            break
        assert len(page.hits) == window.size
        bound = hits[-1].position
        window = replace(window, after=bound) if window.end is End.START else replace(window, before=bound)
    return hits


@READ_ONLY
@given(wanted=strategies.facet_requests, size=st.integers(1, 3), request=strategies.requests)
async def test_pages_of_a_facet_make_up_all_its_values(
    pair: Pair, wanted: FacetRequest, size: int, request: SearchRequest
) -> None:
    request = replace(request, facets=(replace(wanted, size=1000),))
    [everything] = (await ask(pair.engine, request)).facets
    pages = replace(wanted, size=size)
    values: list[FacetValue] = []
    for _ in range(everything.total + 1):
        [page] = (await ask(pair.engine, replace(request, facets=(pages,)))).facets
        values += page.values
        if not page.has_next:
            break
        pages = replace(pages, after=values[-1].position)
    assert values == list(everything.values)
    assert len(values) == everything.total


@READ_ONLY
@given(
    keys_asked=st.lists(st.sampled_from([*(article.key for article in LIBRARY), "nowhere", ""])),
    urls=st.lists(st.sampled_from([*strategies.URLS, *(article.web_url for article in LIBRARY)]) | st.text()),
    now=st.sampled_from(strategies.CLOCKS),
)
async def test_fetching_answers_as_the_plain_engine_does(
    pair: Pair, keys_asked: list[str], urls: list[str], now: datetime
) -> None:
    assert await pair.engine.fetch(keys_asked, now=now) == await pair.oracle.fetch(keys_asked, now=now)
    assert await pair.engine.fetch_by_url(urls, now=now) == await pair.oracle.fetch_by_url(urls, now=now)


@READ_ONLY
@given(statistics=st.binary() | st.lists(st.integers(0, 2**64 - 1)).map(packed), text=strategies.texts)
async def test_statistics_of_any_origin_are_used_or_refused(pair: Pair, statistics: bytes, text: str) -> None:
    # They travel through clients.
    request = SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, statistics=statistics, total=True)
    try:
        answer = await ask(pair.engine, request)
    except NewsstandError:
        return
    assert answer.total == (await ask(pair.oracle, request)).total
