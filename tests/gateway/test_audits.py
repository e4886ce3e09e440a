"""The audits of the npm package graphql-http: does the server do what GraphQL over HTTP says?"""

from pathlib import Path

import pytest

from gateway.config.settings import Draft
from tests.gateway.library import write_index
from tests.gateway.node_packages import installed
from tests.gateway.server_process import serving

CHANGED = {"47DE", "80D8", "572B", "FDE2", "7B9B", "86EE"}
"""Findings of the audits about media types and statuses that the draft of 2026 has changed."""


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


def test_by_the_draft_of_2026_only_what_it_has_changed_is_otherwise(tmp_path: Path, pytestconfig: pytest.Config):
    node = installed(pytestconfig.cache.mkdir("node"))
    write_index(tmp_path)
    options = ("--content", str(tmp_path / "nowhere"))
    with serving(tmp_path, *options, NEWSSTAND_HTTP_DRAFT=Draft.YEAR_2026) as server:
        server.wait_for(200)
        audits = node.run("audits.js", server.url("/graphql"))
    failed = {audit["id"] for audit in audits if audit["status"] not in {"ok", "notice"}}
    assert failed == CHANGED
    assert not any(str(audit["name"]).startswith("MUST") for audit in audits if audit["status"] != "ok")
