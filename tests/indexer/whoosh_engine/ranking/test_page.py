"""Pages cut from several segments at once, against one sorted list."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import RequestError
from indexer.listing.positions import sort_key
from indexer.search.ranking import End, Position, Ranking, Window
from indexer.whoosh_engine.ranking.page import cut
from indexer.whoosh_engine.ranking.ranked import ByOrder
from indexer.whoosh_engine.storage.stored_segment import StoredSegment
from tests.indexer.whoosh_engine.segments import open_segments, split, write_segments
from tests.plain_engine import position
from tests.replacing import replace
from tests.samples import plain
from tests.strategies import articles as any_article
from tests.strategies import corpora, windows


def everything(segments: Sequence[StoredSegment], ranking: Ranking) -> list[ByOrder]:
    return [ByOrder(one.segment, ranking, np.ones(one.segment.size, dtype=bool)) for one in segments]


@settings(max_examples=40)
@given(corpora(), st.integers(1, 3), st.data())
def test_a_page_is_that_part_of_one_sorted_list(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], parts: int, data: st.DataObject
) -> None:
    articles = [replace(article, published=True) for article in articles]
    with open_segments(write_segments(tmp_path_factory.mktemp("index"), split(articles, parts))) as segments:
        for ranking in (Ranking.NEWEST, Ranking.QUALITY):
            places = sorted((position(article, ranking) for article in articles), key=sort_key)
            bounds = st.none() | st.builds(position, any_article, st.just(ranking))
            drawn = data.draw(windows)
            window = Window(size=drawn.size, end=drawn.end, after=data.draw(bounds), before=data.draw(bounds))
            found = cut(everything(segments, ranking), window)
            assert [entry.position for entry in found.entries] == expected(places, window)
            if found.entries:
                assert found.has_previous == (places[0] != found.entries[0].position)
                assert found.has_next == (places[-1] != found.entries[-1].position)
            for entry in found.entries:
                assert segments[entry.segment].segment.keys[entry.document] == entry.position.key


def expected(places: list[Position], window: Window) -> list[Position]:
    inside = [
        place
        for place in places
        if (window.after is None or sort_key(place) > sort_key(window.after))
        and (window.before is None or sort_key(place) < sort_key(window.before))
    ]
    return inside[: window.size] if window.end is End.START else inside[len(inside) - min(window.size, len(inside)) :]


@pytest.mark.parametrize("end", End)
def test_pages_one_after_another_are_the_whole_list(tmp_path: Path, end: End) -> None:
    pages: list[list[str]] = []
    window = Window(size=3, end=end)
    with open_segments(write_segments(tmp_path, split([plain(key) for key in "hgfedcba"], 3))) as segments:
        orders = everything(segments, Ranking.NEWEST)
        while (found := cut(orders, window)).entries:
            pages.append([entry.position.key for entry in found.entries])
            first, last = found.entries[0].position, found.entries[-1].position
            window = Window(size=3, end=end, after=last) if end is End.START else Window(size=3, end=end, before=first)
    forwards = [["a", "b", "c"], ["d", "e", "f"], ["g", "h"]]
    assert pages == (forwards if end is End.START else [["f", "g", "h"], ["c", "d", "e"], ["a", "b"]])


def test_without_segments_there_is_an_empty_page() -> None:
    assert cut([], Window()) == ([], False, False)


def test_a_page_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(RequestError, match="ask for 0 or more"):
        cut([], Window(size=-1))
