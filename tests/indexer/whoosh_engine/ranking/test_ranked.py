"""Ranked order within one segment, against one sorted list."""

import math
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.columns.sort_values import RANKINGS
from indexer.errors import RequestError
from indexer.listing.positions import checked, sort_key
from indexer.search.ranking import Position, Ranking
from indexer.whoosh_engine.ranking.ranked import ByOrder, ByValues, Ranked, RankedDocument
from indexer.whoosh_engine.segment.segment import SegmentArrays
from tests.indexer.whoosh_engine.segments import open_segment
from tests.plain_engine import position
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.strategies import NUMBERS

SIZE = 3_000
SCORES = (0.0, 0.1, 0.25, 1.0, 3.4e38)
"""As float32 they are others than as float64, but for two."""


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SegmentArrays]:
    """A segment of many blocks, with many ties."""
    articles = [
        replace(
            plain(f"{number * 7919 % 10_007:05}"),
            published_date_time=NOW - number % 40 * DAY,
            quality=NUMBERS[number % len(NUMBERS)],
            heat=NUMBERS[number // 6 % len(NUMBERS)],
        )
        for number in range(SIZE)
    ]
    with open_segment(tmp_path_factory.mktemp("index"), articles) as stored:
        yield stored.segment


def assert_ranked(
    ranked: Ranked, expected: list[RankedDocument], count: int, bounds: tuple[Position | None, Position | None]
) -> None:
    after, before = bounds
    inside = [
        placed
        for placed in expected
        if (after is None or sort_key(placed.position) > sort_key(after))
        and (before is None or sort_key(placed.position) < sort_key(before))
    ]
    assert ranked.first(count, after, before) == inside[:count]
    assert ranked.last(count, after, before) == inside[max(0, len(inside) - count) :]
    for bound in (after, before):
        if bound is not None:
            assert ranked.any_until(bound) == any(sort_key(one.position) <= sort_key(bound) for one in expected)
            assert ranked.any_from(bound) == any(sort_key(one.position) >= sort_key(bound) for one in expected)


def ordered(
    segment: SegmentArrays, documents: Sequence[int], values: Sequence[tuple[float, ...]]
) -> list[RankedDocument]:
    placed = [
        RankedDocument(document, Position(own, segment.keys[document]))
        for document, own in zip(documents, values, strict=True)
    ]
    return sorted(placed, key=lambda one: sort_key(one.position))


def bounds_among(expected: Sequence[RankedDocument]) -> st.SearchStrategy[Position | None]:
    """Nothing, places of entries, and places near them that nobody has."""
    if not expected:
        return st.none()
    here = st.sampled_from(expected).map(lambda placed: placed.position)
    elsewhere = st.builds(
        lambda place, step, key: Position((place.values[0] + step, *place.values[1:]), key),
        here,
        st.sampled_from((0.0, 0.0, 0.5, -0.5, 1e300, -1e300)),
        st.sampled_from(("", "05", "zz")),
    )
    return st.none() | here | elsewhere


counts = st.sampled_from((0, 1, 2, 3, 7, 11, 12, 300, SIZE, SIZE + 1))
sizes = st.sampled_from((0, 1, 5, 255, 256, 300, 1_300, SIZE))


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), sizes, st.booleans(), st.data())
def test_matches_by_score_are_one_sorted_list(
    segment: SegmentArrays,
    random: Random,
    size: int,
    has_ties: bool,  # noqa: FBT001  # drawn
    data: st.DataObject,
) -> None:
    documents = sorted(random.sample(range(SIZE), size))
    drawn = random.choices(SCORES, k=size) if has_ties else [random.random() for _ in documents]
    scores = np.array(drawn, dtype=np.float32)
    expected = ordered(segment, documents, [(score,) for score in scores.tolist()])
    ranked = ByValues(segment, np.array(documents, dtype=np.int32), scores)
    for _ in range(3):
        bounds = bounds_among(expected)
        assert_ranked(ranked, expected, data.draw(counts), (data.draw(bounds), data.draw(bounds)))


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), sizes, st.data())
def test_those_of_an_earlier_turn_come_first_however_well_others_match(
    segment: SegmentArrays, random: Random, size: int, data: st.DataObject
) -> None:
    documents = sorted(random.sample(range(SIZE), size))
    scores = np.array(random.choices(SCORES, k=size), dtype=np.float32)
    turns = [random.randrange(4) for _ in documents]
    values = [(float(-turn), score) for turn, score in zip(turns, scores.tolist(), strict=True)]
    expected = ordered(segment, documents, values)
    ranked = ByValues(segment, np.array(documents, dtype=np.int32), -np.array(turns, dtype=np.int64), scores)
    bounds = bounds_among(expected)
    assert_ranked(ranked, expected, data.draw(counts), (data.draw(bounds), data.draw(bounds)))


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), sizes, st.sampled_from(RANKINGS), st.data())
def test_matches_by_an_order_are_one_sorted_list(
    segment: SegmentArrays, random: Random, size: int, ranking: Ranking, data: st.DataObject
) -> None:
    documents = sorted(random.sample(range(SIZE), size))
    mask = np.zeros(SIZE, dtype=bool)
    mask[documents] = True
    values = [position(segment.article(document), ranking).values for document in documents]
    expected = ordered(segment, documents, values)
    for _ in range(3):
        bounds = bounds_among(expected)
        window = data.draw(bounds), data.draw(bounds)
        count = data.draw(counts)
        assert_ranked(ByOrder(segment, ranking, mask), expected, count, window)
        columns = [column[documents] for column in segment.sort_values[ranking]]
        assert_ranked(ByValues(segment, np.array(documents, dtype=np.int32), *columns), expected, count, window)


def test_the_best_are_found_wherever_they_lie(segment: SegmentArrays) -> None:
    # The maxima of blocks are looked at first: the last documents are in no whole block, and one may have several.
    for best in (
        [0],
        [SIZE - 1],
        [255, 256],
        [256, 257, 511],
        [700, 701, 702, 703],
        [0, SIZE // 2, SIZE - 2, SIZE - 1],
    ):
        scores = np.full(SIZE, 0.5, dtype=np.float32)
        scores[best] = np.arange(1, len(best) + 1)
        ranked = ByValues(segment, np.arange(SIZE, dtype=np.int32), scores)
        assert [placed.document for placed in ranked.first(len(best), None, None)] == best[::-1]
        worst = ByValues(segment, np.arange(SIZE, dtype=np.int32), -scores)
        assert [placed.document for placed in worst.last(len(best), None, None)] == best


@pytest.mark.parametrize("values", [(), (1.0, 2.0), (math.nan,), (math.inf,), (-math.inf,), (2**63,), (10**400,)])
def test_a_position_of_another_list_is_refused(segment: SegmentArrays, values: tuple[float, ...]) -> None:
    elsewhere = Position(values, "a")
    with pytest.raises(RequestError, match="take it from a result of the same search"):
        checked(elsewhere, 1)
    some = np.arange(3, dtype=np.int32)
    for ranked in (
        ByValues(segment, some, np.zeros(3, dtype=np.float32)),
        ByOrder(segment, Ranking.NEWEST, np.ones(SIZE, dtype=bool)),
    ):
        for ask in (ranked.any_until, ranked.any_from):
            with pytest.raises(RequestError, match="take it from a result of the same search"):
                ask(elsewhere)
        for cut in (ranked.first, ranked.last):
            with pytest.raises(RequestError, match="take it from a result of the same search"):
                cut(1, elsewhere, None)
            with pytest.raises(RequestError, match="take it from a result of the same search"):
                cut(1, None, elsewhere)


class CountedMask(np.ndarray):
    """A mask that counts the documents that were looked up in it."""

    looked_up = 0

    def __getitem__(self, key: object) -> object:
        value = super().__getitem__(key)
        CountedMask.looked_up += np.size(value)
        return value


@pytest.mark.parametrize(("matches", "most"), [((), 0), ((0,), 256), ((0, 1, 2), 256)])
def test_no_order_is_gone_through_behind_the_last_match(
    segment: SegmentArrays, matches: Sequence[int], most: int
) -> None:
    order = segment.order(Ranking.NEWEST)
    mask = np.zeros(SIZE, dtype=bool)
    mask[order[list(matches)]] = True
    ranked = ByOrder(segment, Ranking.NEWEST, mask.view(CountedMask))
    CountedMask.looked_up = 0
    assert [one.document for one in ranked.first(20, None, None)] == order[list(matches)].tolist()
    assert CountedMask.looked_up <= most
