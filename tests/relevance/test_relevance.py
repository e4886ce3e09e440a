"""Results of searches in `content/`, compared with judgements by people who read the articles."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.content.build import build
from indexer.search.requests import SearchRequest, SearchResult
from tests.cluster.places import ClusterPlaces
from tests.engine_place import Place, UrlPlace
from tests.relevance.judged import Judged, is_named, judged_searches
from tests.silence import Silence

CONTENT = Path(__file__).parents[2] / "content"
SEARCHES = judged_searches()


@pytest.fixture(scope="module", params=["whoosh", pytest.param("opensearch", marks=pytest.mark.cluster)])
def new_index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An index in a folder, and one in a cluster."""
    if request.param == "opensearch":
        places = ClusterPlaces(request.getfixturevalue("cluster_hosts"))
        yield places.new()
        places.close()
    else:
        yield UrlPlace(f"whoosh://{tmp_path_factory.mktemp('relevance')}/index")


@pytest.fixture(scope="module")
def results(new_index: Place) -> dict[str, SearchResult]:
    """The results of each search, by its name."""
    with new_index.open_writer() as writer:
        build(CONTENT, writer, progress=Silence())
    found = asyncio.run(_answers(new_index, [judged.request for judged in SEARCHES]))
    return dict(zip((judged.name for judged in SEARCHES), found, strict=True))


async def _answers(place: Place, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
    engine = await place.open_engine()
    try:
        return await engine.search(requests)
    finally:
        await engine.close()


@pytest.mark.parametrize("judged", SEARCHES, ids=lambda judged: judged.name)
def test_a_search_finds_what_a_person_expects(judged: Judged, results: dict[str, SearchResult]) -> None:
    differences = judged.differences(results[judged.name])
    if differences:
        pytest.fail(differences, pytrace=False)


def test_each_name_means_one_article() -> None:
    keys = [path.stem for path in CONTENT.rglob("*") if path.is_file()]
    meant = {name: [key for key in keys if is_named(key, name)] for one in SEARCHES for name in one.articles}
    assert {name: keys for name, keys in meant.items() if len(keys) != 1} == {}


def test_every_search_is_judged_once_and_expects_something() -> None:
    assert [name for name, count in Counter(one.name for one in SEARCHES).items() if count > 1] == []
    assert [one.name for one in SEARCHES if not (one.first or one.anywhere or one.nothing)] == []
    assert len(SEARCHES) >= 60


def test_a_difference_is_told_with_both_lists(results: dict[str, SearchResult]) -> None:
    wrong = Judged(text="lighthouse", purpose="a wrong judgement", first=(("coffee-prices",),), did_you_mean="light")
    told = wrong.differences(results["lighthouse"])
    assert told.startswith("lighthouse: a wrong judgement\n  place 1: expected coffee-prices\n")
    assert "did you mean: expected 'light', offered None" in told
    assert "Battery made from salt keeps a lighthouse lit for nine nights" in told
