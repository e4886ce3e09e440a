"""The engine answers the same whether or not it was asked before, and keeps within its bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import RequestError, SearchIndexError
from indexer.listing.kept_results import KeptResults, exactly, is_timeless
from indexer.memory import Memory
from indexer.search.facets import Facet, FacetRequest, FacetValue, SpreadRequest
from indexer.search.filters import Among, NumberField, TermField
from indexer.search.ranking import WORDS_ALONE, Position, Ranking, Tuning, Window
from indexer.search.requests import Hit, SearchRequest, SearchResult
from indexer.text.language import Language
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests import strategies
from tests.asking import ask
from tests.indexer.whoosh_engine.segments import split, write_segments
from tests.library import LIBRARY
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, plain

TYPED = (
    *("", "running", "runing", "cafe OR moskva", "running zzzz", "raning cafe", "the running wifi xyzzy", "ru*"),
    *('"running the"', "-run daily", "title:cafe", "wi fi", "GPT-4 us", "Müler", "run runs", "caffe dayly"),
)
texts = st.sampled_from(TYPED) | strategies.texts
CLOCKS = (*strategies.CLOCKS, NOW - MOMENT, NOW + 3 * DAY, NOW + 3 * DAY - MOMENT)
tunings = st.sampled_from(
    [WORDS_ALONE, WORDS_ALONE, Tuning(), Tuning(recency=1.0), Tuning(quality=2.0, max_per_provider=1)]
)
requests = st.builds(
    lambda request, text, tuning, forgiving, understanding, explanations: replace(
        request, text=text, tuning=tuning, forgiving=forgiving, understanding=understanding, explanations=explanations
    ),
    strategies.requests,
    texts,
    tunings,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@st.composite
def sequences(draw: st.DrawFn) -> list[SearchRequest]:
    """Requests of which many are alike: the same at another time, or with one thing changed."""
    pool, asked = draw(st.lists(requests, min_size=1, max_size=3)), list[SearchRequest]()
    for _ in range(draw(st.integers(2, 10))):
        one, other = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
        changed = draw(st.sampled_from(["now", "filter", "text", "ranking", "window", "total", "facets", "spreads"]))
        also = draw(st.sampled_from(["tuning", "forgiving", "understanding", "scores", "explanations", "now"]))
        if draw(st.booleans()):
            one = replace(one, **{name: getattr(other, name) for name in (changed, also)})
        if draw(st.integers(1, 3)) == 3:
            one = replace(one, now=draw(st.sampled_from(CLOCKS)))
        asked.append(one)
    return asked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gone = [article.key for article in LIBRARY[::9]]
    return write_segments(tmp_path_factory.mktemp("index") / "index", split(LIBRARY, 2), without=gone)


@contextmanager
def opened(folder: Path) -> Iterator[Generation]:
    generation = engine.newest(folder)
    try:
        yield generation
    finally:
        generation.close()


def anew(folder: Path, request: SearchRequest) -> SearchResult | None:
    """The answer of a generation that was never asked; None where it refuses."""
    with opened(folder) as fresh:
        try:
            return fresh.search(request, fresh.moment(request.now))
        except RequestError:
            return None


def again(generation: Generation, request: SearchRequest) -> SearchResult | None:
    """The answer of the engine."""
    moment = generation.moment(request.now)
    kept = generation.at_hand(request, moment)
    if kept is not None:
        return exactly(request, kept)
    try:
        return generation.search(request, moment)
    except RequestError:
        return None


@settings(max_examples=100)
@given(asked=sequences(), data=st.data())
def test_answers_are_the_same_whether_or_not_it_was_asked_before(
    folder: Path, asked: list[SearchRequest], data: st.DataObject
) -> None:
    with opened(folder) as generation:
        found: list[tuple[SearchRequest, SearchResult]] = []
        for wanted in asked:
            goes_on = found and data.draw(st.integers(1, 3)) == 1
            request = next_page(*data.draw(st.sampled_from(found))) if goes_on else wanted
            result = again(generation, request)
            assert result == anew(folder, request)
            if result is not None:
                found.append((request, result))
        for request, result in found:
            assert again(generation, request) == result


@settings(max_examples=20)
@given(asked=sequences(), data=st.data())
async def test_the_engine_answers_so_however_many_are_asked_at_once(
    folder: Path, asked: list[SearchRequest], data: st.DataObject
) -> None:
    engine = await WhooshEngine.open(folder)
    try:
        valid = [(request, result) for request in asked if (result := anew(folder, request)) is not None]
        while valid:
            count = data.draw(st.integers(1, len(valid)))
            batch, valid = valid[:count], valid[count:]
            answers = await engine.search([request for request, _ in batch])
            assert list(answers) == [result for _, result in batch]
            for request, result in batch:
                assert found_at_hand(engine, request) == (result if is_timeless(request) else None)
    finally:
        await engine.close()


def next_page(request: SearchRequest, result: SearchResult) -> SearchRequest:
    if not result.hits:
        return replace(request, statistics=result.statistics)
    window = replace(request.window, after=result.hits[-1].position)
    return replace(request, window=window, statistics=request.statistics or result.statistics)


def a_hit(key: str) -> Hit:
    return Hit(article=plain(key), position=Position((1.0,), key))


def a_result(*, hits: int = 1, values: int = 0) -> SearchResult:
    counted = tuple(FacetValue(value=f"{number}", count=1, position=Position((), "")) for number in range(values))
    facet = Facet(field=TermField.TOPIC, values=counted, has_next=False, total=values)
    return SearchResult(hits=(a_hit("a"),) * hits, has_previous=False, has_next=False, facets=(facet,))


ASKED = SearchRequest(now=NOW, text="owl")


def remembered(requests: list[SearchRequest], result: SearchResult, *, most_bytes: int = 1_000_000) -> int:
    """The number of requests that are still kept."""
    memory = KeptResults(Memory(most_bytes))
    for request in requests:
        memory.put(request, 1, result)
    return sum(memory.find(request, 1) is not None for request in requests)


@pytest.mark.parametrize(
    "result", [a_result(hits=100), a_result(hits=0, values=1000), a_result(hits=20, values=20)], ids=["a", "b", "c"]
)
def test_no_more_is_kept_than_there_is_memory_for(result: SearchResult) -> None:
    requests = [replace(ASKED, text=f"{number}") for number in range(400)]
    size = 5_000 * len(result.hits) + 500 * len(result.facets[0].values)
    assert 1 <= remembered(requests, result) <= 1_000_000 / size


@pytest.mark.parametrize(
    "name",
    ["text", "statistics", "filter"],
)
def test_what_a_client_makes_long_counts_too(name: str) -> None:
    def long(number: int) -> SearchRequest:
        text = f"{number}" + "x" * 50_000
        values = {"text": text, "statistics": text.encode(), "filter": Among(TermField.TOPIC, frozenset({text}))}
        return replace(ASKED, **{name: values[name]})

    assert 1 <= remembered([long(number) for number in range(100)], a_result(hits=0)) <= 20


CHANGED = {
    "text": "owls",
    "filter": Among(TermField.TOPIC, frozenset({"ai"})),
    "ranking": Ranking.HEAT,
    "window": Window(size=3),
    "total": True,
    "facets": (FacetRequest(field=TermField.TOPIC),),
    "statistics": b"\x01\x01\x01\x00",
    "forgiving": True,
    "typing": True,
    "understanding": True,
    "scores": True,
    "explanations": True,
}


@pytest.mark.parametrize("name", CHANGED)
def test_another_question_is_another_one(name: str) -> None:
    memory, result = KeptResults(Memory()), a_result()
    memory.put(ASKED, (1, 2), result)
    assert memory.find(replace(ASKED, now=NOW + DAY), (1, 2)) is result
    assert memory.find(replace(ASKED, **{name: CHANGED[name]}), (1, 2)) is None
    assert memory.find(ASKED, (1, 3)) is None


TOPIC_FACET, TYPE_FACET = FacetRequest(field=TermField.TOPIC), FacetRequest(field=TermField.TYPE)
HEAT_SPREAD = SpreadRequest(field=NumberField.HEAT)
ALL_ASKED = replace(
    ASKED,
    total=True,
    facets=(TOPIC_FACET, TYPE_FACET),
    spreads=(HEAT_SPREAD,),
    forgiving=True,
    understanding=True,
    scores=True,
    explanations=True,
)
LESS: tuple[dict[str, object], ...] = (
    {"total": False},
    {"facets": ()},
    {"facets": (TYPE_FACET, TOPIC_FACET)},
    {"facets": (TYPE_FACET, TYPE_FACET)},
    {"spreads": ()},
    {"understanding": False},
    {"explanations": False},
    {"scores": False},
    {"scores": False, "explanations": False},
    {"total": False, "facets": (), "spreads": (), "understanding": False, "scores": False, "explanations": False},
)


def found_at_hand(engine: WhooshEngine, request: SearchRequest) -> SearchResult | None:
    """The answer that is at hand, without more than the request asks for."""
    found = engine.at_hand(request)
    return found and exactly(request, found)


@pytest.mark.parametrize("ranking", [Ranking.RELEVANCE, Ranking.HEAT])
@pytest.mark.parametrize("less", LESS, ids=str)
async def test_a_request_for_less_of_the_same_page_is_at_hand(
    folder: Path, less: dict[str, object], ranking: Ranking
) -> None:
    engine = await WhooshEngine.open(folder)
    request = replace(ALL_ASKED, text="runing the", ranking=ranking)
    await engine.search([request])
    less_asked = replace(request, **less)
    found = engine.at_hand(less_asked)
    assert found is not None
    assert exactly(less_asked, found) == anew(folder, less_asked)
    everything = anew(folder, request)
    assert everything is not None
    assert found.total in {None, everything.total}
    assert found.understanding in (None, everything.understanding)
    await engine.close()


async def test_a_page_is_at_hand_after_the_same_with_its_total_but_not_the_other_way_round(folder: Path) -> None:
    page, with_total = SearchRequest(now=NOW, text="running"), SearchRequest(now=NOW, text="running", total=True)
    for first, second, is_at_hand in ((with_total, page, True), (page, with_total, False)):
        engine = await WhooshEngine.open(folder)
        await engine.search([first])
        assert found_at_hand(engine, second) == (anew(folder, second) if is_at_hand else None)
        await engine.search([second])
        assert found_at_hand(engine, first) == anew(folder, first)
        assert found_at_hand(engine, second) == anew(folder, second)
        await engine.close()


async def test_what_several_ask_for_on_one_page_is_kept_together(folder: Path) -> None:
    engine = await WhooshEngine.open(folder)
    wishes = {"total": True, "facets": (TOPIC_FACET,), "spreads": (HEAT_SPREAD,), "explanations": True}
    for name, wish in wishes.items():
        await engine.search([replace(ASKED, text="running", **{name: wish})])
    for request in (replace(ASKED, text="running", **wishes), replace(ASKED, text="running", facets=(TOPIC_FACET,))):
        assert found_at_hand(engine, request) == anew(folder, request)
    await engine.close()


def test_one_page_does_not_gather_facets_for_ever() -> None:
    memory = KeptResults(Memory())
    asked = [replace(ASKED, facets=(FacetRequest(field=TermField.TOPIC, prefix=f"{number}"),)) for number in range(100)]
    for request in asked:
        memory.put(request, 1, a_result())
    assert 1 <= sum(memory.find(request, 1) is not None for request in asked) <= 16
    assert memory.find(asked[-1], 1) is not None


def test_all_of_a_request_tells_it_apart() -> None:
    assert {*SearchRequest.__struct_fields__} == {*CHANGED, "now", "tuning", "spreads"}


def test_what_the_clock_decides_is_not_kept() -> None:
    assert is_timeless(ASKED)
    assert is_timeless(replace(ASKED, tuning=Tuning()))
    assert not is_timeless(replace(ASKED, tuning=Tuning(recency=0.1)))


async def test_another_generation_answers_anew(tmp_path: Path) -> None:
    write_segments(tmp_path / "index", [[plain("a")]])
    engine = await WhooshEngine.open(tmp_path / "index")
    request = SearchRequest(now=NOW, total=True)
    assert engine.at_hand(request) is None
    first = await ask(engine, request)
    assert engine.at_hand(request) is first
    with WhooshWriter(tmp_path / "index", language=Language.ENGLISH) as writer:
        writer.add([plain("b")])
        writer.commit(b"")
    assert engine.at_hand(request) is first
    assert await engine.refresh()
    assert engine.at_hand(request) is None
    assert (first.total, (await ask(engine, request)).total) == (1, 2)
    await engine.close()
    with pytest.raises(SearchIndexError):
        engine.at_hand(request)


async def test_an_engine_without_memory_searches_each_time(tmp_path: Path) -> None:
    write_segments(tmp_path / "index", [[plain("a")]])
    request = SearchRequest(now=NOW)
    for max_bytes, is_kept in ((0, False), (1_000_000, True)):
        engine = await WhooshEngine.open(tmp_path / "index", memory=Memory(max_bytes))
        [result] = await engine.search([request])
        assert [hit.article.key for hit in result.hits] == ["a"]
        assert engine.at_hand(request) == (result if is_kept else None)
        await engine.close()
