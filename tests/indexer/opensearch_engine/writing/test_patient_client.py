"""Waits of a build for its cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from indexer.errors import IndexMissing, IndexUnreachable, Overloaded, SearchIndexError
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import Access


class Node(BaseHTTPRequestHandler):
    """Answers with the next of some statuses, and with 200 when there are no more."""

    statuses: list[int]

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        body = b'{"is": "there"}'
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def node(*statuses: int) -> Iterator[Address]:
    handler = type("Statuses", (Node,), {"statuses": [*statuses]})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Address((("127.0.0.1", server.server_port),), "news")
        finally:
            server.shutdown()
            thread.join()


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def patient(address: Address, clock: Clock, *, patience: float = 60.0) -> PatientClient:
    return PatientClient(address, Access(), patience=patience, sleep=clock.sleep, clock=clock)


def test_a_cluster_that_is_busy_is_asked_again_after_waits_that_grow() -> None:
    clock = Clock()
    with node(200, 503, 503, 429, 429, 503, 503) as address:
        client = patient(address, clock)
        assert client.ask("GET", "/") == client.ask("GET", "/") == {"is": "there"}
        client.close()
    assert 0.3 < clock.now < 10


@pytest.mark.parametrize(("status", "error"), [(503, IndexUnreachable), (429, Overloaded)])
def test_a_cluster_that_does_not_recover_is_given_up(status: int, error: type[Exception]) -> None:
    clock = Clock()
    with node(200, *(100 * [status])) as address:
        client = patient(address, clock)
        client.ask("GET", "/")
        with pytest.raises(error):
            client.ask("GET", "/")
        client.close()
    assert 50 < clock.now <= 60


def test_a_cluster_that_never_answered_is_not_waited_for() -> None:
    clock = Clock()
    with node() as address:
        pass
    client = patient(address, clock)
    with pytest.raises(IndexUnreachable, match="start one"):
        client.ask("GET", "/")
    client.close()
    assert clock.now == 0


@pytest.mark.parametrize(("status", "error"), [(404, IndexMissing), (400, SearchIndexError), (403, SearchIndexError)])
def test_a_refusal_is_not_repeated(status: int, error: type[Exception]) -> None:
    clock = Clock()
    with node(200, status) as address:
        client = patient(address, clock)
        client.ask("GET", "/")
        with pytest.raises(error):
            client.ask("GET", "/")
        client.close()
    assert clock.now == 0
