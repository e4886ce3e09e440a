"""Requests about the same articles are one search, and each is answered as if it were asked alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.facets import FacetRequest, SpreadRequest
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest
from schema.loading.loaders import JoinedSearches, bare
from tests.library import LIBRARY
from tests.plain_engine import PlainEngine
from tests.samples import NOW
from tests.strategies import requests

ENGINE = PlainEngine(LIBRARY)
PAGE = SearchRequest(now=NOW, text="run", ranking=Ranking.RELEVANCE)
TOTAL = replace(bare(PAGE), total=True)
TOPICS = replace(bare(PAGE), facets=(FacetRequest(field=TermField.TOPIC),))
TYPES = replace(bare(PAGE), facets=(FacetRequest(field=TermField.TYPE),))
HEAT = replace(bare(PAGE), spreads=(SpreadRequest(field=NumberField.HEAT),))
EMPTY_PAGE = replace(PAGE, window=Window(size=0))
ELSEWHERE = replace(TOTAL, text="other")


def same_articles(request: SearchRequest) -> st.SearchStrategy[SearchRequest]:
    """Requests that match what `request` does."""
    counting = st.sampled_from(
        [
            replace(bare(request), **{name: getattr(one, name)})
            for one in (TOTAL, TOPICS, TYPES, HEAT)
            for name in ("total", "facets", "spreads")
        ]
    )
    return counting | st.sampled_from((request, replace(request, window=Window(size=1)), bare(request)))


@given(
    st.lists(requests, min_size=1, max_size=2).flatmap(
        lambda some: st.lists(st.sampled_from(some).flatmap(same_articles), min_size=1, max_size=8)
    )
)
async def test_each_request_is_answered_as_if_it_were_alone(asked: list[SearchRequest]) -> None:
    batch = JoinedSearches(asked)
    answers = batch.answers(await ENGINE.search(batch.searches))
    assert answers == list(await ENGINE.search(asked))


def test_what_is_counted_joins_the_page() -> None:
    batch = JoinedSearches([TOTAL, TOPICS, PAGE, HEAT, TYPES, TOPICS])
    [search] = batch.searches
    assert search == replace(PAGE, total=True, facets=TOPICS.facets + TYPES.facets, spreads=HEAT.spreads)


def test_what_is_counted_without_a_page_is_one_search_without_any() -> None:
    [search] = JoinedSearches([TOTAL, TOPICS]).searches
    assert search == replace(TOTAL, facets=TOPICS.facets)


def test_other_articles_and_other_pages_are_searches_of_their_own() -> None:
    assert len(JoinedSearches([PAGE, EMPTY_PAGE, TOTAL, ELSEWHERE]).searches) == 3
