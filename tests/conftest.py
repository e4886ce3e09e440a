"""Fixtures of all tests: how hard Hypothesis tries, the collector held back, and every engine, each with an index."""

import gc
import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest

from indexer.article import Article
from indexer.search.engine import BodySearch, SearchEngine
from tests.cluster import cluster
from tests.cluster.places import ClusterPlaces
from tests.engine_place import NewPlace, OpenWith, Place, PlainPlace, UrlPlace, write


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--operations 200000` compares the two ways of execution for as long as one likes, `--faults 200` kills."""
    parser.addoption("--operations", type=int, default=2_000, help="how many drawn operations are executed both ways")
    parser.addoption("--faults", type=int, default=20, help="how many times a build is killed, and files are damaged")


def pytest_configure(config: pytest.Config) -> None:
    """Bound the time of property tests by examples only. Where `CI` is set, Hypothesis draws the same each time."""
    hypothesis.settings.register_profile("newsstand", deadline=None, max_examples=40)
    hypothesis.settings.register_profile("operations", deadline=None, max_examples=config.getoption("--operations"))
    hypothesis.settings.load_profile("newsstand")


@pytest.fixture
def no_collector() -> Iterator[None]:
    """An object lives while something refers to it: nothing is freed or kept because of when cycles are looked for."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def cluster_hosts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The nodes of the cluster that the processes of this test session share, as `tests/cluster/README.md` says."""
    wanted = os.environ.get("TEST_CLUSTER", "")
    if ":" in wanted:
        return wanted
    if wanted == "none":
        pytest.skip("TEST_CLUSTER asks for none")
    is_worker = hasattr(request.config, "workerinput")  # of pytest-xdist: its processes have one parent and one folder
    folder = tmp_path_factory.getbasetemp().parent if is_worker else tmp_path_factory.mktemp("cluster")
    try:
        return cluster.shared(folder, owner=os.getppid() if is_worker else os.getpid())
    except cluster.ClusterMissing as error:
        if wanted == "demand":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=["plain", "whoosh", pytest.param("opensearch", marks=pytest.mark.cluster)])
def new_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewPlace]:
    """Makes a place for a new index; one for each kind of engine."""
    if request.param == "opensearch":
        places = ClusterPlaces(request.getfixturevalue("cluster_hosts"))
        yield places.new
        places.close()
    elif request.param == "whoosh":
        yield lambda bodies=BodySearch.KEPT: UrlPlace(
            f"whoosh://{tmp_path_factory.mktemp('index')}/index", bodies=bodies
        )
    else:
        yield lambda bodies=BodySearch.KEPT: PlainPlace(searches_bodies=bodies is BodySearch.ON)


@pytest.fixture
def place(new_place: NewPlace) -> Place:
    """A place for a new index."""
    return new_place()


@pytest.fixture
async def open_with(place: Place) -> AsyncIterator[OpenWith]:
    """Adds articles to the index at `place`, and opens an engine on it."""
    engines: list[SearchEngine] = []

    async def open_engine(*articles: Article) -> SearchEngine:
        write(place, articles)
        engines.append(await place.open_engine())
        return engines[-1]

    yield open_engine
    for engine in engines:
        await engine.close()
