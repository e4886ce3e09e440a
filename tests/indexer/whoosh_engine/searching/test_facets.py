"""Counts over several segments, with deleted articles and drafts among them, against plain counting."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Provider
from indexer.search.facets import Calendar, FacetOrder, FacetRequest, SpreadRequest
from indexer.search.filters import EVERYTHING, Among, HasImage, Not, NumberField, TermField
from indexer.search.ranking import Window
from indexer.search.requests import SearchRequest
from indexer.whoosh_engine import engine
from tests.asking import ask
from tests.indexer.whoosh_engine.crowds import crowd
from tests.indexer.whoosh_engine.segments import split, write_segments
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW
from tests.strategies import facet_requests, filters, spread_requests

SIZES = st.sampled_from((0, 1, 3, 30, 60))
texts = st.sampled_from(("", "", "run", "the OR ai", "-run", "walk*", "harbour0 OR harbour1", "nobody"))
conditions = st.sampled_from((EVERYTHING, Not(HasImage()), Among(TermField.TOPIC, frozenset({"AI"})))) | filters


def varied(random: Random, count: int) -> list[Article]:
    """A crowd of different providers, months and numbers; some are drafts, and some are dated later."""
    return [
        replace(
            article,
            published=random.random() < 0.8,
            published_date_time=NOW - random.randrange(-40, 400) * DAY,
            provider=Provider(domain=f"{random.randrange(20)}.example"),
            category=random.choice((None, "news", "News", "sport")),
            quality=random.choice((None, None, 7, -3, 99)),
            heat=random.choice((None, 1, 2**31 - 1)),
        )
        for article in crowd(random, count)
    ]


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[Sequence[Article]], set[str]]:
    """Segments, and the keys of what is deleted from them."""
    random = draw(st.randoms(use_true_random=False))
    articles = varied(random, draw(SIZES))
    gone = {article.key for article in articles if random.random() < draw(st.sampled_from((0.0, 0.3)))}
    return split(articles, draw(st.integers(1, 3))), gone


@given(
    corpora(),
    texts,
    conditions,
    st.lists(facet_requests, min_size=1, max_size=4).map(tuple),
    st.lists(spread_requests, max_size=2).map(tuple),
)
async def test_facets_count_what_plain_counting_does(  # noqa: PLR0913, PLR0917 - what Hypothesis draws
    tmp_path_factory: pytest.TempPathFactory,
    corpus: tuple[list[Sequence[Article]], set[str]],
    text: str,
    condition: object,
    facets: tuple[FacetRequest, ...],
    spreads: tuple[SpreadRequest, ...],
) -> None:
    batches, gone = corpus
    generation = engine.newest(write_segments(tmp_path_factory.mktemp("index"), batches, without=gone))
    oracle = PlainEngine(article for batch in batches for article in batch if article.key not in gone)
    request = SearchRequest(
        now=NOW, text=text, filter=condition, window=Window(size=0), total=True, facets=facets, spreads=spreads
    )
    found, expected = generation.search(request, generation.moment(request.now)), await ask(oracle, request)
    generation.close()
    assert [(each.value, each.count) for facet in found.facets for each in facet.values] == [
        (each.value, each.count) for facet in expected.facets for each in facet.values
    ]
    assert [(facet.has_next, facet.total) for facet in found.facets] == [
        (facet.has_next, facet.total) for facet in expected.facets
    ]
    assert (found.spreads, found.total) == (expected.spreads, expected.total)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.98])
@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("text", ["", "harvest"])
async def test_every_way_to_count_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, share: float, parts: int, text: str
) -> None:
    """Few documents are counted one by one, most by what is missing, and those between by going through all."""
    random = Random(1)  # noqa: S311 - the same articles each time
    chosen = [replace(one, title="Harvest" if random.random() < share else "Other") for one in varied(random, 300)]
    articles = [replace(one, type="yes" if one.title == "Harvest" else "no") for one in chosen]
    wanted = EVERYTHING if text else Among(TermField.TYPE, frozenset({"yes"}))
    request = SearchRequest(
        now=NOW,
        text=text,
        filter=wanted,
        facets=tuple(FacetRequest(field=field, size=100) for field in (*TermField, *Calendar)),
        spreads=tuple(SpreadRequest(field=field) for field in NumberField),
    )
    generation = engine.newest(write_segments(tmp_path_factory.mktemp("index"), split(articles, parts)))
    found, expected = (
        generation.search(request, generation.moment(request.now)),
        await ask(PlainEngine(articles), request),
    )
    generation.close()
    assert (found.facets, found.spreads) == (expected.facets, expected.spreads)


@pytest.mark.parametrize("parts", [1, 3])
async def test_what_is_kept_of_one_search_is_not_taken_for_another(
    tmp_path_factory: pytest.TempPathFactory, parts: int
) -> None:
    """Every search is asked twice, among others of the same words, filters or clocks."""
    articles = varied(Random(3), 60)  # noqa: S311 - the same articles each time
    generation = engine.newest(write_segments(tmp_path_factory.mktemp("index"), split(articles, parts)))
    oracle = PlainEngine(articles)
    facets = tuple(FacetRequest(field=field, size=100) for field in (*TermField, *Calendar))
    spreads = tuple(SpreadRequest(field=field) for field in NumberField)
    asked = [
        SearchRequest(now=now, text=text, filter=condition, facets=facets, spreads=spreads)
        for now in (NOW, NOW - 100 * DAY, NOW + 20 * DAY)
        for text in ("", "run", "-run", "the OR ai")
        for condition in (EVERYTHING, Among(TermField.TOPIC, frozenset({"AI"})), HasImage())
    ]
    for request in (*asked, *asked):
        found, expected = generation.search(request, generation.moment(request.now)), await ask(oracle, request)
        assert (found.facets, found.spreads) == (expected.facets, expected.spreads)
    generation.close()


async def test_the_best_of_very_many_values_come_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of many values only the best are sorted."""
    random = Random(2)  # noqa: S311 - the same articles each time
    articles = [
        replace(one, published=True, topics=tuple({f"t{int(random.random() ** 3 * 200)}" for _ in range(4)}))
        for one in varied(random, 300)
    ]
    generation = engine.newest(write_segments(tmp_path_factory.mktemp("index"), split(articles, 2)))
    for size in (0, 1, 5, 100, 1000):
        for order in FacetOrder:
            facet = FacetRequest(field=TermField.TOPIC, size=size, order=order)
            request = SearchRequest(now=NOW, facets=(facet,))
            found, expected = (
                generation.search(request, generation.moment(request.now)),
                await ask(PlainEngine(articles), request),
            )
            assert found.facets == expected.facets
    generation.close()
