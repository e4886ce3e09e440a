import shutil
import subprocess
from pathlib import Path

import pytest

from tests.gateway.library import write_index
from tests.gateway.server_process import serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Whatever the page loads from elsewhere is missing, as it is without a network."""

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--enable-logging=stderr",
    OFFLINE,
)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_graphiql_is_drawn_and_loads_the_schema_without_a_network(tmp_path: Path):
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        browser = subprocess.run(  # noqa: S603 - a browser of this machine on a page of ours
            (str(CHROMIUM), *OPTIONS, f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom", server.url("/graphql")),
            capture_output=True,
            timeout=120,
            check=True,
        )
        page = browser.stdout.decode()
        requests = [line for line in server.lines() if line["event"] == "request"]
    assert 'class="graphiql-execute-button"' in page
    assert "FirstPage" in page
    assert "Newsstand" in page
    assert "IntrospectionQuery" in {line.get("operation") for line in requests}
    assert {line["path"] for line in requests} >= {
        f"/static/graphiql/5.4.0/{kind}.worker.js" for kind in ("editor", "graphql", "json")
    }
    assert {line["status"] for line in requests} == {200}
    complaints = [line for line in browser.stderr.decode().splitlines() if ":CONSOLE" in line]
    assert complaints == []
