import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import orjson
import pytest
from httpx2 import URL

from gateway.config.errors import ServingError
from gateway.server.serving import address, listen
from indexer.engines import open_writer
from tests.gateway.library import write_content, write_index
from tests.gateway.server_process import PATIENCE, Server, serving
from tests.replacing import replace
from tests.samples import plain

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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_hangup_is_a_request_to_look_for_another_generation(tmp_path: Path, workers: str):
    write_index(tmp_path)
    options = ("--content", str(tmp_path / "nowhere"), "--workers", workers)
    with serving(tmp_path, *options, NEWSSTAND_REFRESH_SECONDS="3600") as server:
        server.wait_for(200)
        while [line["event"] for line in server.lines()].count("serving") < int(workers):
            time.sleep(0.05)
        with open_writer(str(tmp_path / "index")) as writer:
            writer.delete(["apples"])
            writer.add([replace(plain("new"), title="New")])
            number = writer.commit(writer.state)
        deadline = time.monotonic() + PATIENCE
        served: list[object] = []
        while served.count(number) < int(workers):  # a worker that has just started may not have told its supervisor
            assert time.monotonic() < deadline, server.log.read_text()
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
            served = [line["generation"] for line in server.lines() if line["event"] == "serving"]
        assert "New" in titles(server)


def looping(port: int) -> tuple[int, int]:
    """A client that asks without a pause until it is refused; its answers, and how many of them were the last ones."""
    answers = lasts = 0
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.connect()
        except ConnectionRefusedError:
            return answers, lasts
        with closing(connection):
            is_open = True
            while is_open:
                connection.request("GET", "/search.json?q=apples")
                answer = connection.getresponse()
                assert (answer.status, len(orjson.loads(answer.read())["hits"])) == (200, 1)
                answers += 1
                is_open = answer.getheader("Connection") != "close"
        lasts += 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_orchestrator_ends_the_server_and_no_request_is_reset(tmp_path: Path, workers: str):
    write_index(tmp_path)
    options = ("--content", str(tmp_path / "nowhere"), "--workers", workers)
    with serving(tmp_path, *options, NEWSSTAND_DRAIN_SECONDS="0.5") as server, ThreadPoolExecutor(4) as threads:
        server.wait_for(200)
        clients = [threads.submit(looping, URL(server.url("/")).port or 0) for _ in range(4)]
        time.sleep(0.2)
        assert server.stop(signal.SIGTERM) == 0
    for answers, lasts in [client.result() for client in clients]:
        assert answers >= lasts >= 1
    assert "Traceback" not in server.log.read_text()
    events = [line["event"] for line in server.lines()]
    assert events.count("draining") == events.count("Application shutdown complete.") == int(workers)
    assert events.index("starting") < events.index("listening")
    assert "request" not in events[: events.index("listening")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_probe_tells_of_the_end_and_a_second_signal_makes_it_come_at_once(
    tmp_path: Path, workers: str, number: signal.Signals
):
    options = ("--content", str(tmp_path / "nowhere"), "--workers", workers)
    write_index(tmp_path)
    with serving(tmp_path, *options, NEWSSTAND_DRAIN_SECONDS="3600") as server:
        server.wait_for(200)
        server.process.send_signal(number)
        while not any(line["event"] == "draining" for line in server.lines()):
            time.sleep(0.05)
        server.wait_for(503)
        assert httpx2.get(server.url("/readyz")).json()["status"] == "draining"
        assert titles(server)
        assert server.stop(number) == 128 + number
    assert "Traceback" not in server.log.read_text()


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
