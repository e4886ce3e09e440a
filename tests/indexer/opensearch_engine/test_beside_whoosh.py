"""The engine on a cluster beside the embedded one: the same articles, counts and reports, and the same scores.

Scores are sums of numbers in single precision, which the two engines add in different orders: they differ by less than
a millionth of themselves, so that articles may change places that are as near.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, fields
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import Explanation, Hit, SearchRequest, SearchResult
from tests import strategies
from tests.asking import ask
from tests.cluster.places import ClusterPlaces
from tests.engine_place import Place, UrlPlace, write
from tests.hidden import SCHEDULED, VISIBLE
from tests.indexer.contract.test_hidden import requests
from tests.indexer.whoosh_engine.crowds import crowd
from tests.library import LIBRARY

CORPUS = (*LIBRARY, *VISIBLE, *SCHEDULED, *crowd(Random(7), 300))  # noqa: S311 - no secret
NEARLY = 2e-6


@dataclass(frozen=True, slots=True)
class Beside:
    """The two engines, on the same articles."""

    cluster: SearchEngine
    embedded: SearchEngine


@pytest.fixture(scope="module")
def places(cluster_hosts: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Place]]:
    """The same articles in a cluster and in a folder."""
    clusters = ClusterPlaces(cluster_hosts)
    both = (clusters.new(), UrlPlace(f"whoosh://{tmp_path_factory.mktemp('index')}/index"))
    for place in both:
        write(place, CORPUS[::2])
        write(place, CORPUS[1::2])
    yield both
    clusters.close()


@pytest.fixture
async def beside(places: Sequence[Place]) -> AsyncIterator[Beside]:
    engines = [await place.open_engine() for place in places]
    yield Beside(*engines)
    for engine in engines:
        await engine.close()


@pytest.mark.cluster
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests | strategies.requests)
async def test_a_thousand_requests_have_the_same_answers(beside: Beside, request: SearchRequest) -> None:
    found, expected = await ask(beside.cluster, request), await ask(beside.embedded, request)
    assert counted(found) == counted(expected)
    assert len(found.hits) == len(expected.hits)
    for hit, other in zip(found.hits, expected.hits, strict=True):
        assert hit.position.values == pytest.approx(other.position.values, rel=NEARLY)
        assert hit.article == other.article or request.ranking is Ranking.RELEVANCE
        if hit.article == other.article:
            assert_same_scores(hit, other)


def counted(result: SearchResult) -> object:
    """All of an answer but its hits; a facet's positions are of its values and counts."""
    return (
        (result.has_previous, result.has_next, result.total, result.facets, result.spreads),
        (result.statistics, result.understanding),
    )


def assert_same_scores(hit: Hit, other: Hit) -> None:
    assert (hit.score is None, hit.explanation is None) == (other.score is None, other.explanation is None)
    if hit.score is not None:
        assert hit.score == pytest.approx(other.score, rel=NEARLY)
    if hit.explanation is not None:
        for part in (field.name for field in fields(Explanation)):
            assert getattr(hit.explanation, part) == pytest.approx(getattr(other.explanation, part), rel=1e-5, abs=1e-6)
