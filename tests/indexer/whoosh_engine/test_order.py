"""Ranked order within one segment, against sorting one article after another."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search import Position, Ranking
from indexer.whoosh_engine.order import LAST, Ordered, Rankings, by_relevance, checked, sort_key
from tests.indexer.whoosh_engine.segments import segment_of
from tests.plain_engine import position
from tests.samples import DAY, NOW, plain
from tests.strategies import corpora

LISTED = [ranking for ranking in Ranking if ranking is not Ranking.RELEVANCE]


def keys(order: Ordered) -> list[str]:
    return [order.position(place).key for place in range(len(order.documents))]


@settings(max_examples=25)
@given(corpora(), st.data())
def test_every_ranking_sorts_as_its_definition_does(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], data: st.DataObject
) -> None:
    if not articles:
        return
    segment = segment_of(tmp_path_factory.mktemp("index"), articles)
    chosen = np.array([data.draw(st.booleans()) for _ in articles])
    among = [article for article, is_chosen in zip(articles, chosen, strict=True) if is_chosen]
    for ranking in LISTED:
        order = Rankings(segment).among(chosen, ranking)
        assert keys(order) == [a.key for a in sorted(among, key=lambda a: sort_key(position(a, ranking)))]
        for place in range(len(among)):
            here = order.position(place)
            assert (order.place_of(here), order.place_after(here)) == (place, place + 1)
    segment.reader.close()


@settings(max_examples=25)
@given(corpora(max_size=6), st.data())
def test_relevance_sorts_by_score_and_then_by_key(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], data: st.DataObject
) -> None:
    if not articles:
        return
    segment = segment_of(tmp_path_factory.mktemp("index"), articles)
    scores = [data.draw(st.sampled_from((0.0, 0.5, 1.0))) for _ in articles]
    order = by_relevance(segment, np.arange(len(articles), dtype=np.int32), np.array(scores))
    pairs = zip(scores, articles, strict=True)
    assert keys(order) == [key for _, key in sorted((-score, article.key) for score, article in pairs)]
    segment.reader.close()


def test_a_position_that_no_document_has_stands_between_its_neighbours(tmp_path: Path) -> None:
    # An article may be gone when the next page is asked for.
    articles = [
        replace(plain(key), published_date_time=NOW - days * DAY) for key, days in (("b", 1), ("d", 1), ("c", 3))
    ]
    segment = segment_of(tmp_path, articles)
    order = Rankings(segment).among(np.ones(3, dtype=bool), Ranking.NEWEST)
    gone = [replace(plain(key), published_date_time=NOW - days * DAY) for key, days in (("c", 1), ("z", 2), ("d", 3))]
    places = [position(article, Ranking.NEWEST) for article in gone]
    assert [order.place_of(place) for place in places] == [order.place_after(place) for place in places] == [1, 2, 3]
    segment.reader.close()


@pytest.mark.parametrize("values", [(), (1.0, 2.0), (math.nan,), (math.inf,), (-math.inf,)])
def test_a_position_of_another_list_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(RequestError, match="take it from a result of the same search"):
        checked(Position(values, "a"), 1)


def test_a_position_sorts_by_its_values_downwards_and_its_key_upwards() -> None:
    positions = [
        Position((1.0, 9.0), "a"),
        Position((2.0, LAST), "a"),
        Position((2.0, 1.0), "c"),
        Position((2.0, 1.0), "b"),
    ]
    assert sorted(positions, key=sort_key) == list(reversed(positions))
