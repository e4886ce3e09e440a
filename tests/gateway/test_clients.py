"""Clients that others wrote work with the server as it is."""

from pathlib import Path

import pytest

from gateway.config.settings import Draft
from tests.gateway.library import write_index
from tests.gateway.node_packages import installed
from tests.gateway.server_process import serving


@pytest.mark.parametrize(("draft", "unknown"), [(Draft.YEAR_2024, 200), (Draft.YEAR_2026, 422)])
def test_apollo_client_urql_and_graphql_request_page_fail_and_persist(
    tmp_path: Path, pytestconfig: pytest.Config, draft: Draft, unknown: int
):
    node = installed(pytestconfig.cache.mkdir("node"))
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere"), NEWSSTAND_HTTP_DRAFT=draft) as server:
        server.wait_for(200)
        clients = {str(client["name"]): client for client in node.run("clients.js", server.url("/graphql"))}
    assert list(clients) == ["apollo", "urql", "post", "get"]
    for client in clients.values():
        assert client["titles"] == ["Pears [are] ripe", "Apples are ripe"]
        assert (client["wrong"], client["invalid"]) == (["BAD_USER_INPUT"], ["GRAPHQL_VALIDATION_FAILED"])
        assert client["counts"] == [2, 2]
    for name, sent_by in (("apollo", "POST"), ("urql", "GET")):
        assert clients[name]["wire"] == [
            {"method": "GET", "status": unknown, "full": False},
            {"method": sent_by, "status": 200, "full": True},
            {"method": "GET", "status": 200, "full": False},
        ]
    for name, method in (("post", "POST"), ("get", "GET")):
        assert clients[name]["wire"] == [{"method": method, "status": 200, "full": True}] * 2
