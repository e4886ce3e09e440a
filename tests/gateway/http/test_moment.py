from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.http.moment import Moment
from indexer.search.engine import IndexStatus
from tests.replacing import replace
from tests.samples import MOMENT

START = datetime(2024, 6, 1, 12, 30, tzinfo=UTC)
OFFSETS = st.timedeltas(min_value=timedelta(hours=-3), max_value=timedelta(hours=3))


def moment(now: datetime, appearing: list[datetime], *, generation: int = 1) -> Moment:
    status = IndexStatus(
        generation=generation,
        built_at=START,
        article_count=sum(time <= now for time in appearing),
        last_change=max((time for time in appearing if time <= now), default=None),
        next_change=min((time for time in appearing if time > now), default=None),
    )
    return Moment.of(status, now=now)


@given(OFFSETS, OFFSETS, st.lists(OFFSETS))
def test_within_one_moment_the_same_articles_are_visible_also_by_its_clock(
    one: timedelta, other: timedelta, offsets: list[timedelta]
):
    appearing = [START + offset for offset in offsets]

    def visible(now: datetime) -> set[datetime]:
        return {time for time in appearing if time <= now}

    first, second = moment(START + one, appearing), moment(START + other, appearing)
    assert visible(first.clock) == visible(START + one)
    assert START + one - timedelta(hours=1) < first.clock <= START + one
    if first == second:
        assert visible(START + one) == visible(START + other)


def test_a_moment_ends_with_the_hour_the_next_article_and_the_generation():
    same = moment(START, [START - timedelta(days=1)])
    assert moment(START + timedelta(minutes=29), [START - timedelta(days=1)]) == same
    assert moment(START + timedelta(minutes=30), [START - timedelta(days=1)]) != same
    assert moment(START + timedelta(minutes=1), [START, START + timedelta(minutes=1)]) != moment(START, [START])
    assert moment(START, [START - timedelta(days=1)], generation=2) != same


def test_it_tells_how_long_it_is_until_the_next_article():
    assert moment(START, [START + timedelta(seconds=90)]).seconds_left == 90
    assert moment(START, [START]).seconds_left is None


@given(OFFSETS, OFFSETS, st.lists(OFFSETS))
def test_a_moment_holds_as_long_as_it_would_be_found_to_be_the_same(
    one: timedelta, other: timedelta, offsets: list[timedelta]
):
    appearing = [START + offset for offset in offsets]
    first, second = moment(START + one, appearing), moment(START + other, appearing)
    assert first.holds(START + one)
    assert first.holds(START + other) is (first == second)
    if first == second:
        seen = first.at(START + other)
        assert (seen, seen.seconds_left, seen.until) == (second, second.seconds_left, second.until)


def test_a_moment_ends_to_the_microsecond():
    over, found = START + timedelta(minutes=1), moment(START, [START, START + timedelta(minutes=1)])
    assert not found.holds(START - MOMENT)
    assert found.holds(START)
    assert found.holds(over - MOMENT)
    assert not found.holds(over)
    hour = START + timedelta(minutes=30)
    assert [moment(START, []).holds(time) for time in (hour - MOMENT, hour)] == [True, False]


def test_how_long_is_left_does_not_make_it_another_moment():
    found = moment(START, [START + timedelta(seconds=90)])
    later = found.at(START + timedelta(seconds=60))
    assert (later.seconds_left, later == found, hash(later) == hash(found)) == (30, True, True)
    assert replace(found, generation=2) != found
