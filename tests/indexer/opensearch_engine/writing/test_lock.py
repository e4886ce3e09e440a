"""The lock of an index in a cluster: one builder at a time, and the next one where a builder is gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from secrets import token_hex

import pytest

from indexer.errors import IndexBusy
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.head import HEAD_INDEX, LOCK
from indexer.opensearch_engine.writing.lock import Lock
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import OPEN


@pytest.fixture
def client(cluster_hosts: str) -> Iterator[PatientClient]:
    """A client of an index without any document."""
    client = PatientClient(Address.of_url(f"opensearch://{cluster_hosts}/test-{token_hex(8)}"), OPEN)
    client.ask("PUT", f"/{client.address.name}", HEAD_INDEX)
    yield client
    client.ask("DELETE", f"/{client.address.name}")
    client.close()


def write(client: PatientClient, **fields: object) -> None:
    """Let the lock say something else."""
    client.ask("POST", f"/{client.address.name}/_update/{LOCK}", {"doc": fields})


def test_a_lock_that_was_given_up_leaves_nothing_and_one_that_leaves_something_says_so(client: PatientClient) -> None:
    first = Lock(client)
    assert first.is_clean
    first.release()
    second = Lock(client)
    assert second.is_clean
    second.release(leaves=True)
    third = Lock(client)
    assert not third.is_clean
    third.check()
    third.release()


def test_another_holder_is_named_by_process_and_machine(client: PatientClient) -> None:
    lock = Lock(client)
    with pytest.raises(IndexBusy, match=rf"process {os.getpid()} on "):
        Lock(client)
    lock.release()


def test_the_lock_of_a_process_that_has_died_on_this_machine_is_free_at_once(client: PatientClient) -> None:
    lock = Lock(client, lease=3600)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    write(client, pid=process.pid)
    other = Lock(client)
    assert not other.is_clean
    other.release()
    lock.release()


def test_the_lock_of_another_machine_is_free_when_its_time_is_over(client: PatientClient) -> None:
    lock = Lock(client, lease=3600)
    write(client, host="elsewhere")
    with pytest.raises(IndexBusy, match="on elsewhere"):
        Lock(client)
    write(client, until=0)
    Lock(client).release()
    lock.release()


@pytest.mark.parametrize("has_left", [False, True])
def test_a_build_that_slept_while_another_one_had_the_lock_knows_it(client: PatientClient, *, has_left: bool) -> None:
    now = 0.0
    lock = Lock(client, lease=3600, clock=lambda: now)
    lock.check()
    now = 4000.0
    lock.check()  # nobody has taken it
    write(client, until=0)
    other = Lock(client)
    if has_left:
        other.release()
    now = 9000.0
    with pytest.raises(IndexBusy, match="another one"):
        lock.check()
    lock.release()
    if not has_left:
        other.check()
        other.release()
