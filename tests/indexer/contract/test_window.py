"""Engine contract: which part of a ranked list an answer holds, and what it says of the rest."""

import math

import pytest

from indexer.errors import RequestError
from indexer.search.engine import SearchEngine
from indexer.search.facets import FacetRequest
from indexer.search.filters import TermField
from indexer.search.ranking import End, Position, Ranking, Window
from indexer.search.requests import SearchRequest
from tests.asking import ask, keys, positions
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import NOW, plain

LENGTHS = {Ranking.QUALITY: 2, Ranking.HEAT: 2, Ranking.TRENDING: 2}


async def five(open_with: OpenWith) -> tuple[SearchEngine, dict[str, Position]]:
    """An engine on articles that are listed as a, b, c, d and e, and where each of them stands."""
    engine = await open_with(*map(plain, "abcde"))
    return engine, dict(zip("abcde", await positions(engine, SearchRequest(now=NOW)), strict=True))


async def listed(engine: SearchEngine, window: Window) -> tuple[str, bool, bool]:
    result = await ask(engine, SearchRequest(now=NOW, window=window))
    return "".join(keys(result)), result.has_previous, result.has_next


async def test_both_positions_are_exclusive(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    assert await listed(engine, Window(after=at["a"], before=at["e"])) == ("bcd", True, True)


async def test_the_start_is_taken_first_unless_the_end_is_asked_for(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    assert await listed(engine, Window(size=2)) == ("ab", False, True)
    assert await listed(engine, Window(size=2, after=at["b"])) == ("cd", True, True)
    assert await listed(engine, Window(size=2, before=at["e"], after=at["a"])) == ("bc", True, True)


async def test_a_page_from_the_finish_keeps_the_ranked_order(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    assert await listed(engine, Window(size=2, end=End.FINISH)) == ("de", True, False)
    assert await listed(engine, Window(size=2, end=End.FINISH, before=at["c"])) == ("ab", False, True)
    assert await listed(engine, Window(size=2, end=End.FINISH, before=at["e"], after=at["a"])) == ("cd", True, True)


async def test_matches_outside_the_window_count_as_further_ones(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    assert await listed(engine, Window(after=at["c"])) == ("de", True, False)
    assert await listed(engine, Window(before=at["c"], end=End.FINISH)) == ("ab", False, True)


async def test_a_page_as_long_as_the_list_has_nothing_before_or_after(open_with: OpenWith) -> None:
    engine, _ = await five(open_with)
    for end in End:
        assert await listed(engine, Window(size=5, end=end)) == ("abcde", False, False)
        assert await listed(engine, Window(size=50, end=end)) == ("abcde", False, False)


async def test_an_empty_page_lies_at_the_end_it_is_taken_from(open_with: OpenWith) -> None:
    # A client that pages on after the last article must learn that the others lie before it.
    engine, at = await five(open_with)
    assert await listed(engine, Window(size=0)) == ("", False, True)
    assert await listed(engine, Window(size=0, end=End.FINISH)) == ("", True, False)
    assert await listed(engine, Window(after=at["e"])) == ("", True, False)
    assert await listed(engine, Window(before=at["a"], end=End.FINISH)) == ("", False, True)
    assert await listed(engine, Window(after=at["b"], before=at["c"])) == ("", True, True)


async def test_entries_are_passed_over_from_the_end_that_the_page_is_taken_from(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    assert await listed(engine, Window(size=2, offset=1)) == ("bc", True, True)
    assert await listed(engine, Window(size=2, offset=3)) == ("de", True, False)
    assert await listed(engine, Window(size=2, offset=1, end=End.FINISH)) == ("cd", True, True)
    assert await listed(engine, Window(size=2, offset=1, after=at["a"])) == ("cd", True, True)
    assert await listed(engine, Window(size=9, offset=1, before=at["d"], end=End.FINISH)) == ("ab", False, True)


async def test_a_page_beyond_the_list_has_the_whole_list_before_it(open_with: OpenWith) -> None:
    engine, _ = await five(open_with)
    for offset in (5, 6, 10_000):
        assert await listed(engine, Window(size=2, offset=offset)) == ("", True, False)
        assert await listed(engine, Window(size=2, offset=offset, end=End.FINISH)) == ("", False, True)
    assert await listed(engine, Window(size=0, offset=2)) == ("", True, True)


async def test_nothing_lies_between_positions_that_cross(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    for end in End:
        assert (await listed(engine, Window(after=at["c"], before=at["c"], end=end)))[0] == ""
        assert (await listed(engine, Window(after=at["d"], before=at["b"], end=end)))[0] == ""


async def test_an_empty_list_has_nothing_before_or_after(open_with: OpenWith) -> None:
    engine = await open_with()
    for end in End:
        for offset in (0, 3):
            assert await listed(engine, Window(offset=offset, end=end)) == ("", False, False)


async def test_a_position_outlives_its_article(open_with: OpenWith, place: Place) -> None:
    engine, at = await five(open_with)
    write(place, [plain("bb")], without=["b", "c"])
    await engine.refresh()
    assert await listed(engine, Window(after=at["b"])) == ("bbde", True, False)
    assert await listed(engine, Window(before=at["c"])) == ("abb", False, True)


async def test_the_total_is_told_only_when_asked_for_and_counts_outside_the_window(open_with: OpenWith) -> None:
    engine, at = await five(open_with)
    request = SearchRequest(now=NOW, window=Window(size=1, after=at["b"]))
    assert (await ask(engine, request)).total is None
    assert (await ask(engine, replace(request, total=True))).total == 5


@pytest.mark.parametrize("ranking", Ranking)
@pytest.mark.parametrize("text", ["", "harvest"])
async def test_a_position_of_another_shape_is_refused(open_with: OpenWith, ranking: Ranking, text: str) -> None:
    engine = await open_with(plain("a"))
    length = LENGTHS.get(ranking, 1)
    for values in ((), (1.0,) * (3 - length), (1.0,) * 9):
        for window in (Window(after=Position(values, "a")), Window(before=Position(values, "a"))):
            with pytest.raises(RequestError):
                await ask(engine, SearchRequest(now=NOW, text=text, ranking=ranking, window=window))


@pytest.mark.parametrize("ranking", Ranking)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**63, -(10**400)])
async def test_a_position_that_is_nowhere_is_refused(open_with: OpenWith, ranking: Ranking, value: float) -> None:
    engine = await open_with(plain("a"))
    values = (1.0, value)[-LENGTHS.get(ranking, 1) :]
    for window in (Window(after=Position(values, "a")), Window(before=Position(values, "a"))):
        with pytest.raises(RequestError):
            await ask(engine, SearchRequest(now=NOW, ranking=ranking, window=window))


@pytest.mark.parametrize("values", [(), (1.0, 1.0), (math.nan,), (math.inf,), (10**400,)])
async def test_a_facet_position_without_sense_is_refused(open_with: OpenWith, values: tuple[float, ...]) -> None:
    engine = await open_with(plain("a"))
    facet = FacetRequest(field=TermField.TOPIC, after=Position(values, "ai"))
    with pytest.raises(RequestError):
        await ask(engine, SearchRequest(now=NOW, facets=(facet,)))


async def test_a_negative_size_or_offset_is_refused(open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    facet = FacetRequest(field=TermField.TOPIC, size=-1)
    requests = [SearchRequest(now=NOW, window=window) for window in (Window(size=-1), Window(offset=-1))]
    for request in (*requests, SearchRequest(now=NOW, facets=(facet,))):
        with pytest.raises(RequestError):
            await ask(engine, request)


async def test_one_request_without_sense_does_not_spoil_the_engine(open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    with pytest.raises(RequestError):
        await engine.search([SearchRequest(now=NOW), SearchRequest(now=NOW, window=Window(size=-1))])
    assert await listed(engine, Window()) == ("a", False, False)
