import signal
import socket
from pathlib import Path

import httpx2
import pytest

from gateway.config.errors import ServingError
from gateway.server.serving import address, listen
from indexer.engines import open_writer
from tests.gateway.library import write_content, write_index
from tests.gateway.server_process import Server, serving

HEAD = b"POST /graphql HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"


def titles(server: Server) -> list[str]:
    answer = httpx2.post(server.url("/graphql"), json={"query": "query Titles { articles { nodes { title } } }"})
    return [article["title"] for article in answer.json()["data"]["articles"]["nodes"]]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_the_server_quietly(tmp_path: Path, workers: str):
    content = write_content(tmp_path)
    with serving(tmp_path, "--content", str(content), "--workers", workers) as server:
        server.wait_for(200)
        assert titles(server) == ["Pears [are] ripe", "Apples are ripe"]
        assert server.stop(signal.SIGINT) == 130
    assert "Traceback" not in server.log.read_text()
    assert [line["operation"] for line in server.lines() if line["event"] == "request"] == ["Titles"]


def test_an_orchestrator_ends_the_server_in_good_order(tmp_path: Path):
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        server.stop(signal.SIGTERM)
    assert "Traceback" not in server.log.read_text()
    assert "Application shutdown complete." in server.log.read_text()


def test_an_index_is_served_without_its_content(tmp_path: Path):
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        assert len(titles(server)) == 2
    assert "nowhere; serving the index as it is" in server.log.read_text()


def test_an_index_that_appears_later_is_served(tmp_path: Path):
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(503)
        write_index(tmp_path)
        server.wait_for(200)
        assert len(titles(server)) == 2


def test_the_old_index_is_served_when_a_build_fails(tmp_path: Path):
    """Here another build is under way."""
    index = write_index(tmp_path)
    with open_writer(index), serving(tmp_path, "--content", str(tmp_path / "content")) as server:
        server.wait_for(200)
        assert len(titles(server)) == 2
    assert "could not be built, and is served as it was" in server.log.read_text()


def test_a_client_that_goes_away_leaves_no_traceback(tmp_path: Path):
    """It does so in the middle of its request, and while its answer is on the way."""
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        place = httpx2.URL(server.url("/graphql"))
        for sent in (b"{", b'{"query": "{ __typename }"}'.ljust(100)):
            with socket.create_connection((place.host, place.port or 80)) as connection:
                connection.sendall(HEAD + sent)
        assert titles(server)
        server.stop(signal.SIGTERM)
    assert "Traceback" not in server.log.read_text()


def test_a_port_that_is_taken_cannot_be_listened_on():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServingError, match="already in use"):
        listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 300, "203.0.113.1"])
def test_a_host_that_is_not_this_machine_cannot_be_listened_on(host: str):
    with pytest.raises(ServingError, match="--host"):
        listen(host, 0)


def test_the_address_is_one_for_browsers():
    with listen("127.0.0.1", 0) as listener:
        assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
