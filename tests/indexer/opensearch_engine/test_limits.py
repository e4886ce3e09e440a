"""What is beyond the limits of one request to a cluster is found all the same."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from indexer.article import Article, Provider
from indexer.search.engine import SearchEngine
from indexer.search.facets import FacetRequest
from indexer.search.filters import TermField
from indexer.search.ranking import End, Ranking, Tuning, Window
from indexer.search.requests import SearchRequest
from tests.asking import ask, keys
from tests.cluster.places import ClusterPlaces
from tests.engine_place import Place, UrlPlace, write
from tests.replacing import replace
from tests.samples import NOW, plain

pytestmark = pytest.mark.cluster
MANY = 10_300  # more than a cluster finds at once


def article(number: int) -> Article:
    provider = Provider(domain="few.example" if number % 100 == 0 else "many.example")
    return replace(plain(f"{number:05}"), title=f"owl{number % 7}", topics=(f"topic {number}",), provider=provider)


@pytest.fixture(scope="module")
def place(cluster_hosts: str) -> Iterator[Place]:
    """An index of very many articles, which have a topic each."""
    places = ClusterPlaces(cluster_hosts)
    made = places.new()
    write(made, map(article, range(MANY)))
    yield made
    places.close()


@pytest.fixture
async def engine(place: Place) -> AsyncIterator[SearchEngine]:
    engine = await place.open_engine()
    yield engine
    await engine.close()


async def test_a_page_lies_as_far_down_as_one_likes(engine: SearchEngine) -> None:
    request = SearchRequest(now=NOW, window=Window(size=2, offset=10_200), total=True)
    page = await ask(engine, request)
    assert (keys(page), page.total, page.has_previous, page.has_next) == (["10200", "10201"], MANY, True, True)
    last = await ask(engine, replace(request, window=Window(size=2, offset=10_200, end=End.FINISH)))
    assert keys(last) == ["00098", "00099"]


async def test_all_of_very_many_values_are_counted(engine: SearchEngine) -> None:
    topics = FacetRequest(field=TermField.TOPIC, size=1)
    [facet] = (await ask(engine, SearchRequest(now=NOW, facets=(topics,)))).facets
    assert (facet.total, facet.values[0].value, facet.values[0].count) == (MANY, "topic 0", 1)


async def test_turns_go_on_where_a_provider_has_very_many(engine: SearchEngine) -> None:
    tuning = Tuning(max_per_provider=4_000)
    request = SearchRequest(now=NOW, ranking=Ranking.RELEVANCE, tuning=tuning, window=Window(size=3, offset=8_103))
    page = await ask(engine, request)
    of_many = [number for number in range(MANY) if number % 100]
    assert keys(page) == [f"{number:05}" for number in of_many[8_000:8_003]]
    assert [hit.position.values[0] for hit in page.hits] == [-2.0] * 3


async def test_a_text_of_very_many_words_has_the_scores_of_the_embedded_engine(
    cluster_hosts: str, tmp_path: Path
) -> None:
    words = [f"word{number}" for number in range(160)]
    articles = [replace(plain(f"{count}"), excerpt=" ".join(words[:count])) for count in (1, 3, 40, 160)]
    places = ClusterPlaces(cluster_hosts)
    request = SearchRequest(now=NOW, text=" OR ".join(words), ranking=Ranking.RELEVANCE)
    found = []
    for place in (places.new(), UrlPlace(f"whoosh://{tmp_path}/index")):
        write(place, articles)
        engine = await place.open_engine()
        found.append(
            [(hit.article.key, pytest.approx(hit.score, rel=1e-5)) for hit in (await ask(engine, request)).hits]
        )
        await engine.close()
    places.close()
    assert found[0] == [(key, score.expected) for key, score in found[1]]
    assert len(found[0]) == 4
