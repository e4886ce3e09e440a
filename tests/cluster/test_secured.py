"""A cluster behind TLS, which wants to know who asks."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import httpx2
import pytest

from tests.cluster.places import ClusterPlaces
from tests.cluster.secured import API_KEY, PASSWORD, USER, Authority, secured
from tests.gateway.server_process import NEWSSTAND, serving

MARKDOWN = """---
title: Owls
publishedDateTime: 2024-05-01T08:00:00Z
webUrl: https://news.example/owls
provider: news.example
---
"""
QUERY = "{ articles { totalCount } }"
WRONG = "wr0ng-and-secret"

pytestmark = pytest.mark.cluster


class Secured(NamedTuple):
    """Two fronts of the same node, one of which has another's certificate, and the authority of both."""

    front: str
    of_another: str
    plain: str
    authority: Path
    stranger: Path

    def variables(self, **others: str) -> dict[str, str]:
        """Variables that let a process in, but for others."""
        right = {"CA": str(self.authority), "USER": USER, "PASSWORD": PASSWORD}
        return {f"NEWSSTAND_OPENSEARCH_{name}": value for name, value in (right | others).items() if value}


@pytest.fixture(scope="module")
def nodes(cluster_hosts: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder, node = tmp_path_factory.mktemp("secured"), cluster_hosts.split(",", maxsplit=1)[0]
    authority, stranger = (Authority.new(folder, name) for name in ("authority", "stranger"))
    with ExitStack() as stack:
        own, others = (authority.issue(folder, host) for host in ("127.0.0.1", "another.example"))
        fronts = [stack.enter_context(secured(node, certificate)) for certificate in (own, others)]
        yield Secured(*fronts, node, authority.file, stranger.file)


@pytest.fixture
def name(cluster_hosts: str) -> Iterator[str]:
    """The name of a new index."""
    places = ClusterPlaces(cluster_hosts)
    yield places.new().url.rpartition("/")[2]
    places.close()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "owls.md").write_text(MARKDOWN, "utf-8")
    return folder


def build(url: str, content: Path, variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [*NEWSSTAND, "index", "--content", str(content), "--index", url]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours


@pytest.mark.parametrize("others", [{}, {"USER": "", "PASSWORD": "", "API_KEY": API_KEY}])
def test_who_is_let_in_builds_and_serves(
    nodes: Secured, name: str, content: Path, tmp_path: Path, others: dict[str, str]
) -> None:
    url, variables = f"opensearch+https://{nodes.front}/{name}", nodes.variables(**others)
    built = build(url, content, variables)
    assert built.returncode == 0, built.stderr
    with serving(tmp_path, "--content", str(tmp_path / "none"), index=url, **variables) as server:
        server.wait_for(HTTPStatus.OK)
        answer = httpx2.post(server.url("/graphql"), json={"query": QUERY}, timeout=60).json()
        log = server.log.read_text("utf-8")
    assert answer == {"data": {"articles": {"totalCount": 1}}}
    for secret in (PASSWORD, API_KEY):
        assert secret not in log + built.stderr + built.stdout


REFUSED = {
    "another password": ({"PASSWORD": WRONG}, "front", "opensearch+https", "_PASSWORD"),
    "another key": ({"USER": "", "PASSWORD": "", "API_KEY": WRONG}, "front", "opensearch+https", "_API_KEY"),
    "nobody": ({"USER": "", "PASSWORD": ""}, "front", "opensearch+https", "_USER"),
    "an authority that is not known": ({"CA": ""}, "front", "opensearch+https", "_CA"),
    "another's certificate": ({}, "of_another", "opensearch+https", "another host"),
    "no TLS to a node that wants it": ({}, "front", "opensearch", "opensearch+https://"),
    "TLS to a node without it": ({}, "plain", "opensearch+https", "opensearch://"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_who_is_not_let_in_is_told_why_and_what_to_do(nodes: Secured, content: Path, tmp_path: Path, case: str) -> None:
    others, node, scheme, remedy = REFUSED[case]
    url, variables = f"{scheme}://{getattr(nodes, node)}/test-{token_hex(4)}", nodes.variables(**others)
    built = build(url, content, {**variables, "NEWSSTAND_OPENSEARCH_SECONDS": "1"})
    assert built.returncode == 1, built.stderr
    line = built.stderr.splitlines()[-1]
    assert remedy in line, line
    assert "test-" in line
    with serving(tmp_path, "--content", str(tmp_path / "none"), index=url, **variables) as server:
        server.wait_for(HTTPStatus.SERVICE_UNAVAILABLE)
        ready = httpx2.get(server.url("/readyz"))
        answer = httpx2.post(server.url("/graphql"), json={"query": QUERY}, timeout=60)
        log = server.log.read_text("utf-8")
    assert remedy in ready.json()["reason"]
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    for secret in (PASSWORD, WRONG):
        assert secret not in log + built.stderr + answer.text + ready.text
