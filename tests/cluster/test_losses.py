"""A cluster that loses nodes, one or all, while it is asked."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import pytest
from httpx2 import Response

from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest
from tests.cluster import cluster
from tests.cluster.places import ClusterPlaces
from tests.engine_place import Place, write
from tests.gateway.http_client import serving
from tests.replacing import replace
from tests.samples import NOW, plain

ARTICLES = [
    replace(plain(f"news/{number:03}"), title=f"Owls and {'mice' if number % 2 else 'voles'} {number}")
    for number in range(200)
]
CLIENTS = 4
SECONDS_OF_LOAD = float(os.environ.get("TEST_CLUSTER_SECONDS", "6"))
AT_ONCE = 1.0  # seconds, on a busy machine
BACK = 120.0
QUERY = '{ articles(search: "owls", first: 5) { totalCount pageInfo { endCursor } edges { cursor node { title } } } }'

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def nodes(cluster_hosts: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.Cluster]:
    """A cluster of this file alone, whose nodes may be stopped. `cluster_hosts` tells that there can be one."""
    assert cluster_hosts
    started = cluster.Cluster(tmp_path_factory.mktemp("nodes"), owner=os.getpid())
    yield started
    started.close()


@pytest.fixture
def place(nodes: cluster.Cluster) -> Place:
    """An index of all articles, two copies of it on different nodes."""
    place = ClusterPlaces(nodes.hosts).new()
    write(place, ARTICLES)
    return place


@pytest.fixture
async def engine(place: Place) -> AsyncIterator[SearchEngine]:
    engine = await place.open_engine()
    yield engine
    await engine.close()


async def totals(engine: SearchEngine, text: str) -> int | None:
    request = SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, window=Window(size=5), total=True)
    [result] = await engine.search([request])
    return result.total


async def test_a_node_may_be_lost_under_load(nodes: cluster.Cluster, engine: SearchEngine) -> None:
    answered, ends = [], time.monotonic() + SECONDS_OF_LOAD

    async def client(number: int) -> None:
        while time.monotonic() < ends:
            text = f"owls -{number}x{len(answered)}"  # another text each time, so that none is at hand
            answered.append(await totals(engine, text))

    load = asyncio.gather(*map(client, range(CLIENTS)))
    await asyncio.sleep(SECONDS_OF_LOAD / 3)
    before = len(answered)
    await asyncio.to_thread(nodes.stop, 1)
    await load
    assert set(answered) == {len(ARTICLES)}
    assert len(answered) > before > 0
    await asyncio.to_thread(nodes.start, 1)
    assert await totals(engine, "owls OR back") == len(ARTICLES)


async def test_without_any_node_it_is_said_at_once_and_with_them_all_goes_on(
    nodes: cluster.Cluster, place: Place
) -> None:
    async with serving((), place=place) as http:

        async def answer_to(text: str) -> Response:
            return await http.post("/graphql", json={"query": QUERY.replace("owls", text)})

        before = await answer_to("owls")
        assert before.json()["data"]["articles"]["totalCount"] == len(ARTICLES)
        for node in range(cluster.NODES):
            await asyncio.to_thread(nodes.stop, node)
        try:
            assert (await answer_to("owls OR first")).status_code == HTTPStatus.SERVICE_UNAVAILABLE
            begun = time.monotonic()
            answer = await answer_to("owls OR second")
            assert time.monotonic() - begun < AT_ONCE
            assert (answer.status_code, answer.headers["retry-after"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "1")
            assert (await http.get("/readyz")).status_code == HTTPStatus.SERVICE_UNAVAILABLE
        finally:
            for node in range(cluster.NODES):
                await asyncio.to_thread(nodes.start, node)
        ends = time.monotonic() + BACK
        after = await answer_to("owls OR third")
        while after.status_code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < ends:
            await asyncio.sleep(0.2)
            after = await answer_to("owls OR third")
        assert after.json()["data"]["articles"]["totalCount"] == len(ARTICLES)
        assert (await http.get("/readyz")).status_code == HTTPStatus.OK
