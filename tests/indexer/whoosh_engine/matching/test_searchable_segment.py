"""Documents that may be found in a segment, at any clock and under any condition."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.columns.numbers import microseconds
from indexer.memory import Memory
from indexer.search.filters import EVERYTHING, Among, HasImage, Not, TermField
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from tests.indexer.whoosh_engine.segments import STEMS, open_segments, write_segments
from tests.plain_filter import is_visible, matches
from tests.samples import DAY, MOMENT, NOW, plain
from tests.strategies import CLOCKS, INSTANTS, corpora, filters

clocks = st.sampled_from((*CLOCKS, *INSTANTS))


def keys(segment: SearchableSegment, mask: Sequence[bool]) -> list[str]:
    return [key for key, chosen in zip(segment.segment.keys, mask, strict=True) if chosen]


@given(corpora(), st.lists(st.tuples(clocks, st.just(EVERYTHING) | filters), min_size=1, max_size=8), st.data())
def test_a_document_set_is_what_is_visible_then_and_meets_the_condition(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], asked: list[tuple], data: st.DataObject
) -> None:
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False)))}
    with open_segments(write_segments(tmp_path_factory.mktemp("index"), [articles], without=gone)) as [stored]:
        segment = SearchableSegment(stored, STEMS, Memory())
        for now, condition in (*asked, *asked):
            visible = segment.visible(condition, segment.appeared(microseconds(now.timestamp())))
            expected = [
                article.key
                for article in articles
                if article.key not in gone and is_visible(article, now) and matches(article, condition)
            ]
            assert keys(segment, visible.mask.tolist()) == expected
            assert (visible.count, visible.nbytes) == (len(expected), sum(article.published for article in articles))


def test_clocks_between_which_nothing_appears_share_a_mask(tmp_path_factory: pytest.TempPathFactory) -> None:
    # Each request has a clock of its own; without sharing, each would look at every document.
    folder = write_segments(tmp_path_factory.mktemp("index"), [[plain("a")]])  # published a day before NOW
    with open_segments(folder) as [stored]:
        segment = SearchableSegment(stored, STEMS, Memory())
        clocks = [microseconds(moment.timestamp()) for moment in (NOW - 2 * DAY, NOW - DAY - MOMENT, NOW - DAY, NOW)]
        for condition in (EVERYTHING, Not(HasImage())):
            before, still, at, after = [segment.visible(condition, segment.appeared(clock)) for clock in clocks]
            assert before is still
            assert at is after
            assert (before.count, after.count) == (0, 1)


def test_conditions_that_a_client_makes_long_are_not_remembered(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The memory is bounded by the articles; conditions could be as long as a body."""
    folder = write_segments(tmp_path_factory.mktemp("index"), [[plain("a")]])
    long = Not(Among(TermField.TOPIC, frozenset({"x" * 5_000})))
    with open_segments(folder) as [stored]:
        segment = SearchableSegment(stored, STEMS, Memory())
        first, second = segment.visible(long, 1), segment.visible(long, 1)
        assert first is not second
        assert first.mask.tolist() == second.mask.tolist() == [True]
