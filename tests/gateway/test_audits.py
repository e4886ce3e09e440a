"""The audits of the npm package graphql-http: does the server do what GraphQL over HTTP says?"""

from pathlib import Path

import pytest

from tests.gateway.library import write_index
from tests.gateway.node_packages import installed
from tests.gateway.server_process import serving


def test_everything_that_must_or_should_be_is(tmp_path: Path, pytestconfig: pytest.Config):
    node = installed(pytestconfig.cache.mkdir("node"))
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        audits = node.run("audits.js", server.url("/graphql"))
    required = [audit for audit in audits if str(audit["name"]).startswith(("MUST", "SHOULD"))]
    assert len(required) > 30
    assert [audit for audit in required if audit["status"] != "ok"] == []
    # The others are the specification's suggestions; all of them are met as well.
    assert {audit["status"] for audit in audits} == {"ok"}
