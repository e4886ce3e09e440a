"""Gateways as processes of their own, on one cluster."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cluster.places import ClusterPlaces
from tests.engine_place import write
from tests.gateway.server_process import Server, serving
from tests.replacing import replace
from tests.samples import plain

ARTICLES = [replace(plain(f"news/{number:02}"), title=f"Owls and {number % 7} mice") for number in range(40)]
MOST_MEGABYTES = 150
QUERY = '{ articles(search: "owls", first: 5) { totalCount pageInfo { endCursor } edges { cursor node { title } } } }'

pytestmark = pytest.mark.cluster


def test_two_gateways_serve_the_same_pages_from_one_cluster(cluster_hosts: str, tmp_path: Path) -> None:
    places = ClusterPlaces(cluster_hosts)
    place = places.new()
    write(place, ARTICLES)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with serving(folders[0], index=place.url) as one, serving(folders[1], index=place.url) as other:
        for server in (one, other):
            server.wait_for(HTTPStatus.OK)
            assert megabytes_of(server.process.pid) < MOST_MEGABYTES

        def answer(server: Server, query: str) -> Any:
            found = httpx2.post(server.url("/graphql"), json={"query": query}, timeout=60).json()
            return found["data"]["articles"]

        first = answer(one, QUERY)
        following = QUERY.replace("first: 5", f'first: 5, after: "{first["pageInfo"]["endCursor"]}"')
        pages = [answer(server, following) for server in (one, other)]
        assert pages[0] == pages[1]
        assert pages[0]["totalCount"] == len(ARTICLES)
        assert pages[0]["edges"] != first["edges"] != []
    places.close()


def megabytes_of(process: int) -> float:
    """The memory that a process holds."""
    [resident] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(resident) / 1_000
