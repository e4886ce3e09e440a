"""Fixtures of all tests: how hard Hypothesis tries, the collector held back, and every engine, each with an index."""

import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator

import hypothesis
import pytest

from indexer.article import Article
from indexer.search.engine import SearchEngine
from tests.cluster.places import ClusterPlaces
from tests.engine_place import OpenWith, Place, PlainPlace, UrlPlace, write


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


@pytest.fixture(scope="session", params=["plain", "whoosh", "opensearch"])
def new_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Place]]:
    """Makes a place for a new index; one for each kind of engine."""
    if request.param == "opensearch":
        places = ClusterPlaces(request.getfixturevalue("cluster_hosts"))
        yield places
        places.close()
    elif request.param == "whoosh":
        yield lambda: UrlPlace(f"whoosh://{tmp_path_factory.mktemp('index')}/index")
    else:
        yield PlainPlace


@pytest.fixture(scope="session")
def cluster_hosts() -> str:
    """The hosts of a cluster, as its URL has them. Tests of it are skipped where there is none."""
    hosts = os.environ.get("NEWSSTAND_TEST_CLUSTER", "")
    if not hosts:
        pytest.skip("NEWSSTAND_TEST_CLUSTER names no cluster")
    return hosts


@pytest.fixture
def place(new_place: Callable[[], Place]) -> Place:
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
